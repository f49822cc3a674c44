import CityBase
import CityNetwork

/// The roads of a SUMO network as a lane source: what cars may use, lane by lane.
struct SUMORoads {
  var source = LaneSource()
  /// By link of the source: its edge.
  var edgeOfLink: [Int] = []
  /// By edge: its link, or -1.
  var linkOfEdge: [Int] = []
  /// By id of an edge.
  private(set) var edgeOfID: [String: Int] = [:]
  /// By edge and index of a lane in the file: which lane of the link it is, or -1.
  private(set) var laneOfIndex: [[Int: Int]] = []
  let net: SUMONet
  private let place: SUMOPlace
  private var junctionOfID: [String: Int] = [:]
  private var sourceJunction: [Int]
  /// By id of an internal lane: edge, and position among its lanes.
  private var internalLane: [String: (edge: Int, lane: Int)] = [:]
  /// By connection of the file: its connector, or -1, until short links are absorbed.
  private(set) var connectorOfConnection: [Int] = []
  /// By connector: the connections of the file that it leads over, in the order of driving.
  var connectionsOfConnector: [[Int]] = []
  /// By id: edges that are part of a junction here.
  var absorbedEdges: [String: StandIns] = [:]

  init(_ net: SUMONet, _ place: SUMOPlace, diagnostics: inout Diagnostics, untaken: inout Untaken) {
    self.net = net
    self.place = place
    sourceJunction = Array(repeating: -1, count: net.junctions.count)
    source.drivesOnRight = !net.isLeftHanded
    for (j, junction) in net.junctions.enumerated() where junctionOfID[junction.id] == nil {
      junctionOfID[junction.id] = j
    }
    addLinks(&diagnostics, &untaken)
    addConnectors(&untaken)
    addMeetings(&diagnostics)
    absorbShortLinks(&untaken)
  }

  // MARK: - Links

  private mutating func addLinks(_ diagnostics: inout Diagnostics, _ untaken: inout Untaken) {
    linkOfEdge = Array(repeating: -1, count: net.edges.count)
    laneOfIndex = Array(repeating: [:], count: net.edges.count)
    for (e, edge) in net.edges.enumerated() {
      guard edgeOfID[edge.id] == nil else {
        diagnostics.warn(
          "sumo-edge-twice", place: "edge \(edge.id)", "the id was there before; it is left out")
        continue
      }
      edgeOfID[edge.id] = e
      switch edge.function {
      case "", "normal", "connector": addLink(e, &diagnostics, &untaken)
      case "internal":
        for (k, lane) in edge.lanes.enumerated() { internalLane[lane.id] = (e, k) }
      default:
        untaken.add(
          "edges with function=\"\(edge.function)\"", "for people on foot or unknown",
          example: edge.id)
      }
    }
  }

  private mutating func addLink(
    _ e: Int, _ diagnostics: inout Diagnostics, _ untaken: inout Untaken
  ) {
    let edge = net.edges[e]
    let lanes = edge.lanes.sorted { $0.index < $1.index }
    let open = lanes.filter(\.permissions.isForRoadVehicles)
    guard let first = open.first else {
      untaken.add(
        "edges closed to cars, trucks and buses", "no lane allows them",
        example: edge.id)
      return
    }
    guard let from = junctionOfID[edge.from], let to = junctionOfID[edge.to] else {
      diagnostics.warn(
        "sumo-edge-junction", place: "edge \(edge.id)",
        "it leads from \"\(edge.from)\" to \"\(edge.to)\", which are not both there; left out")
      return
    }
    for lane in lanes where !lane.permissions.isForRoadVehicles {
      untaken.add(
        "lanes closed to cars, trucks and buses", "beside lanes that are open", example: lane.id)
    }
    for (k, lane) in open.enumerated() { laneOfIndex[e][lane.index] = k }
    if open.contains(where: { abs($0.length - first.length) > 0.05 }) {
      untaken.add(
        "edges with lanes of different lengths", "all get that of the lane at the kerb",
        example: edge.id)
    }
    let width = open.reduce(0) { $0 + $1.width } / Double(open.count)
    var link = LaneSource.Link(
      externalID: edge.id, from: junction(from), to: junction(to), length: max(0.1, first.length),
      points: centreline(open, width: width), laneWidth: width,
      laneSpeeds: open.map { min(150, max(0.1, $0.speed)) },
      roadClass: SUMORoadClass.of(edge, speed: first.speed, lanes: open.count),
      access: open.reduce(into: Access()) { $0.formUnion($1.permissions.access) })
    link.laneAccess = open.map(\.permissions.access)
    link.name = edge.name
    link.isRoundabout = net.roundaboutEdges.contains(edge.id)
    linkOfEdge[e] = source.links.count
    edgeOfLink.append(e)
    source.links.append(link)
  }

  private mutating func junction(_ j: Int) -> Int {
    if sourceJunction[j] >= 0 { return sourceJunction[j] }
    sourceJunction[j] = source.junctions.count
    let junction = net.junctions[j]
    source.junctions.append(
      LaneSource.Junction(
        externalID: junction.id, position: place.point(junction.position),
        control: control(of: junction)))
    return sourceJunction[j]
  }

  private func control(of junction: SUMONet.Junction) -> JunctionControl {
    if net.roundaboutJunctions.contains(junction.id) { return .roundabout }
    switch junction.type {
    case "dead_end": return .passage
    case "priority", "priority_stop", "rail_crossing", "zipper": return .priority
    default: return .equal
    }
  }

  /// The line midway between the outer lanes: that of the middle lane, moved by half a lane where
  /// their number is even.
  private func centreline(_ lanes: [SUMONet.Lane], width: Double) -> [Point2] {
    let middle = (lanes.count - 1) / 2
    let aside = Double(lanes.count - 1 - 2 * middle) / 2 * width
    return sound(
      Polyline.offset(lanes[middle].shape, left: net.isLeftHanded ? -aside : aside))
  }

  private func sound(_ points: [Point2]) -> [Point2] {
    var out: [Point2] = []
    for p in points.lazy.map(place.point) where out.last != p { out.append(p) }
    if out.count < 2, let p = out.first { out.append((p + Point2(0.1, 0)).roundedToMillimetre) }
    return out
  }

  // MARK: - Connectors

  private mutating func addConnectors(_ untaken: inout Untaken) {
    connectorOfConnection = Array(repeating: -1, count: net.connections.count)
    // Internal lanes that go on in the middle of a junction.
    var next: [String: String] = [:]
    for c in net.connections where c.from.hasPrefix(":") && !c.via.isEmpty {
      if let e = edgeOfID[c.from],
        let lane = net.edges[e].lanes.first(where: { $0.index == c.fromLane })
      {
        next[lane.id] = c.via
      }
    }
    let majors = majorEdges()
    for (i, c) in net.connections.enumerated() where !c.from.hasPrefix(":") {
      guard let from = edgeOfID[c.from], let to = edgeOfID[c.to], linkOfEdge[from] >= 0,
        linkOfEdge[to] >= 0, let fromLane = laneOfIndex[from][c.fromLane],
        let toLane = laneOfIndex[to][c.toLane], mayLead(c)
      else {
        untaken.add(
          "connections not for cars", "from or to what is left out",
          example: "\(c.from)_\(c.fromLane) to \(c.to)_\(c.toLane)")
        continue
      }
      if let (what, instead) = SUMONet.approximated[c.state] {
        untaken.add(
          "connections \(what)", instead, example: "\(c.from)_\(c.fromLane) to \(c.to)_\(c.toLane)")
      }
      let way = way(of: c, from: from, to: to, next)
      connectorOfConnection[i] = source.connectors.count
      source.connectors.append(
        LaneSource.Connector(
          fromLink: linkOfEdge[from], fromLane: fromLane, toLink: linkOfEdge[to], toLane: toLane,
          turn: Self.turn(c.direction), length: way.length, speed: way.speed, points: way.points,
          isMinor: !majors.contains(c.from)))
    }
  }

  /// Whether a connection is for who may use its lanes: what it says of itself must let in cars, or
  /// some motor vehicles where its lanes are closed to cars.
  private func mayLead(_ c: SUMONet.Connection) -> Bool {
    guard let own = c.permissions else { return true }
    func access(_ edge: String, _ lane: Int) -> Access {
      edgeOfID[edge].flatMap { e in net.edges[e].lanes.first { $0.index == lane } }?
        .permissions.access ?? []
    }
    let lanes = access(c.from, c.fromLane).intersection(access(c.to, c.toLane))
    return lanes.contains(.car) ? own.access.contains(.car) : own.isForRoadVehicles
  }

  /// Edges from which some way leads across their junction without yielding.
  private func majorEdges() -> Set<String> {
    var found: Set<String> = []
    for c in net.connections where c.state == "M" || c.state == "O" || c.state == "=" {
      found.insert(c.from)
    }
    return found
  }

  private static func turn(_ direction: String) -> Turn {
    switch direction {
    case "l", "L": .left
    case "r", "R": .right
    case "t", "T": .uTurn
    default: .through
    }
  }

  /// The internal lanes of a connection in a row; a straight line where the network has none.
  private func way(
    of c: SUMONet.Connection, from: Int, to: Int, _ next: [String: String]
  ) -> (points: [Point2], length: Double, speed: Double) {
    var points: [Point2] = []
    var length = 0.0
    var speed = Double.infinity
    var id = c.via
    // Two parts at most in what SUMO writes; a file may chain more, or run in circles.
    for _ in 0..<8 {
      guard let at = internalLane[id] else { break }
      let lane = net.edges[at.edge].lanes[at.lane]
      points += lane.shape
      length += lane.length
      speed = min(speed, lane.speed)
      guard let following = next[id] else { break }
      id = following
    }
    if points.isEmpty {
      let start = net.edges[from].lanes.first { $0.index == c.fromLane }?.shape.last
      let end = net.edges[to].lanes.first { $0.index == c.toLane }?.shape.first
      points = [start, end].compactMap(\.self)
      length = Polyline.length(points)
      speed = min(
        source.links[linkOfEdge[from]].laneSpeeds.max() ?? 1,
        source.links[linkOfEdge[to]].laneSpeeds.max() ?? 1)
    }
    return (sound(points), max(0.1, length), min(150, max(0.1, speed)))
  }

  // MARK: - Right of way

  private mutating func addMeetings(_ diagnostics: inout Diagnostics) {
    var connectionsOfLane: [String: [Int]] = [:]
    for (i, c) in net.connections.enumerated() where isLink(c) {
      connectionsOfLane["\(c.from)_\(c.fromLane)", default: []].append(i)
    }
    for junction in net.junctions where !junction.requests.isEmpty && junction.type != "internal" {
      // Links of a junction count by its incoming lanes, then in the order of the file.
      let links = junction.incomingLanes.flatMap { connectionsOfLane[$0] ?? [] }
      if links.count != junction.requests.count {
        diagnostics.warn(
          "sumo-requests", place: "junction \(junction.id)",
          "\(junction.requests.count) requests for \(links.count) connections; those that do not"
            + " match are passed over")
      }
      for a in links.indices {
        // As many as the bits of the file tell of, however many connections claim to be here.
        guard let request = junction.requests[a] else { continue }
        let known = max(request.response.count, request.foes.count)
        for b in 0..<min(a, known) { addMeeting(junction, links, a, b) }
      }
    }
  }

  /// Whether a connection counts among the links of its junction: ways on foot do at crossings
  /// alone.
  private func isLink(_ c: SUMONet.Connection) -> Bool {
    func function(_ id: String) -> String { edgeOfID[id].map { net.edges[$0].function } ?? "" }
    let to = function(c.to)
    return to != "walkingarea" && (to == "crossing" || function(c.from) != "walkingarea")
  }

  private mutating func addMeeting(
    _ junction: SUMONet.Junction, _ links: [Int], _ a: Int, _ b: Int
  ) {
    let (one, other) = (connectorOfConnection[links[a]], connectorOfConnection[links[b]])
    guard one >= 0, other >= 0, let ra = junction.requests[a], let rb = junction.requests[b] else {
      return
    }
    let aYields = Self.bit(ra.response, b)
    let bYields = Self.bit(rb.response, a)
    guard aYields || bYields || Self.bit(ra.foes, b) || Self.bit(rb.foes, a) else { return }
    source.meetings.append(
      LaneSource.Meeting(
        a: one, b: other, yields: aYields == bYields ? 0 : aYields ? 1 : -1))
  }

  private static func bit(_ bits: [UInt8], _ index: Int) -> Bool {
    index < bits.count && bits[bits.count - 1 - index] == 0x31
  }

  mutating func setSignals(_ signals: [SignalController], groups: [Int]) {
    source.signals = signals
    for (c, group) in zip(source.connectors.indices, groups) { source.connectors[c].group = group }
  }

  // MARK: - Places

  /// The shape of a lane in the working CRS, its length in metres, and the link and lane it became
  /// (-1 where it is left out); nil where there is no such lane.
  func lane(_ id: String) -> (shape: [Point2], length: Double, link: Int, lane: Int)? {
    guard let cut = id.lastIndex(of: "_"), let index = Int(id[id.index(after: cut)...]),
      let e = edgeOfID[String(id[..<cut])],
      let lane = net.edges[e].lanes.first(where: { $0.index == index })
    else { return nil }
    return (
      lane.shape.map(place.point), lane.length, linkOfEdge[e], laneOfIndex[e][index] ?? -1
    )
  }
}
