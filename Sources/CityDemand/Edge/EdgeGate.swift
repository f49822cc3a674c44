import CityBase
import CityNetwork

/// A link that the edge of the city cuts, as demand sees it: traffic begins or ends there.
public struct EdgeGate: Sendable {
  public var externalID: String
  /// Whether traffic comes in here; else it goes out.
  public var isInbound: Bool
  public var link: LinkID
  public var roadClass: RoadClass
  /// Vehicles in the busiest hour of the day, above 0.
  public var volume: Double
  /// Share of them that pass through the city, 0 to 1.
  public var throughShare: Double

  public init(
    externalID: String, isInbound: Bool, link: LinkID, roadClass: RoadClass, volume: Double,
    throughShare: Double
  ) {
    self.externalID = externalID
    self.isInbound = isInbound
    self.link = link
    self.roadClass = roadClass
    self.volume = volume
    self.throughShare = throughShare
  }

  /// A gate with what is usual for its class in a city of so many people.
  public init(
    externalID: String, isInbound: Bool, link: LinkID, in network: RoadNetwork, population: Double
  ) {
    let roadClass = network.linkClass[link]
    let lanes = Double(network.laneCount(of: link, for: .car))
    self.init(
      externalID: externalID, isInbound: isInbound, link: link, roadClass: roadClass,
      volume: GateDefaults.capacityPerLane(roadClass) * lanes * GateDefaults.peakUse(roadClass),
      throughShare: GateDefaults.throughShare(roadClass, population: population))
  }

  /// Where trips begin or end: at the edge, from where they come in on all lanes.
  func place(in network: RoadNetwork) -> AccessPoint {
    let length = network.linkLength[link]
    return AccessPoint(
      link: link, offset: isInbound ? min(length * 0.5, 5) : max(length * 0.5, length - 5))
  }

  /// Where the road meets the edge.
  func position(in network: RoadNetwork) -> Point2 {
    let points = network.points(of: link)
    return (isInbound ? points.first : points.last) ?? Point2(0, 0)
  }

  /// The direction of travel over the edge, from the first or last 200 m of the link.
  func heading(in network: RoadNetwork) -> Point2 {
    let points = Array(network.points(of: link))
    let drawn = Polyline.length(points)
    guard drawn > 0 else { return Point2(1, 0) }
    let reach = min(200, drawn)
    let from = Polyline.locate(points, at: isInbound ? 0 : drawn - reach).point
    let to = Polyline.locate(points, at: isInbound ? reach : drawn).point
    return (to - from).normalized
  }
}
