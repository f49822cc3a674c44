import CityBase
import CityNetwork

/// The roads of an extract: the source of the network, and for each way its raw attributes.
struct OSMRoads: Sendable {
  private(set) var source = RoadSource()
  /// Raw tags of each way of the source, sorted by key.
  private(set) var properties: [[Property]] = []
  /// Ways with `highway=*` that are not in the source, by reason.
  private(set) var rejected: [RoadTags.Rejection: Int] = [:]
  /// By way of the source: for those with business there only. They are in it like any other.
  private(set) var isRestricted: [Bool] = []
  /// By way of the extract: why it is not in the source, where it has `highway=*`.
  private(set) var rejection: [RoadTags.Rejection?]
  /// Nodes of the source where a road leaves the extract: its line goes on where there are no nodes.
  private(set) var edgeNodes: [Int32] = []
  /// Nodes of the source where a barrier ends the road.
  private(set) var barrierNodes: [Int32] = []

  /// The ways of the source made from each way of the extract: first and count; count 0 for none.
  private(set) var sourceWays: [OSMRange]
  /// The source's node for each node of the extract, or -1; -1 too for barriers, which no two ways
  /// share.
  private(set) var sourceNode: [Int32]

  let plane: OSMPlane
  private var data: OSMData { plane.data }
  /// Metres per second a kilometre-an-hour figure is rounded to.
  private static let speedStep = 0.1 / 3.6

  init(_ plane: OSMPlane, drivesOnRight: Bool, diagnostics: inout Diagnostics) {
    self.plane = plane
    sourceWays = Array(repeating: .empty, count: plane.data.wayCount)
    sourceNode = Array(repeating: -1, count: plane.data.nodeCount)
    rejection = Array(repeating: nil, count: plane.data.wayCount)
    source.drivesOnRight = drivesOnRight
    for way in 0..<plane.data.wayCount { addWay(way, &diagnostics) }
  }

  /// Whether most roundabouts run the way they do where one drives on the other side; nil where
  /// there are fewer than three to tell by.
  var roundaboutsRunTheOtherWay: Bool? {
    var counterclockwise = 0
    var clockwise = 0
    for way in source.ways
    where way.isRoundabout && way.backwardLanes == 0 && way.nodes.first == way.nodes.last {
      let area = Ring.signedArea(way.nodes.dropLast().map { source.nodes[Int($0)].position })
      if area > 0 { counterclockwise += 1 } else { clockwise += 1 }
    }
    guard counterclockwise + clockwise >= 3 else { return nil }
    return (counterclockwise > clockwise) != source.drivesOnRight
  }

  /// Sets the bans found by `TurnRestrictions`.
  mutating func setBans(_ turns: [RoadSource.TurnBan], _ paths: [RoadSource.PathBan]) {
    source.turnBans = turns
    source.pathBans = paths
  }

  private mutating func addWay(_ way: Int, _ diagnostics: inout Diagnostics) {
    let tags = data.tags(ofWay: way)
    guard tags[.highway] != nil else { return }
    var notes: [OSMNote] = []
    let road: RoadTags
    do {
      road = try RoadTags.read(tags, drivesOnRight: source.drivesOnRight, notes: &notes)
    } catch {
      rejected[error, default: 0] += 1
      rejection[way] = error
      return
    }
    let id = data.wayID[way]
    for note in notes {
      diagnostics.note(note.code, file: data.file, place: "way \(id)", note.text)
    }
    let pieces = plane.pieces(ofWay: way).flatMap { split($0) }
    sourceWays[way] = OSMRange(
      start: UInt32(source.ways.count), count: UInt32(pieces.count))
    if pieces.isEmpty {
      diagnostics.warn(
        "osm-empty-way", file: data.file, place: "way \(id)",
        "a road with fewer than two nodes in the file is left out")
    }
    let raw = tags.properties
    for (i, piece) in pieces.enumerated() {
      append(
        road, id: i == 0 ? "\(id)" : "\(id).\(i + 1)", name: tags[.name] ?? tags[.ref] ?? "",
        nodes: piece)
      properties.append(raw)
      isRestricted.append(road.isRestricted)
    }
    if !pieces.isEmpty { noteEdges(way) }
  }

  /// Cuts a line where a barrier stands on it.
  private func split(_ piece: [Int32]) -> [[Int32]] {
    var pieces: [[Int32]] = []
    var start = 0
    for i in piece.indices.dropFirst().dropLast()
    where data.nodeTags[Int(piece[i])].count > 0
      && NodeTags(data.tags(ofNode: Int(piece[i]))).isBarrier
    {
      pieces.append(Array(piece[start...i]))
      start = i
    }
    return start == 0 ? [piece] : pieces + [Array(piece[start...])]
  }

  /// Remembers the nodes next to those that the file does not hold.
  private mutating func noteEdges(_ way: Int) {
    let nodes = data.nodes(ofWay: way)
    for i in nodes.indices where nodes[i] < 0 || !plane.positions[Int(nodes[i])].isFinite {
      for neighbour in [i - 1, i + 1] where nodes.indices.contains(neighbour) {
        let node = nodes[neighbour]
        if node >= 0, sourceNode[Int(node)] >= 0 { edgeNodes.append(sourceNode[Int(node)]) }
      }
    }
  }

  private mutating func append(_ road: RoadTags, id: String, name: String, nodes: [Int32]) {
    var calmed: [Double] = []
    var nodes = nodes.map { addNode($0, &calmed) }
    let length = Polyline.length(nodes.map { source.nodes[Int($0)].position })
    let isReversed = road.direction == .backward
    if isReversed { nodes.reverse() }
    var way = RoadSource.Way(
      externalID: id, name: name, nodes: nodes, roadClass: road.highway.roadClass,
      forwardLanes: isReversed ? road.backwardLanes : road.forwardLanes,
      backwardLanes: road.direction == .both ? road.backwardLanes : 0,
      speedLimit: Self.slowed(
        isReversed ? road.backwardSpeedLimit : road.speedLimit, calmed, length),
      isRoundabout: road.isRoundabout, isRamp: road.highway.isRamp, isBridge: road.isBridge,
      isTunnel: road.isTunnel, access: road.access)
    way.forwardTurns = isReversed ? road.lanes.backwardTurns : road.lanes.forwardTurns
    way.forwardBusLanes = isReversed ? road.lanes.backwardBusLanes : road.lanes.forwardBusLanes
    if road.direction == .both {
      way.backwardBusLanes = road.lanes.backwardBusLanes
      way.backwardTurns = road.lanes.backwardTurns
      let backward = Self.slowed(road.backwardSpeedLimit, calmed, length)
      if backward != way.speedLimit { way.backwardSpeedLimit = backward }
    }
    way.layer = road.layer
    source.ways.append(way)
  }

  /// A limit as humps on the way leave it.
  private static func slowed(_ limit: Double, _ calmed: [Double], _ length: Double) -> Double {
    guard !calmed.isEmpty else { return limit }
    let mean = calmed.reduce(0, +) / Double(calmed.count)
    let speed = TrafficCalming.meanSpeed(
      limit: limit, calmed: mean, spacing: length / Double(calmed.count))
    return speed < limit ? (speed / speedStep).rounded() * speedStep : limit
  }

  /// The source's node for a node of the extract, new or known; `calmed` gets its speed where
  /// something there slows traffic down.
  private mutating func addNode(_ node: Int32, _ calmed: inout [Double]) -> Int32 {
    let known = sourceNode[Int(node)]
    if known >= 0 {
      if source.nodes[Int(known)].calmedSpeed > 0 {
        calmed.append(source.nodes[Int(known)].calmedSpeed)
      }
      return known
    }
    let new = Int32(truncatingIfNeeded: source.nodes.count)
    var made = RoadSource.Node(
      position: plane.positions[Int(node)], externalID: data.nodeID[Int(node)])
    if data.nodeTags[Int(node)].count > 0 {
      let tags = NodeTags(data.tags(ofNode: Int(node)))
      made.control = tags.control
      made.controlDirection = tags.direction
      made.crossing = tags.crossing
      made.isLevelCrossing = tags.isLevelCrossing
      made.calmedSpeed = tags.calmedSpeed
      if tags.calmedSpeed > 0 { calmed.append(tags.calmedSpeed) }
      if tags.isBarrier {
        // Whoever comes to it next gets a node of its own, and with it an id.
        made.externalID = Self.firstBarrierID + Int64(barrierNodes.count)
        made.control = .none
        barrierNodes.append(new)
        source.nodes.append(made)
        return new
      }
    }
    source.nodes.append(made)
    sourceNode[Int(node)] = new
    return new
  }

  /// Far above any id of OpenStreetMap, so that a junction is never called after a barrier.
  private static let firstBarrierID: Int64 = 1 << 62
}
