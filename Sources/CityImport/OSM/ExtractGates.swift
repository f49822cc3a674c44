import CityBase
import CityDemand
import CityModel
import CityNetwork
import CitySpatial

/// Finds where the edge of an extract cuts roads, and makes gates of them.
enum ExtractGates {
  /// Metres within which the end of a road must lie from where the extract is known to cut roads:
  /// junctions at the end of a road are where its last node is, up to trimming.
  static let reach = 30.0
  /// The least important road that traffic over the edge is expected on.
  static let lowestClass = RoadClass.residential
  /// Ends of roads of these classes count wherever they lie, because they hardly ever end in the
  /// middle of a country: extracts are also cut along borders.
  static let lowestClassAnywhere = RoadClass.primary
  /// The same where nothing tells the edge.
  static let lowestClassOfUnknownEdge = RoadClass.secondary
  /// Metres within which of a known edge the end of a road of `lowestClassNearEdge` counts: what
  /// comes next may lie outside as a whole, so that the end is inside.
  static let edgeReach = 200.0
  static let lowestClassNearEdge = RoadClass.tertiary

  /// Adds a gate to a draft for every link that begins or ends at the edge and has a way to or from
  /// the connected part of the network.
  static func add(
    to draft: inout CityDraft, _ network: RoadNetwork, cutOff: CutOff,
    diagnostics: inout Diagnostics
  ) {
    let cuts = draft.evidence.filter { $0.cause == .extractEdge }.map(\.place)
    let index = HilbertRTree(cuts.map { Box2(min: $0, max: $0) })
    let ring = draft.edge.isEmpty ? [] : draft.edge + [draft.edge[0]]
    let ways = WaysToAndFrom(cutOff, linkCount: network.linkCount)
    var count = 0
    for l in 0..<network.linkCount {
      let link = LinkID(l)
      let roadClass = network.linkClass[link]
      guard network.linkAccess[link].contains(.car), roadClass <= lowestClass else { continue }
      for direction in Gate.Direction.allCases {
        let isIn = direction == .in
        let junction = isIn ? network.linkFrom[link] : network.linkTo[link]
        guard isIn ? ways.leadsIn[l] : ways.canBeReached[l],
          isEnd(junction, of: link, isStart: isIn, network)
        else { continue }
        let place = network.junctionPosition[junction]
        let isMain =
          roadClass <= (cuts.isEmpty ? lowestClassOfUnknownEdge : lowestClassAnywhere)
        let isCut =
          isMain
          || index.nearest(
            place, maxResults: 1, maxDistance: reach, distance: { cuts[$0].distance(to: place) }
          ).first != nil
          || roadClass <= lowestClassNearEdge && !ring.isEmpty
            && Polyline.project(place, onto: ring).distance <= edgeReach
        guard isCut else { continue }
        draft.entities.append(entity(link, direction, at: place, network))
        count += 1
      }
    }
    if cuts.isEmpty && count > 0 {
      diagnostics.note(
        "gates-assumed",
        "nothing tells where the extract was cut; \(count) ends of main roads are taken as gates")
    }
  }

  /// Whether a junction is nothing but the end of one road, or one-way roads end or begin there.
  private static func isEnd(
    _ junction: JunctionID, of link: LinkID, isStart: Bool, _ network: RoadNetwork
  ) -> Bool {
    let back = network.linkReverse[link]
    let approaches = network.approaches(of: junction).map { LinkID($0) }
    let departures = network.departures(of: junction)
    return isStart
      ? approaches.isEmpty || departures.count == 1 && approaches.allSatisfy { $0 == back }
      : departures.isEmpty || approaches.count == 1 && departures.allSatisfy { $0 == back }
  }

  private static func entity(
    _ link: LinkID, _ direction: Gate.Direction, at place: Point2, _ network: RoadNetwork
  ) -> DraftEntity {
    let id = network.linkExternalID[link]
    let roadClass = network.linkClass[link]
    let capacity =
      GateDefaults.capacityPerLane(roadClass) * Double(network.lanes(of: link).count)
    var properties: [Property] = []
    if !network.linkName[link].isEmpty {
      properties.append(Property("name", .text(network.linkName[link])))
    }
    properties += [
      Property("link", .text(id)), Property("direction", .text(direction.rawValue)),
      Property("class", .text("\(roadClass)")),
      Property("capacity_veh_h", .number(capacity, decimals: 0)),
    ]
    return DraftEntity(
      kind: .gate, id: "\(direction.rawValue)-\(id)", shape: .point(place), properties: properties)
  }
}

/// Which links have a way to the connected part of a network, and which a way from it.
private struct WaysToAndFrom {
  var leadsIn: [Bool]
  var canBeReached: [Bool]

  init(_ cutOff: CutOff, linkCount: Int) {
    let connected = (0..<linkCount).map {
      cutOff.isConnected.indices.contains($0) && cutOff.isConnected[$0]
    }
    leadsIn = connected
    canBeReached = connected
    for part in cutOff.parts {
      for link in part.links where link.index < linkCount {
        leadsIn[link.index] = leadsIn[link.index] || part.canBeLeft
        canBeReached[link.index] = canBeReached[link.index] || part.canBeReached
      }
    }
  }
}
