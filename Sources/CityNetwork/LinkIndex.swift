import CityBase

/// Finds the link nearest to a point, to give people and places their access to the road.
public struct LinkIndex: Sendable {
  /// Indexes the links of a network; `usable` (by link) leaves some out, such as those outside
  /// the largest connected part.
  public init(_ network: RoadNetwork, usable: [Bool]? = nil) {}

  /// The nearest place on a usable link within `maxDistance` metres, and how far away it is.
  public func nearest(to point: Point2, maxDistance: Double = 1000) -> (
    access: AccessPoint, distance: Double
  )? { nil }
}
