import CityBase

/// How full the roads of a city are to be: the mean of volume over capacity on the busiest tenth of
/// its roads, where that of a road is the one of its fullest lane or at the next place where those who
/// stay on it may have to stop (`StreetSegments`).
public struct LoadTarget: Sendable, Hashable {
  /// 0 to 2.
  public var volumeOverCapacity: Double

  public static let range = 0.0...2.0
  /// A quiet hour: nobody waits for others but at signals.
  public static let light = LoadTarget(volumeOverCapacity: 0.3)
  /// A usual peak, where queues clear with every cycle: the middle of 0.5 to 0.7.
  public static let moderate = LoadTarget(volumeOverCapacity: 0.6)
  /// A peak at which the busiest approaches are at their capacity.
  public static let heavy = LoadTarget(volumeOverCapacity: 0.9)

  public static let words = ["light", "moderate", "heavy"]

  /// Volume over capacity beyond which a movement gets no more traffic. Beyond 0.85 the queues of
  /// random arrivals grow fast (Highway Capacity Manual 2000, chapter 16); 0.15 less is kept in
  /// reserve for what capacities of single junctions do not know: signals of neighbours that are not
  /// timed together, and queues that reach back to the next junction. More where the load itself is
  /// beyond moderate.
  var fullestMovement: Double {
    0.7 * max(1, volumeOverCapacity / Self.moderate.volumeOverCapacity)
  }
  /// The same for what comes in over the edge, where nobody can go another way: 0.55.
  var fullestEntry: Double { 0.55 * max(1, volumeOverCapacity / Self.moderate.volumeOverCapacity) }

  public init(volumeOverCapacity: Double) {
    self.volumeOverCapacity = min(
      Self.range.upperBound, max(0, volumeOverCapacity.isFinite ? volumeOverCapacity : 0))
  }

  /// The target with this word; nil for others.
  public init?(word: String) {
    switch word {
    case "light": self = .light
    case "moderate": self = .moderate
    case "heavy": self = .heavy
    default: return nil
    }
  }
}

/// How full the busiest roads are.
public enum BusiestLinks {
  /// Links with less, in vehicles an hour, do not count as carrying traffic.
  public static let leastVolume = 1.0
  /// Share of the length of all links that carry traffic.
  public static let share = 0.1

  /// The mean of volume over capacity on the busiest tenth of the links that carry traffic, both
  /// counted by length: networks hold very many short links between stop lines, which would
  /// otherwise be most of any tenth. 0 where nothing carries traffic. Volumes are vehicles an hour
  /// by link, lengths metres; links whose use is not a number are left out.
  public static func meanUse(_ uses: [Double], volumes: [Double], lengths: [Float]) -> Double {
    guard volumes.count == uses.count, volumes.count == lengths.count else { return 0 }
    var links: [(use: Double, meters: Double, index: Int)] = []
    var total = 0.0
    for l in volumes.indices
    where volumes[l] >= leastVolume && uses[l].isFinite && lengths[l] > 0 {
      let meters = Double(lengths[l])
      links.append((uses[l], meters, l))
      total += meters
    }
    links.sort { $0.use != $1.use ? $0.use > $1.use : $0.index < $1.index }
    var left = total * share
    let tenth = left
    var sum = 0.0
    for link in links where left > 0 {
      let meters = min(link.meters, left)
      sum += link.use * meters
      left -= meters
    }
    return tenth > 0 ? sum / tenth : 0
  }
}
