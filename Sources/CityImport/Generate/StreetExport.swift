import CityBase
import CityNetwork

/// Turns the streets of the map into nodes and ways of a road source.
struct StreetExport {
  let map: PlanarMap
  let lines: StreetLines
  let random: RandomStream

  /// All streets: one way for each stretch of one line without a change of lanes.
  func roadSource() -> RoadSource {
    var roads = RoadSource()
    roads.drivesOnRight = true
    roads.allowsTurnOnRed = true
    roads.nodes = map.position.indices.map {
      RoadSource.Node(
        position: map.position[$0], control: control(Int32($0)), externalID: Int64($0) + 1)
    }
    let names = streetNames()
    var visited = Array(repeating: false, count: map.street.count)
    for e in map.street.indices where !visited[e] {
      let nodes = chain(from: Int32(2 * e), &visited)
      roads.ways.append(way(roads.ways.count + 1, nodes, map.street[e], names))
    }
    return roads
  }

  private func way(_ number: Int, _ nodes: [Int32], _ s: Street, _ names: [String])
    -> RoadSource.Way
  {
    let name = names[Int(s.line)] + (s.isBridge ? "桥" : "")
    return RoadSource.Way(
      externalID: "w\(number)", name: name, nodes: nodes, roadClass: s.roadClass,
      forwardLanes: s.lanes, backwardLanes: s.lanes, speedLimit: Self.speed(s.roadClass),
      isBridge: s.isBridge)
  }

  /// Metres per second.
  static func speed(_ roadClass: RoadClass) -> Double {
    let kilometersPerHour: Double
    switch roadClass {
    case .motorway: kilometersPerHour = 80
    case .trunk, .primary: kilometersPerHour = 60
    case .secondary: kilometersPerHour = 50
    case .tertiary: kilometersPerHour = 40
    case .residential, .service: kilometersPerHour = 30
    }
    return kilometersPerHour / 3.6
  }

  /// The nodes of the whole stretch that a half-edge is part of.
  private func chain(from start: Int32, _ visited: inout [Bool]) -> [Int32] {
    var first = start
    while let before = continuation(first ^ 1), before ^ 1 != start { first = before ^ 1 }
    visited[Int(first >> 1)] = true
    var nodes = [map.origin[Int(first)], map.destination(first)]
    var h = first
    while let after = continuation(h), !visited[Int(after >> 1)] {
      visited[Int(after >> 1)] = true
      nodes.append(map.destination(after))
      h = after
    }
    return nodes
  }

  /// The half-edge that carries the same street on.
  private func continuation(_ h: Int32) -> Int32? {
    let s = map.street(of: h)
    let direction = map.vector(h).normalized
    return map.departures(map.destination(h)).first {
      $0 != h ^ 1 && map.street(of: $0) == s && map.vector($0).normalized.dot(direction) > 0.4
    }
  }

  /// Signals where a street of the main net meets another one or a collector.
  func control(_ node: Int32) -> NodeControl {
    guard map.degree[Int(node)] > 2 else { return .none }
    let streets = map.departures(node).map { map.street(of: $0) }
    guard let main = streets.min(by: { ($0.roadClass, $0.line) < ($1.roadClass, $1.line) }) else {
      return .none
    }
    let others = streets.filter { $0.line != main.line }
    let second = others.map(\.roadClass).min() ?? .service
    if main.roadClass <= .secondary { return second <= .tertiary ? .signals : .giveWay }
    let isBusyCrossing = streets.count > 3 && main.lanes > 1 && second == .tertiary
    return isBusyCrossing ? .signals : .giveWay
  }

  /// A name for every line.
  func streetNames() -> [String] {
    let count = (map.street.map { Int($0.line) }.max() ?? -1) + 1
    var names = PlaceNames(random: random, series: 1)
    let river = names.next().hanzi
    return (0..<count).map { line in
      switch lines.kind(ofLine: line) {
      case .ring(let k):
        if k == 0 { return "内环路" }
        return k == lines.lattice.m ? "外环路" : names.next().hanzi + "环路"
      case .radial: return names.next().hanzi + "大道"
      case .across: return names.next().hanzi + "道"
      case .along: return names.next().hanzi + "路"
      case .embankment(let side): return river + (side == 0 ? "西" : "东") + "滨江路"
      case .local: return names.next().hanzi + (line.isMultiple(of: 3) ? "巷" : "街")
      }
    }
  }
}
