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
}

/// Makes different people see different routes: every link's time is scaled by a factor that
/// depends on the person and the link alone.
public struct RoutePerturbation: Sendable {
  public var random: RandomStream
  /// The stable key of the trip or person.
  public var key: UInt64
  /// The largest deviation: 0.15 gives factors from 0.85 to 1.15.
  public var spread: Double

  public init(random: RandomStream, key: UInt64, spread: Double = 0.15) {
    self.random = random
    self.key = key
    self.spread = min(0.9, max(0, spread))
  }

  /// The factor for a link with this stable hash.
  @inlinable func factor(_ linkHash: UInt64) -> Double {
    1 + spread * (2 * random.unit(.routeChoice, key, linkHash) - 1)
  }
}
