import CityBase
import CityNetwork

/// Streets laid out lane by lane for verification, so that lengths, speeds and lights are exactly
/// those that the theory is asked about.
struct Track {
  /// m/s; 50 km/h.
  static let limit = 50 / 3.6

  private(set) var source = LaneSource()

  init(drivesOnRight: Bool = true) { source.drivesOnRight = drivesOnRight }

  /// Adds a junction and gives its index.
  mutating func junction(_ x: Double, _ y: Double, _ control: JunctionControl = .passage) -> Int {
    source.junctions.append(
      LaneSource.Junction(
        externalID: "j\(source.junctions.count)", position: Point2(x, y), control: control))
    return source.junctions.count - 1
  }

  /// Adds a straight link, drawn up to some metres before its junctions, and gives its index.
  mutating func link(
    _ name: String, from: Int, to: Int, length: Double, lanes: Int = 1, cutBack: Double = 0
  ) -> Int {
    let a = source.junctions[from].position
    let b = source.junctions[to].position
    let way = b - a
    let unit = way * (1 / max(way.length, 0.001))
    source.links.append(
      LaneSource.Link(
        externalID: name, from: from, to: to, length: length,
        points: [a + unit * cutBack, b - unit * cutBack], laneWidth: 3.2,
        laneSpeeds: Array(repeating: Self.limit, count: lanes), roadClass: .secondary,
        access: .all))
    return source.links.count - 1
  }

  /// Joins two lanes by a straight connector that may be driven at the limit.
  mutating func join(
    _ from: Int, lane fromLane: Int = 0, to: Int, lane toLane: Int = 0, turn: Turn = .through,
    length: Double = 0.1, isMinor: Bool = false, group: Int = -1
  ) {
    var connector = LaneSource.Connector(
      fromLink: from, fromLane: fromLane, toLink: to, toLane: toLane, turn: turn, length: length,
      speed: Self.limit, points: [place(from, fromLane, atEnd: true), place(to, toLane)],
      isMinor: isMinor)
    connector.group = group
    source.connectors.append(connector)
  }

  private func place(_ link: Int, _ lane: Int, atEnd: Bool = false) -> Point2 {
    let l = source.links[link]
    let way = l.points[1] - l.points[0]
    let unit = way * (1 / max(way.length, 0.001))
    let side = source.drivesOnRight ? 1.0 : -1
    let offset = (Double(l.laneSpeeds.count - 1) / 2 - Double(lane)) * l.laneWidth * side
    return (atEnd ? l.points[1] : l.points[0]) + Point2(unit.y, -unit.x) * offset
  }

  /// Says who may use which lane of a link, from the kerb.
  mutating func reserve(_ link: Int, _ access: [Access]) {
    source.links[link].laneAccess = access
  }

  /// The first of two connectors yields to the second.
  mutating func yield(_ a: Int, to b: Int) {
    source.meetings.append(LaneSource.Meeting(a: a, b: b, yields: 1))
  }

  /// A plan of one group: states and their seconds, round and round from midnight.
  mutating func signal(at junction: Int, _ stages: [(SignalState, Double)]) {
    source.signals.append(
      SignalController(
        externalID: "s\(junction)", junction: JunctionID(junction), groupCount: 1,
        phases: stages.map {
          SignalPhase(milliseconds: Int32($0.1 * 1000), states: [$0.0])
        },
        offsetMilliseconds: 0))
  }

  func build() throws -> RoadNetwork {
    var diagnostics = Diagnostics()
    return try NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  /// A street with a light: `length` metres up to the line, 20 m across, a kilometre beyond.
  static func street(length: Double, lanes: Int = 1, _ stages: [(SignalState, Double)]) throws
    -> RoadNetwork
  {
    var track = Track()
    let nodes = [
      track.junction(0, 0), track.junction(length + 10, 0), track.junction(length + 1020, 0),
    ]
    let before = track.link("in", from: nodes[0], to: nodes[1], length: length, lanes: lanes)
    let beyond = track.link("out", from: nodes[1], to: nodes[2], length: 1000, lanes: lanes)
    for lane in 0..<lanes {
      track.join(before, lane: lane, to: beyond, lane: lane, length: 20, group: 0)
    }
    track.signal(at: nodes[1], stages)
    return try track.build()
  }
}
