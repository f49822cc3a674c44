import CityBase

/// A column of travel times by link, as shortest paths take it: whole milliseconds, and
/// `Int32.max` for a link that may not be entered.
public enum LinkCosts {
  /// The cost of a link that may not be entered.
  public static let closed = Int32.max

  /// The times at the speed limits.
  public static func freeFlow(_ network: RoadNetwork) -> [Int32] {
    (0..<network.linkCount).map { l in
      milliseconds(
        length: network.linkLength[LinkID(l)], speed: network.linkSpeedLimit[LinkID(l)])
    }
  }

  /// The time over a length in metres at a speed in metres per second, at least 1 ms and at most
  /// a day.
  public static func milliseconds(length: Float, speed: Float) -> Int32 {
    let ms = (Double(length) / max(0.1, Double(speed)) * 1000).rounded()
    return ms.isFinite ? Int32(min(86_400_000, max(1, ms))) : 86_400_000
  }

  /// A cost times a factor from 0.1 to 1.9, to the nearest millisecond; a closed link stays closed.
  @inline(__always) static func scaled(_ cost: Int32, by factor: Double) -> Int32 {
    if cost == closed { return closed }
    let exact = min(2e9, max(0, Double(cost) * factor))
    // As `rounded()`, without the call into the C library.
    let whole = Int32(exact)
    return exact - Double(whole) >= 0.5 ? whole + 1 : whole
  }
}

/// Makes different people see different routes: every link's time is scaled by a factor that
/// depends on the person and the link alone.
public struct RoutePerturbation: Sendable {
  /// The largest deviation: 0.15 gives factors from 0.85 to 1.15.
  public let spread: Double
  private let draws: RandomDraws

  /// `key` is the stable key of the trip or person; a spread beyond 0 to 0.9 is drawn in.
  public init(random: RandomStream, key: UInt64, spread: Double = 0.15) {
    self.spread = min(0.9, max(0, spread))
    draws = random.draws(.routeChoice, key)
  }

  /// No factor is lower.
  var least: Double { 1 - spread }

  /// The factor for a link with this stable hash.
  @inline(__always) func factor(_ linkHash: UInt64) -> Double {
    1 + spread * (2 * draws.unit(linkHash) - 1)
  }
}
