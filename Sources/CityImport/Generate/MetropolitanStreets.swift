import CityBase
import CityNetwork

/// The streets of a large city as its traffic engineers build them: divided arterials with bays for
/// turning left, an elevated expressway above the inner ring, roundabouts, streets of one direction,
/// side streets that may only be left and entered to the right.
struct MetropolitanStreets {
  let plan: CityPlan
  var layout: CarriagewayLayout
  var ways: [RoadSource.Way] = []
  /// Names by street line.
  let names: [String]
  var map: PlanarMap { plan.map }
  /// Nodes on the leaving carriageway of a half-edge where ramps meet it, by their share of its
  /// length.
  var inserted: [Int32: [(share: Double, node: Int32)]] = [:]

  /// Metres of a bay before a signal, and of road that it leaves before itself.
  static let bayLength = 65.0
  static let roadBeforeBay = 60.0

  init(_ plan: CityPlan) {
    self.plan = plan
    let export = StreetExport(map: plan.map, lines: plan.lines, random: plan.random)
    names = export.streetNames()
    let isRing = plan.map.position.indices.map {
      Self.isRoundabout(Int32($0), plan, export.control(Int32($0)))
    }
    layout = CarriagewayLayout(plan.map, isRing: isRing) { export.control($0) }
    addExpressways()
    addStreets()
    for v in isRing.indices where isRing[v] { addRing(Int32(v)) }
  }

  /// The nodes that stand for the signalised junctions, one each.
  var signals: [RoadSource.Node] {
    map.position.indices.compactMap {
      let node = layout.nodes[Int(layout.representative(Int32($0)))]
      return node.control == .signals ? node : nil
    }
  }

  /// The finished source.
  func roadSource() -> RoadSource {
    var roads = RoadSource()
    roads.drivesOnRight = true
    roads.allowsTurnOnRed = true
    roads.nodes = layout.nodes
    roads.ways = ways
    return roads
  }

  // MARK: Roundabouts

  /// Some crossings of collectors, away from the middle.
  private static func isRoundabout(_ v: Int32, _ plan: CityPlan, _ control: NodeControl) -> Bool {
    let map = plan.map
    guard map.degree[Int(v)] > 2 else { return false }
    let around = map.departures(v)
    let away = (map.position[Int(v)] - CityTerrain.center).length / plan.radius
    let collectors = around.filter { map.street(of: $0).roadClass == .tertiary }
    return away > 0.3 && collectors.count >= 3
      && around.allSatisfy { map.street(of: $0).roadClass >= .tertiary && map.length($0) > 60 }
      && KeyedDraws(plan.random, .cityLayout, 10, Int(v)).happens(0.45, 0)
  }

  private mutating func addRing(_ v: Int32) {
    let center = map.position[Int(v)]
    // Counter-clockwise, the way one drives round where one drives on the right.
    let arms = Array(map.departures(v).reversed())
    var ring: [Int32] = []
    for (i, h) in arms.enumerated() {
      ring += layout.nodes(at: h, .both)
      let (a, b) = (layout.direction(h), layout.direction(arms[(i + 1) % arms.count]))
      for d in Self.between(a, b) {
        ring.append(layout.add(center + d * layout.ringRadius(v)))
      }
    }
    guard let first = ring.first else { return }
    var way = RoadSource.Way(
      externalID: "w\(ways.count + 1)", nodes: ring + [first], roadClass: .tertiary,
      forwardLanes: layout.ringLanes(v), backwardLanes: 0, speedLimit: 30 / 3.6)
    way.isRoundabout = true
    ways.append(way)
  }

  /// Directions between two, about 30 degrees apart, counter-clockwise.
  private static func between(_ a: Point2, _ b: Point2) -> [Point2] {
    // A twelfth of a turn.
    let step = Point2(0.8660254037844386, 0.5)
    var out: [Point2] = []
    var d = a
    for _ in 0..<11 {
      d = Point2(d.x * step.x - d.y * step.y, d.x * step.y + d.y * step.x).normalized
      // Past b, or too near it.
      let left = d.cross(b)
      if left > 0 ? d.dot(b) > 0.94 : d.dot(b) > 0 { break }
      out.append(d)
    }
    return out
  }

  // MARK: Streets

  private mutating func addStreets() {
    var visited = Array(repeating: false, count: map.street.count)
    for e in map.street.indices where !visited[e] {
      let chain = chain(from: Int32(2 * e), &visited)
      let street = map.street[e]
      if CarriagewayLayout.isDivided(street) {
        addCarriageway(chain, street)
        addCarriageway(chain.reversed().map { $0 ^ 1 }, street)
      } else {
        addPlain(chain, street)
      }
    }
  }

  /// The half-edges of the whole stretch of one street that a half-edge is part of.
  private func chain(from start: Int32, _ visited: inout [Bool]) -> [Int32] {
    var first = start
    while let before = continuation(first ^ 1), before ^ 1 != start { first = before ^ 1 }
    var chain = [first]
    visited[Int(first >> 1)] = true
    while let after = continuation(chain[chain.count - 1]), !visited[Int(after >> 1)] {
      visited[Int(after >> 1)] = true
      chain.append(after)
    }
    return chain
  }

  /// The half-edge that carries the same street on.
  private func continuation(_ h: Int32) -> Int32? {
    guard let next = layout.opposite(h ^ 1), map.street(of: next) == map.street(of: h),
      layout.direction(next).dot(layout.direction(h)) > 0.4
    else { return nil }
    return next
  }

  private func way(_ nodes: [Int32], _ s: Street, forward: Int, backward: Int) -> RoadSource.Way {
    var way = RoadSource.Way(
      externalID: "w\(ways.count + 1)", name: names[Int(s.line)] + (s.isBridge ? "桥" : ""),
      nodes: nodes, roadClass: s.roadClass, forwardLanes: forward, backwardLanes: backward,
      speedLimit: StreetExport.speed(s.roadClass), isBridge: s.isBridge)
    way.layer = s.isBridge ? 1 : 0
    return way
  }

  /// A street whose directions share the carriageway, or that has only one direction.
  private mutating func addPlain(_ chain: [Int32], _ street: Street) {
    guard let first = chain.first, let last = chain.last else { return }
    var nodes = Array(ends(first, .both).reversed())
    for h in chain.dropLast() { nodes += layout.nodes(at: h ^ 1, .both) }
    nodes += ends(last ^ 1, .both)
    switch oneWay(street, from: map.origin[Int(first)], to: map.destination(last)) {
    case nil:
      ways.append(way(nodes, street, forward: street.lanes, backward: street.lanes))
    case true?: ways.append(way(nodes, street, forward: 1, backward: 0))
    case false?: ways.append(way(nodes.reversed(), street, forward: 1, backward: 0))
    }
  }

  /// Whether a local street of the inner city is driven in one direction only, and in which.
  ///
  /// However many are, every place can be reached and left: each was laid across a block between
  /// two points that could be reached and left without it.
  private func oneWay(_ s: Street, from: Int32, to: Int32) -> Bool? {
    guard s.roadClass == .residential else { return nil }
    let draws = KeyedDraws(plan.random, .cityLayout, 11, Int(s.line))
    let (a, b) = (map.position[Int(from)], map.position[Int(to)])
    let away = (a.lerp(to: b, 0.5) - CityTerrain.center).length / plan.radius
    guard away < 0.5, draws.happens(0.3, 0) else { return nil }
    let along = Point2(draws.between(-1, 1, 1), draws.between(-1, 1, 2))
    return (b - a).dot(along) > 0
  }

  /// The nodes where a street begins, near ones first: as far as it is its turn to join those of
  /// the junction, or only to the near carriageway where a side street meets a divided one.
  private func ends(_ h: Int32, _ track: CarriagewayLayout.Track) -> [Int32] {
    let all = layout.nodes(at: h, track)
    let street = map.street(of: h)
    guard all.count > 1 else { return all }
    guard let opposite = layout.opposite(h) else {
      return street.roadClass >= .residential ? [all[0]] : all
    }
    return h < opposite ? all : [all[0]]
  }

  /// One direction of a divided street, with bays before signals.
  private mutating func addCarriageway(_ chain: [Int32], _ street: Street) {
    guard let first = chain.first, let last = chain.last else { return }
    var nodes = begin(first)
    for h in chain {
      let isEnd = h == last
      nodes += (inserted[h] ?? []).map(\.node)
      let arriving = isEnd ? finish(h ^ 1) : layout.nodes(at: h ^ 1, .arriving)
      if let bay = bay(before: h ^ 1, nodes, arriving[0], street) {
        let start = layout.add(bay.place)
        ways.append(
          way(Array(nodes[..<bay.kept]) + [start], street, forward: street.lanes, backward: 0))
        var turning = way(
          [start] + nodes[bay.kept...] + [arriving[0]], street, forward: street.lanes + 1,
          backward: 0)
        turning.forwardTurns =
          [[.right, .through]] + Array(repeating: [.through], count: street.lanes - 1) + [[.left]]
        ways.append(turning)
        nodes = arriving
      } else {
        nodes += arriving
      }
    }
    if nodes.count > 1 { ways.append(way(nodes, street, forward: street.lanes, backward: 0)) }
  }

  /// Where a carriageway begins: beyond the junction, if another one leads into it.
  private func begin(_ h: Int32) -> [Int32] {
    let all = layout.nodes(at: h, .leaving)
    if layout.isApart(at: h), layout.opposite(h) != nil { return [all[0]] }
    return Array(ends(h, .leaving).reversed())
  }

  private func finish(_ h: Int32) -> [Int32] {
    if layout.isApart(at: h), layout.opposite(h) != nil { return layout.nodes(at: h, .arriving) }
    return ends(h, .arriving)
  }

  /// Where a bay begins before a signal at which one may turn left; nil where there is no room or no
  /// crossing.
  private func bay(before h: Int32, _ nodes: [Int32], _ end: Int32, _ street: Street)
    -> (place: Point2, kept: Int)?
  {
    let v = map.origin[Int(h)]
    guard map.degree[Int(v)] == 4, layout.isApart(at: h), layout.opposite(h) != nil,
      !street.isBridge, layout.nodes[Int(end)].control == .signals
    else { return nil }
    let place = { (n: Int32) in layout.nodes[Int(n)].position }
    var left = Self.bayLength
    var ahead = place(end)
    var k = nodes.count - 1
    while k >= 0, !layout.isJunction[Int(nodes[k])], place(nodes[k]).distance(to: ahead) < left {
      left -= place(nodes[k]).distance(to: ahead)
      ahead = place(nodes[k])
      k -= 1
    }
    guard k >= 0 else { return nil }
    let p = ahead.lerp(to: place(nodes[k]), left / max(1e-6, place(nodes[k]).distance(to: ahead)))
    // Road enough before it, up to the junction before.
    var before = place(nodes[k]).distance(to: p)
    if left > place(nodes[k]).distance(to: ahead) { return nil }
    var i = k
    while i > 0, !layout.isJunction[Int(nodes[i])] {
      before += place(nodes[i]).distance(to: place(nodes[i - 1]))
      i -= 1
    }
    return before >= Self.roadBeforeBay && left > 8 ? (p, k + 1) : nil
  }
}
