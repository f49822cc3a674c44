import CityBase

/// The draws of one thing of the city: a block, a street, a building.
struct KeyedDraws {
  let random: RandomStream
  let purpose: RandomPurpose
  let who: UInt64

  init(_ random: RandomStream, _ purpose: RandomPurpose, _ keys: Int...) {
    self.random = random
    self.purpose = purpose
    var h: UInt64 = 0x6369_7479
    for k in keys { h = StableHash.mix(h ^ UInt64(bitPattern: Int64(k))) }
    who = h
  }

  /// A number in [0, 1).
  func unit(_ ordinal: Int) -> Double { random.unit(purpose, who, UInt64(ordinal)) }
  func between(_ a: Double, _ b: Double, _ ordinal: Int) -> Double { a + (b - a) * unit(ordinal) }
  func below(_ bound: Int, _ ordinal: Int) -> Int {
    random.below(bound, purpose, who, UInt64(ordinal))
  }
  func happens(_ share: Double, _ ordinal: Int) -> Bool { unit(ordinal) < share }
}
