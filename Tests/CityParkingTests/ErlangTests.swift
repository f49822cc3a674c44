import CityBase
import CityDemand
import CityParking
import XCTest

/// One facility with c bays, arrivals of a Poisson process, stays of whatever distribution, and
/// everyone who is refused gone: the share of the refused is Erlang's B (Erlang 1917).
final class ErlangTests: XCTestCase {
  static let bays = 20
  static let meanStay = 600.0
  /// Seconds between arrivals.
  static let meanGap = 600.0 / 18
  #if DEBUG
    static let arrivals = 8_000
  #else
    static let arrivals = 100_000
  #endif

  func testRefusalsFollowErlangsFormula() {
    // A bay is taken when its driver comes upon the facility, a tick before he stands in it, and
    // stays are rounded up to whole ticks of a second, by half of one in the mean.
    let held = Self.meanStay + 1.5
    let expected = Self.erlangB(servers: Self.bays, offered: held / Self.meanGap)
    XCTAssertEqual(
      Self.erlangB(servers: 2, offered: 1), 0.2, accuracy: 1e-12, "1/2 / (1 + 1 + 1/2)")
    for seed in 1...5 as ClosedRange<UInt64> {
      let refused = Self.refusals(seed: seed)
      let (mean, error) = Self.batchMeans(refused.dropFirst(refused.count / 20))
      let z = (mean - expected) / error
      print("seed \(seed): \(mean) refused, \(expected) by Erlang, z \(z)")
      XCTAssertLessThan(abs(z), 3.5, "seed \(seed): \(mean) against \(expected)")
      // The test must be able to tell: half a car more or less would be seen.
      XCTAssertLessThan(error, 0.01)
    }
  }

  /// Whether each of the arrivals was refused, in order.
  private static func refusals(seed: UInt64) -> [Bool] {
    let random = RandomStream(seed: seed)
    var time = 0.0
    var trips: [Trip] = []
    trips.reserveCapacity(arrivals)
    for i in 0..<arrivals {
      time -= meanGap * PortableMath.log(1 - random.unit(.departureTime, UInt64(i)))
      trips.append(ParkingRun.trip("\(i)", at: Int64(time * 1000), to: 3))
    }
    let settings = ParkingRun.emptySettings {
      $0.maxTries = 1
      $0.doubleParking.share = 0
      $0.stays.form = .exponential
      $0.stays.meanMilliseconds = $0.stays.meanMilliseconds.map { _ in Int64(meanStay * 1000) }
    }
    let run = ParkingRun(
      supply: [ParkingRun.facility("only", link: 3, bays: bays)], settings: settings, trips: trips,
      seed: seed)
    run.step(until: Tick(time) + 10)
    let rows = run.rows
    return trips.map { rows[$0.name]?.last == .text("gave_up") }
  }

  /// The mean and its standard error, from thirty batches.
  private static func batchMeans(_ values: ArraySlice<Bool>) -> (mean: Double, error: Double) {
    let batches = 30
    let size = values.count / batches
    let means = (0..<batches).map { batch in
      let part = values.dropFirst(batch * size).prefix(size)
      return Double(part.count { $0 }) / Double(size)
    }
    let mean = means.reduce(0, +) / Double(batches)
    let variance =
      means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches * (batches - 1))
    return (mean, variance.squareRoot())
  }

  /// By the usual recursion over the number of servers.
  private static func erlangB(servers: Int, offered: Double) -> Double {
    (1...servers).reduce(1.0) { b, n in offered * b / (Double(n) + offered * b) }
  }
}
