import CityBase
import CityNetwork

/// The time on a link as a function of its volume: at the limit, plus the wait in the queue at its
/// end as the Highway Capacity Manual 2000 has it (equations 16-9 to 16-12).
///
/// The uniform delay grows from its value in the empty network (which `TurnGraph` charges already)
/// by 1 / (1 - min(1, x) g/C); the incremental delay is 900 T ((x - 1) + sqrt((x - 1)² + 8 k x / (c T)))
/// with x = volume over capacity c, k = 0.5 and T hours of such traffic. It keeps growing above
/// capacity, by half of T for every whole capacity in excess. Without a signal only the latter counts,
/// as for Akçelik's (1991) function. It uses no more than `sqrt`, and never falls with the volume.
public struct VolumeDelay: Sendable {
  /// How long the volumes last, in hours: above 0.
  public var hours: Double

  public init(hours: Double = 1) { self.hours = max(0.05, min(24, hours)) }

  /// Seconds of congestion that one more vehicle meets, 0 at no volume.
  public func seconds(volume: Double, capacity: Double, greenShare: Double, cycleSeconds: Double)
    -> Double
  {
    guard volume > 0, capacity > 0 else { return 0 }
    let x = volume / capacity
    let excess = x - 1
    let incremental =
      900 * hours * (excess + (excess * excess + 4 * x / (capacity * hours)).squareRoot())
    guard cycleSeconds > 0, greenShare < 1 else { return incremental }
    let red = 1 - greenShare
    let empty = 0.5 * cycleSeconds * red * red
    return incremental + empty / (1 - min(1, x) * greenShare) - empty
  }

  /// The times of all links in milliseconds, at most `LinkCosts.closed` - 1.
  func milliseconds(_ freeFlow: [Int32], _ capacity: LinkCapacity, volumes: [Double]) -> [Int32] {
    freeFlow.indices.map { l in
      if freeFlow[l] == LinkCosts.closed { return LinkCosts.closed }
      let extra = seconds(
        volume: volumes[l], capacity: capacity.vehiclesPerHour[l],
        greenShare: capacity.greenShare[l], cycleSeconds: capacity.cycleSeconds[l])
      return Int32(min(86_400_000, (Double(freeFlow[l]) + extra * 1000).rounded()))
    }
  }
}
