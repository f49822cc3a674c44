import CityBase
import XCTest

final class RandomStreamTests: XCTestCase {
  let random = RandomStream(seed: 42)

  /// Pearson's statistic of draws that should fill all bins evenly, in standard deviations from
  /// its mean (n - 1 degrees of freedom: mean n - 1, variance 2 (n - 1)).
  func deviation(of counts: [Int]) -> Double {
    let total = Double(counts.reduce(0, +))
    let expected = total / Double(counts.count)
    let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) }
    let degrees = Double(counts.count - 1)
    return (statistic / expected - degrees) / (2 * degrees).squareRoot()
  }

  func testUniformAlongEveryPartOfTheKey() {
    let draws: [(name: String, draw: (UInt64) -> Double)] = [
      ("who", { self.random.unit(.driver, $0) }),
      ("ordinal", { self.random.unit(.driver, 7, $0) }),
      ("seed", { RandomStream(seed: $0).unit(.driver, 7) }),
      ("who in high bits", { self.random.unit(.driver, $0 << 40) }),
    ]
    for (name, draw) in draws {
      var counts = [Int](repeating: 0, count: 256)
      var pairs = counts
      var previous = draw(0)
      for i in 1...100_000 {
        let u = draw(UInt64(i))
        XCTAssert(u >= 0 && u < 1)
        counts[Int(u * 256)] += 1
        // Neighbouring keys must not lean on each other either.
        pairs[Int(previous * 16) * 16 + Int(u * 16)] += 1
        previous = u
      }
      XCTAssertLessThan(abs(deviation(of: counts)), 5, name)
      XCTAssertLessThan(abs(deviation(of: pairs)), 5, "\(name), in pairs")
    }
  }

  func testPurposesAreApart() {
    var seen: Set<UInt64> = []
    for purpose in RandomPurpose.allCases {
      for who in 0..<1000 { seen.insert(random.bits(purpose, UInt64(who))) }
    }
    XCTAssertEqual(seen.count, RandomPurpose.allCases.count * 1000)
    XCTAssertEqual(Set(RandomPurpose.allCases.map(\.rawValue)).count, RandomPurpose.allCases.count)
  }

  func testOneBitOfTheKeyChangesHalfOfTheBits() {
    for bit in 0..<64 {
      var flipped = 0
      for who in 0..<200 {
        let key = StableHash.mix(UInt64(who))
        let change = random.bits(.driver, key) ^ random.bits(.driver, key ^ (1 << UInt64(bit)))
        flipped += change.nonzeroBitCount
      }
      // 12,800 fair coins have a standard deviation of 57.
      XCTAssertEqual(Double(flipped), 6400, accuracy: 57 * 5, "bit \(bit)")
    }
  }

  func testTheOrderOfAskingDoesNotMatter() {
    let forwards = (0..<100).map { random.bits(.routeChoice, UInt64($0)) }
    _ = random.bits(.driver, 3)
    let backwards = (0..<100).reversed().map { random.bits(.routeChoice, UInt64($0)) }
    XCTAssertEqual(forwards, backwards.reversed())
  }

  func testWholeNumbersBelowABound() {
    var counts = [Int](repeating: 0, count: 7)
    for i in 0..<70_000 { counts[random.below(7, .accessPoint, UInt64(i))] += 1 }
    XCTAssertLessThan(abs(deviation(of: counts)), 5)
    XCTAssertEqual(random.below(0, .accessPoint, 1), 0)
    XCTAssertEqual(random.below(-3, .accessPoint, 1), 0)
    XCTAssertEqual(random.below(1, .accessPoint, 1), 0)
    let far = (0..<100).map { random.below(.max, .accessPoint, UInt64($0)) }
    XCTAssert(far.allSatisfy { $0 >= 0 } && far.contains { $0 > Int.max / 2 })
  }

  func testNormalNumbers() {
    let n = 50_000
    var sum = 0.0
    var squares = 0.0
    var withinOne = 0
    for i in 0..<n {
      let z = random.normal(.driver, UInt64(i))
      XCTAssertLessThanOrEqual(abs(z), 6)
      sum += z
      squares += z * z
      if abs(z) < 1 { withinOne += 1 }
    }
    XCTAssertEqual(sum / Double(n), 0, accuracy: 0.02)
    XCTAssertEqual(squares / Double(n), 1, accuracy: 0.03)
    XCTAssertEqual(Double(withinOne) / Double(n), 0.6827, accuracy: 0.01)
  }

  /// The first numbers of SplitMix64 from the seed 1234567, as published with the reference code.
  func testTheMixIsThatOfSplitMix64() {
    let published: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    var state: UInt64 = 1_234_567
    for value in published {
      state &+= 0x9E37_79B9_7F4A_7C15
      XCTAssertEqual(StableHash.mix(state), value)
    }
  }

  /// FNV-1a of "a" and "foobar" from its authors' table of test vectors.
  func testTextHashesAreMixedFNV() {
    XCTAssertEqual(StableHash.of(""), StableHash.mix(0xcbf2_9ce4_8422_2325))
    XCTAssertEqual(StableHash.of("a"), StableHash.mix(0xaf63_dc4c_8601_ec8c))
    XCTAssertEqual(StableHash.of("foobar"), StableHash.mix(0x8594_4171_f739_67e8))
  }
}
