import CityBase
import CityDemand
import CityNetwork

/// The trips of a run with the way each begins with.
public struct TrafficDemand: Sendable {
  /// Sorted by departure, then name.
  public var trips: [Trip]
  /// By trip: where its links begin in `links`, and how many there are (1 or more).
  public var routeFirst: [Int32]
  public var routeCount: [Int32]
  /// The links of all routes; equal routes may share their place.
  public var links: [LinkID]
  /// By trip: seconds from origin to destination at the limits, alone on the road.
  public var freeFlowSeconds: [Float]

  /// The columns must have one entry for each trip, and every route must lead from the link of the
  /// trip's origin to that of its destination.
  public init(
    trips: [Trip], routeFirst: [Int32], routeCount: [Int32], links: [LinkID],
    freeFlowSeconds: [Float]
  ) {
    self.trips = trips
    self.routeFirst = routeFirst
    self.routeCount = routeCount
    self.links = links
    self.freeFlowSeconds = freeFlowSeconds
  }
}
