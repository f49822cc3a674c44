import CityBase
import CityNetwork

/// Which links trips may begin and end on, and where along them.
public struct AccessRule: Sendable {
  /// The most important road that has doors on it.
  public var highestClass = RoadClass.primary
  /// The least important one.
  public var lowestClass = RoadClass.residential
  /// Shorter links are left out, because a car needs room to pull in. Metres.
  public var minimumLength: Float = 20
  /// One access point for about so many metres of link.
  public var spacing = 50.0

  public init() {}

  /// True for each link a car may start from or stop on: open to cars, neither bridge, tunnel
  /// nor roundabout, of a fitting class, and in the part of the network where every place can reach
  /// every other (`isConnected`). Where a network has no such link (a campus of service roads),
  /// the classes are widened first, then everything else but the connection.
  public func links(in network: RoadNetwork, isConnected: (LinkID) -> Bool)
    -> Column<LinkID, Bool>
  {
    func column(_ test: (LinkID) -> Bool) -> Column<LinkID, Bool>? {
      let values: [Bool] = (0..<network.linkCount).map { index in
        let link = LinkID(index)
        return network.linkAccess[link].contains(.car) && network.linkLength[link] > 0
          && isConnected(link) && test(link)
      }
      return values.contains(true) ? Column(values) : nil
    }
    func isPlain(_ link: LinkID) -> Bool {
      !network.linkIsBridge[link] && !network.linkIsTunnel[link]
        && !network.linkIsRoundabout[link]
        && network.linkLength[link] >= minimumLength
    }
    let fitting = column {
      isPlain($0) && network.linkClass[$0] >= highestClass && network.linkClass[$0] <= lowestClass
    }
    return fitting ?? column { isPlain($0) && network.linkClass[$0] >= highestClass }
      ?? column(isPlain) ?? column { _ in true }
      ?? Column(repeating: false, count: network.linkCount)
  }
}

/// All places along the links of a network where trips may begin or end.
struct AccessCandidates: Sendable {
  var points: [AccessPoint] = []
  /// Metres of the working CRS.
  var positions: [Point2] = []
  /// The metres of link that each one stands for.
  var meters: [Double] = []

  var count: Int { points.count }

  init(network: RoadNetwork, allowed: Column<LinkID, Bool>, spacing: Double) {
    for link in allowed.ids where allowed[link] {
      let length = Double(network.linkLength[link])
      let chain = network.points(of: link)
      let drawn = Polyline.length(chain)
      guard length > 0, length < 1e7, drawn.isFinite, !chain.isEmpty else { continue }
      let n = max(1, Int(length / max(1, spacing)))
      let part = length / Double(n)
      for k in 0..<n {
        let offset = (Double(k) + 0.5) * part
        points.append(AccessPoint(link: link, offset: Float(offset)))
        positions.append(Polyline.locate(chain, at: offset / length * drawn).point)
        meters.append(part)
      }
    }
  }
}
