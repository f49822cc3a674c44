/// What a random number is for. The raw values are part of the file formats: never renumber.
public enum RandomPurpose: UInt64, Sendable, CaseIterable {
  case departureTime = 1
  case originZone = 2
  case destinationZone = 3
  case accessPoint = 4
  case driver = 5
  case routeChoice = 6
  case grantOrder = 7
  case vehicleClass = 8
  case tripPurpose = 9
  case cityLayout = 10
  case cityBuilding = 11
  case cityFacility = 12
  case cityPopulation = 13
  case policyObserver = 14
  case sampling = 15
  case parkingStay = 16
  case parkingChoice = 17
  case parkingKnowledge = 18
  case parkingAtStart = 19
  case doubleParking = 20
  case callTime = 21
  case callPlace = 22
  case callKind = 23
  case unitTurnout = 24
  case sceneTime = 25
  case transport = 26
  case handoverTime = 27
  case incidentLanes = 28
  case guidance = 29
  case demandThinning = 40
  case dawdling = 41
  case driverManner = 42
  case pedestrians = 43
}

/// Counter-based random numbers: a value is a function of (seed, purpose, who, which decision) and
/// never of the order in which anyone asks.
///
/// `who` is the input id of a trip, person or call, never a dense index; `ordinal` counts that
/// one's decisions for this purpose. The mixing is that of SplitMix64 (Steele, Lea, Flood 2014),
/// applied once for each word of the key.
public struct RandomStream: Sendable, Hashable {
  public let seed: UInt64
  @inlinable public init(seed: UInt64) { self.seed = seed }

  /// 64 random bits.
  @inlinable public func bits(_ purpose: RandomPurpose, _ who: UInt64, _ ordinal: UInt64 = 0)
    -> UInt64
  {
    draws(purpose, who).bits(ordinal)
  }

  /// All draws of one subject for one purpose: the same numbers, for less where they are many.
  @inlinable public func draws(_ purpose: RandomPurpose, _ who: UInt64) -> RandomDraws {
    var h = StableHash.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    h = StableHash.mix(h ^ (purpose.rawValue &* 0xD1B5_4A32_D192_ED03))
    return RandomDraws(state: StableHash.mix(h ^ who))
  }

  /// A number in [0, 1) with 53 random bits.
  @inlinable public func unit(_ purpose: RandomPurpose, _ who: UInt64, _ ordinal: UInt64 = 0)
    -> Double
  {
    draws(purpose, who).unit(ordinal)
  }

  /// A whole number in 0..<bound; 0 where the bound is not positive.
  @inlinable public func below(
    _ bound: Int, _ purpose: RandomPurpose, _ who: UInt64, _ ordinal: UInt64 = 0
  ) -> Int {
    guard bound > 0 else { return 0 }
    return Int(bits(purpose, who, ordinal).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal number: the sum of twelve uniform ones less six (exact in `+ -` alone,
  /// bounded at ±6, good to three standard deviations).
  public func normal(_ purpose: RandomPurpose, _ who: UInt64, _ ordinal: UInt64 = 0) -> Double {
    var sum = -6.0
    for i in 0..<12 { sum += unit(purpose, who, ordinal &* 16 &+ UInt64(i) &+ 0x1000_0000) }
    return sum
  }
}

/// The random numbers of one subject for one purpose, by their ordinals.
public struct RandomDraws: Sendable, Hashable {
  @usableFromInline let state: UInt64
  @inlinable init(state: UInt64) { self.state = state }

  /// 64 random bits.
  @inlinable public func bits(_ ordinal: UInt64) -> UInt64 {
    StableHash.mix(state &+ (ordinal &* 0x9E37_79B9_7F4A_7C15))
  }

  /// A number in [0, 1) with 53 random bits.
  @inlinable public func unit(_ ordinal: UInt64) -> Double {
    Double(bits(ordinal) >> 11) * 0x1p-53
  }
}

/// Hashes that are the same in every process, unlike `Hasher`.
public enum StableHash {
  /// Mixes one word (the finalizer of SplitMix64).
  @inlinable public static func mix(_ x: UInt64) -> UInt64 {
    var z = x
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The hash of a text's UTF-8 bytes (FNV-1a, mixed).
  public static func of(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { bytes in
      var h: UInt64 = 0xcbf2_9ce4_8422_2325
      for i in 0..<bytes.count { h = (h ^ UInt64(bytes[i])) &* 0x0000_0100_0000_01B3 }
      return mix(h)
    }
  }

  /// The hash of some bytes (FNV-1a, mixed).
  public static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var h: UInt64 = 0xcbf2_9ce4_8422_2325
    for b in bytes { h = (h ^ UInt64(b)) &* 0x0000_0100_0000_01B3 }
    return mix(h)
  }
}
