import CityBase
import CityNetwork
import CityText

/// The vehicles of a SUMO demand as rows of a trip table.
struct SUMOTrips {
  struct Row {
    var id: String
    /// Milliseconds after midnight of SUMO's first day.
    var departure: Int64
    var type: String
    var origin: AccessPoint
    var destination: AccessPoint
    /// The links to be driven, as given; empty where the way is looked for.
    var route: [LinkID]
  }

  var rows: [Row] = []
  private let demand: SUMODemand
  private let network: RoadNetwork
  /// The ways of each class of vehicles met so far, by its access.
  private var ways: [UInt16: ClassWays] = [:]
  private let costs: [Int32]
  private let linkOfEdge: [String: LinkID]
  /// Edges that are part of a junction: whoever drives over them drives over it.
  private let absorbedEdges: [String: SUMORoads.StandIns]
  private var seen: Set<String> = []
  /// Routes that have been looked up or found broken, by their edges.
  private var known: [String: Answer] = [:]

  /// Where a class of vehicles may drive.
  private struct ClassWays {
    let graph: TurnGraph
    var paths: ShortestPaths

    init(_ network: RoadNetwork, _ access: Access) {
      graph = TurnGraph(network, for: access)
      paths = ShortestPaths(network, graph)
    }
  }

  private enum Answer {
    case links([LinkID])
    case missing(String)
  }

  /// Classes of vehicles that drive as cars here.
  static let drivable: Set<String> = [
    "passenger", "private", "taxi", "evehicle", "hov", "vip", "authority", "army", "emergency",
    "delivery", "truck", "trailer", "bus", "coach", "motorcycle", "moped", "custom1", "custom2",
    "ignoring",
  ]

  init(
    _ demand: SUMODemand, _ network: RoadNetwork, absorbedEdges: [String: SUMORoads.StandIns] = [:],
    untaken: inout Untaken
  ) {
    self.demand = demand
    self.absorbedEdges = absorbedEdges
    self.network = network
    costs = LinkCosts.freeFlow(network)
    var byID: [String: LinkID] = [:]
    for link in network.linkFrom.ids { byID[network.linkExternalID[link]] = link }
    linkOfEdge = byID
    for entry in demand.entries { add(entry, &untaken) }
    rows.sort { ($0.departure, $0.id) < ($1.departure, $1.id) }
  }

  // MARK: - Vehicles

  private mutating func add(_ entry: SUMODemand.Entry, _ untaken: inout Untaken) {
    guard let flow = entry.flow else {
      return add(entry, named: entry.id, at: entry.departure, &untaken)
    }
    let room = SUMOFlowTimes.most - rows.count
    let times = SUMOFlowTimes.departures(flow, id: entry.id, limit: room)
    if times.count == room {
      untaken.add(
        "vehicles beyond the first \(SUMOFlowTimes.most)", "left out", example: entry.id)
    }
    for (i, time) in times.enumerated() {
      add(entry, named: "\(entry.id).\(i)", at: time, &untaken)
    }
  }

  private mutating func add(
    _ entry: SUMODemand.Entry, named id: String, at departure: Int64, _ untaken: inout Untaken
  ) {
    guard seen.insert(id).inserted else {
      return untaken.add("vehicles whose id was there before", "left out", example: id)
    }
    let key = StableHash.of(id)
    guard let type = type(of: entry, key, &untaken, id) else { return }
    let access = type.map { SUMOVehicleTypes.access($0.vehicleClass) } ?? .car
    let links: [LinkID]
    switch answer(entry, key, access) {
    case .missing(let reason): return untaken.add("vehicles \(reason)", "left out", example: id)
    case .links(let found): links = found
    }
    guard let first = links.first, let last = links.last else { return }
    let isSearched: Bool
    if case .search(_, let via, _) = entry.way {
      isSearched = via.isEmpty
    } else {
      isSearched = false
    }
    let origin = AccessPoint(
      link: first,
      offset: place(entry.departPosition, on: first, usual: Float(type?.length ?? 5)))
    let destination = AccessPoint(
      link: last,
      offset: place(entry.arrivalPosition, on: last, usual: network.linkLength[last]))
    guard links.count > 1 || isSearched || origin.offset < destination.offset else {
      return untaken.add(
        "vehicles that end before they begin", "on one edge; left out", example: id)
    }
    guard origin != destination else {
      return untaken.add("vehicles that end where they begin", "left out", example: id)
    }
    rows.append(
      Row(
        id: id, departure: departure, type: type?.id ?? "", origin: origin,
        destination: destination, route: isSearched ? [] : links))
  }

  /// Metres from the start of a link; below 0 they count from its end.
  private func place(_ position: Double?, on link: LinkID, usual: Float) -> Float {
    let length = network.linkLength[link]
    guard let position, position.isFinite else { return min(usual, length) }
    let offset = position < 0 ? Double(length) + position : position
    return Float(max(0, min(Double(length), offset)))
  }

  /// The type that a vehicle has, nil within where the files do not define it; nil where its class
  /// does not drive here.
  private mutating func type(
    of entry: SUMODemand.Entry, _ key: UInt64, _ untaken: inout Untaken, _ id: String
  ) -> SUMODemand.VehicleType?? {
    var name = entry.type
    if let distribution = demand.typeDistributions[name] {
      let u = RandomStream(seed: 1).unit(.vehicleClass, key)
      name = distribution.draw(u) ?? name
    }
    guard let type = demand.types[name] else {
      let isPersonal = ["DEFAULT_BIKETYPE", "DEFAULT_PEDTYPE", "DEFAULT_RAILTYPE"].contains(name)
      if isPersonal {
        untaken.add("vehicles of type \(name)", "left out", example: id)
        return .none
      }
      if name == "DEFAULT_VEHTYPE" {
        untaken.add(
          "vehicles without a type",
          "driven as cars by this engine's usual model, which in SUMO is Krauss's", example: id)
      } else {
        untaken.add("vehicles of an unknown type", "driven as cars", example: "\(id): \(name)")
      }
      return .some(nil)
    }
    guard Self.drivable.contains(type.vehicleClass) else {
      untaken.add("vehicles of class \(type.vehicleClass)", "left out", example: id)
      return .none
    }
    let drivenAs = SUMOVehicleTypes.vehicleClass(type.vehicleClass)
    if drivenAs == "car" && type.vehicleClass != "passenger" {
      untaken.add("vehicles of class \(type.vehicleClass)", "driven as cars", example: id)
    }
    return .some(type)
  }

  // MARK: - Routes

  private mutating func answer(
    _ entry: SUMODemand.Entry, _ key: UInt64, _ access: Access
  ) -> Answer {
    switch entry.way {
    case .edges(let edges): return links(of: edges, access)
    case .oneOf(let distribution):
      guard let edges = distribution.draw(draw(key)) else { return .missing("without a route") }
      return links(of: edges, access)
    case .named(let name):
      if let edges = demand.routes[name] { return links(of: edges, access) }
      guard let edges = edges(ofDistribution: name, key) else {
        return .missing("whose route is not in the files")
      }
      return links(of: edges, access)
    case .search(let from, let via, let to): return search(from, via, to, access)
    case .unknown(let what):
      return .missing(what == "no route" ? "without a route" : "placed by \(what)")
    }
  }

  private func draw(_ key: UInt64) -> Double { RandomStream(seed: 1).unit(.routeChoice, key) }

  private func edges(ofDistribution name: String, _ key: UInt64) -> [String]? {
    var all = demand.routeDistributions[name] ?? SUMODemand.Distribution()
    if let more = demand.routeNamesOfDistribution[name] {
      for (route, weight) in zip(more.names, more.weights) {
        guard let edges = demand.routes[route] else { continue }
        all.values.append(edges)
        all.weights.append(weight)
      }
    }
    return all.draw(draw(key))
  }

  private mutating func ways(for access: Access) -> ClassWays {
    if let known = ways[access.rawValue] { return known }
    let made = ClassWays(network, access)
    ways[access.rawValue] = made
    return made
  }

  /// The links of a route given edge by edge.
  private mutating func links(of edges: [String], _ access: Access) -> Answer {
    let key = "\(access.rawValue) " + edges.joined(separator: " ")
    if let answer = known[key] { return answer }
    let answer = look(up: edges, ways(for: access).graph, access)
    known[key] = answer
    return answer
  }

  private func look(up edges: [String], _ graph: TurnGraph, _ access: Access) -> Answer {
    var links: [LinkID] = []
    for edge in edges where absorbedEdges[edge] == nil {
      guard let link = linkOfEdge[edge] else {
        return .missing("over an edge that is closed to cars, trucks and buses or not there")
      }
      // As when routes are assigned: who has business on a road that is open to cars may go there.
      if network.linkAccess[link].isDisjoint(with: access.union(.car)) {
        return .missing("over an edge that is closed to cars")
      }
      if let before = links.last, !graph.allows(before, link) {
        return .missing("whose route is not connected for their class")
      }
      links.append(link)
    }
    if links.isEmpty && !edges.isEmpty { return .missing("on nothing but edges within junctions") }
    return links.isEmpty ? .missing("without a route") : .links(links)
  }

  /// The way over some edges in turn, each leg the quickest at the limits; without any, its ends
  /// alone, because the way is then looked for when the run begins.
  private mutating func search(
    _ from: String, _ via: [String], _ to: String, _ access: Access
  ) -> Answer {
    let key = "\(access.rawValue)\n" + ([from] + via + [to]).joined(separator: "\n")
    if let answer = known[key] { return answer }
    let answer = find([from] + via + [to], access)
    known[key] = answer
    return answer
  }

  /// The edges of a search that are links here: a way passes whatever a junction has taken in, and
  /// begins after it or ends before.
  private func driven(_ edges: [String]) -> [String] {
    edges.enumerated().compactMap { i, edge in
      guard let standIns = absorbedEdges[edge] else { return edge }
      if i == 0 { return standIns.after ?? edge }
      return i == edges.count - 1 ? standIns.before ?? edge : nil
    }
  }

  private mutating func find(_ edges: [String], _ access: Access) -> Answer {
    var stops: [LinkID] = []
    for edge in driven(edges) {
      guard let link = linkOfEdge[edge] else {
        return .missing("over an edge that is closed to cars, trucks and buses or not there")
      }
      // A stop named twice in a row is one.
      if stops.last != link || edges.count == 2 { stops.append(link) }
    }
    if edges.count == 2 { return .links(stops) }
    var links: [LinkID] = Array(stops.prefix(1))
    var own = ways(for: access)
    for (a, b) in zip(stops, stops.dropFirst()) {
      guard
        let leg = own.paths.route(
          from: AccessPoint(link: a, offset: network.linkLength[a]),
          to: AccessPoint(link: b, offset: 0), costs: costs)
      else { return .missing("for whom no way leads over the edges of via") }
      links += leg.dropFirst()
    }
    return .links(links)
  }
}

extension SUMOTrips {
  /// The trip table; `midnight` is that of SUMO's first day.
  func table(midnight: Instant) -> [UInt8] {
    var csv = CSVWriter(columns: [
      "id", "depart", "from_link", "from_offset_m", "to_link", "to_offset_m", "route", "type",
    ])
    for row in rows {
      csv.append(row: [
        .text(row.id), .text(midnight.advanced(byMilliseconds: row.departure).iso8601),
        .text(network.linkExternalID[row.origin.link]),
        .number(Double(row.origin.offset), decimals: 2),
        .text(network.linkExternalID[row.destination.link]),
        .number(Double(row.destination.offset), decimals: 2),
        row.route.isEmpty
          ? .null
          : .text(row.route.map { network.linkExternalID[$0] }.joined(separator: " ")),
        row.type.isEmpty ? .null : .text(row.type),
      ])
    }
    return csv.takeBytes()
  }
}
