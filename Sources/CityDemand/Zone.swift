import CityBase
import CityNetwork

/// Which side of a trip an access point is drawn for.
public enum TripEnd: UInt8, Sendable {
  /// Where people live.
  case home = 0
  /// Where they work, learn, shop or visit.
  case activity = 1
}

/// A part of the city that trips start from and end in.
public struct Zone: Sendable {
  /// The sub-district's or district's own id, or `cell-COLUMN-ROW` of a grid.
  public var externalID: String
  public var name: String
  /// The middle of its access points, metres of the working CRS.
  public var center: Point2
  /// Square metres.
  public var area: Double
  /// People who live here; an estimate where the city does not say.
  public var population: Double
  /// Pull on trips of each purpose, in the order of `TripPurpose`; in jobs or what counts alike.
  public var attraction: [Double]
  /// Where trips can begin and end, at least one.
  public var accessPoints: [AccessPoint]
  /// Positions of `accessPoints`.
  public var accessPositions: [Point2]
  /// The access point nearest to the middle of all that is here: stands for the zone in skims.
  public var representative: Int
  let homeChoice: WeightedChoice
  let activityChoice: WeightedChoice

  /// The access point that a random number in [0, 1) falls on; nil in a zone without any.
  public func accessPoint(_ unit: Double, at end: TripEnd) -> Int? {
    let choice = end == .home ? homeChoice : activityChoice
    return choice.pick(unit).flatMap { accessPoints.indices.contains($0) ? $0 : nil }
  }

  /// Pull on trips of one purpose.
  public func attraction(for purpose: TripPurpose) -> Double {
    let i = Int(purpose.rawValue)
    return attraction.indices.contains(i) ? attraction[i] : 0
  }
}

/// All zones of a city, sorted by external id, each with at least one access point.
public struct ZoneSystem: Sendable {
  public let zones: Column<ZoneID, Zone>
  /// Whether the populations come from the city's own figures rather than from floor area or roads.
  public let populationIsKnown: Bool
  private let zoneOfExternalID: [String: ZoneID]
  private let zoneOfName: [String: ZoneID]

  /// Sorts the zones by id; of two with the same id the first is kept.
  public init(_ zones: [Zone], populationIsKnown: Bool = false) {
    var byID: [String: ZoneID] = [:]
    var byName: [String: ZoneID] = [:]
    var kept = Column<ZoneID, Zone>()
    let order = zones.indices.sorted { a, b in
      zones[a].externalID != zones[b].externalID
        ? zones[a].externalID < zones[b].externalID : a < b
    }
    for i in order where byID[zones[i].externalID] == nil {
      let id = kept.append(zones[i])
      byID[zones[i].externalID] = id
      // A name that two zones share means neither.
      byName[zones[i].name] = byName[zones[i].name] == nil ? id : ZoneID.none
    }
    self.zones = kept
    self.populationIsKnown = populationIsKnown
    zoneOfExternalID = byID
    zoneOfName = byName
  }

  public var count: Int { zones.count }
  /// People in all zones.
  public var population: Double { zones.values.reduce(0) { $0 + $1.population } }

  /// The zone with this id, or else the only one with this name.
  public func zone(_ text: String) -> ZoneID? {
    if let id = zoneOfExternalID[text] { return id }
    return zoneOfName[text].flatMap { $0.isSome ? $0 : nil }
  }
}
