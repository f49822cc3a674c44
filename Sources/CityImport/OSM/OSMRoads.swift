import CityBase
import CityNetwork

/// The roads of an extract: the source of the network, and for each way its raw attributes.
struct OSMRoads: Sendable {
  private(set) var source = RoadSource()
  /// Raw tags of each way of the source, sorted by key.
  private(set) var properties: [[Property]] = []
  /// Ways with `highway=*` that are not in the source, by reason.
  private(set) var rejected: [RoadTags.Rejection: Int] = [:]
  /// Roads for those with business there only; they are in the source like any other.
  private(set) var restrictedCount = 0

  /// The ways of the source made from each way of the extract: first and count; count 0 for none.
  private(set) var sourceWays: [OSMRange]
  /// The source's node for each node of the extract, or -1.
  private(set) var sourceNode: [Int32]

  private let plane: OSMPlane
  private var data: OSMData { plane.data }

  init(_ plane: OSMPlane, drivesOnRight: Bool, diagnostics: inout Diagnostics) {
    self.plane = plane
    sourceWays = Array(repeating: .empty, count: plane.data.wayCount)
    sourceNode = Array(repeating: -1, count: plane.data.nodeCount)
    source.drivesOnRight = drivesOnRight
    for way in 0..<plane.data.wayCount { addWay(way, &diagnostics) }
  }

  /// Sets the turn bans found by `TurnRestrictions`.
  mutating func setTurnBans(_ bans: [RoadSource.TurnBan]) { source.turnBans = bans }

  private mutating func addWay(_ way: Int, _ diagnostics: inout Diagnostics) {
    let tags = data.tags(ofWay: way)
    guard tags[.highway] != nil else { return }
    var notes: [OSMNote] = []
    let road: RoadTags
    do {
      road = try RoadTags.read(tags, notes: &notes)
    } catch {
      rejected[error, default: 0] += 1
      return
    }
    let id = data.wayID[way]
    for note in notes {
      diagnostics.note(note.code, file: data.file, place: "way \(id)", note.text)
    }
    if road.isRestricted { restrictedCount += 1 }
    let pieces = plane.pieces(ofWay: way)
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
    }
  }

  private mutating func append(_ road: RoadTags, id: String, name: String, nodes: [Int32]) {
    var nodes = nodes.map { addNode($0) }
    if road.direction == .backward { nodes.reverse() }
    source.ways.append(
      RoadSource.Way(
        externalID: id, name: name, nodes: nodes, roadClass: road.highway.roadClass,
        forwardLanes: max(road.forwardLanes, road.direction == .backward ? road.backwardLanes : 0),
        backwardLanes: road.direction == .both ? road.backwardLanes : 0,
        speedLimit: road.speedLimit, isRoundabout: road.isRoundabout,
        isRamp: road.highway.isRamp, isBridge: road.isBridge, isTunnel: road.isTunnel,
        access: road.access))
  }

  private mutating func addNode(_ node: Int32) -> Int32 {
    let known = sourceNode[Int(node)]
    if known >= 0 { return known }
    let new = Int32(truncatingIfNeeded: source.nodes.count)
    source.nodes.append(
      RoadSource.Node(
        position: plane.positions[Int(node)],
        control: Self.control(data.tags(ofNode: Int(node))),
        externalID: data.nodeID[Int(node)]))
    sourceNode[Int(node)] = new
    return new
  }

  /// What rules the traffic at a node. A signal that only warns, lets a fire engine out or meters
  /// a ramp does not rule a junction.
  static func control(_ tags: OSMTags) -> NodeControl {
    if tags.isEmpty { return .none }
    switch tags[.highway] {
    case "traffic_signals":
      let kind = tags[.trafficSignals]
      return ["blinker", "emergency", "ramp_meter"].contains(kind) ? .none : .signals
    case "stop": return .stop
    case "give_way": return .giveWay
    case "mini_roundabout": return .miniRoundabout
    default: return .none
    }
  }
}
