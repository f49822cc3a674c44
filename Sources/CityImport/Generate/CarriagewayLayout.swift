import CityBase
import CityNetwork

/// Where the carriageways of the streets of a map run and meet: a divided street has one for each
/// direction, so that a crossing of two of them has four nodes and one with a plain street two.
///
/// At a node the streets lie on one or two axes: two streets opposite each other, or one that ends.
struct CarriagewayLayout {
  /// Metres between the carriageways of a divided street: room for a fence, or for a lane.
  static let median = 3.0
  static let laneWidth = 3.5

  let map: PlanarMap
  /// Which nodes are roundabouts.
  let isRing: [Bool]
  private(set) var nodes: [RoadSource.Node] = []
  /// Whether streets meet at each of `nodes`.
  private(set) var isJunction: [Bool] = []
  /// By half-edge: its axis at its origin (0 or 1) and the half-edge opposite, or -1.
  private var axis: [Int8]
  private var partner: [Int32]
  /// By map node: its first node; those of a grid follow one another, the second axis fastest.
  private var firstNode: [Int32]
  /// By map node: whether each axis is divided there.
  private var isAxisDivided: [(Bool, Bool)]
  /// By half-edge: the node of its arm at a roundabout.
  private var ringNode: [Int32]

  /// Whether a street has a carriageway for each direction.
  static func isDivided(_ s: Street) -> Bool { s.roadClass <= .primary }

  /// Metres from the middle of a divided street to the middle of a carriageway.
  static func offset(_ s: Street) -> Double { median / 2 + Double(s.lanes) * laneWidth / 2 }

  init(_ map: PlanarMap, isRing: [Bool], control: (Int32) -> NodeControl) {
    self.map = map
    self.isRing = isRing
    axis = Array(repeating: 0, count: map.origin.count)
    partner = Array(repeating: -1, count: map.origin.count)
    ringNode = partner
    firstNode = Array(repeating: -1, count: map.position.count)
    isAxisDivided = Array(repeating: (false, false), count: map.position.count)
    for v in map.position.indices {
      pair(Int32(v))
      if isRing[v] { placeRing(v) } else { place(v, control(Int32(v))) }
    }
  }

  private static func id(_ number: Int) -> Int64 { Int64(number) + 1 }

  // MARK: Axes

  /// Puts the streets at a node onto axes: those opposite each other belong together.
  private mutating func pair(_ v: Int32) {
    let around = map.departures(v)
    switch around.count {
    case 2: tie(around[0], around[1], 0)
    case 3:
      // The stem is the one without which the others are most nearly straight.
      let bends = (0..<3).map { straightness(around, without: $0) }
      let k = bends.indices.max { bends[$0] < bends[$1] } ?? 0
      tie(around[(k + 1) % 3], around[(k + 2) % 3], 0)
      axis[Int(around[k])] = 1
    case 4:
      // The greater street is the first axis.
      let first = min(map.street(of: around[0]).roadClass, map.street(of: around[2]).roadClass)
      let second = min(map.street(of: around[1]).roadClass, map.street(of: around[3]).roadClass)
      tie(around[0], around[2], first <= second ? 0 : 1)
      tie(around[1], around[3], first <= second ? 1 : 0)
    default: break
    }
  }

  private mutating func tie(_ a: Int32, _ b: Int32, _ axis: Int8) {
    partner[Int(a)] = b
    partner[Int(b)] = a
    self.axis[Int(a)] = axis
    self.axis[Int(b)] = axis
  }

  private func straightness(_ around: [Int32], without k: Int) -> Double {
    let (a, b) = (around[(k + 1) % 3], around[(k + 2) % 3])
    let bend = -direction(a).dot(direction(b))
    if map.street(of: a) == map.street(of: b), bend > 0.4 { return 2 + bend }
    return (map.street(of: a).line == map.street(of: b).line ? 0.3 : 0) + bend
  }

  func direction(_ h: Int32) -> Point2 { map.vector(h).normalized }

  // MARK: Places

  private mutating func place(_ v: Int, _ control: NodeControl) {
    let around = map.departures(Int32(v))
    let p = map.position[v]
    let main = around.filter { axis[Int($0)] == 0 }
    let cross = around.filter { axis[Int($0)] == 1 }
    let divided = (isDivided(main), isDivided(cross))
    isAxisDivided[v] = divided
    firstNode[v] = Int32(nodes.count)
    let (a, b) = (along(main), along(cross))
    for i in offsets(main, divided.0) {
      for k in offsets(cross, divided.1) {
        var place = p
        if let a, let b {
          // Lines at i and k beside the two axes.
          let sine = b.dot(a.leftNormal)
          place = p + a * (k / a.dot(b.leftNormal)) + b * (i / sine)
        } else if let a, let first = main.first {
          // Farther out in a bend, so that the carriageway keeps its distance.
          let half = max(0.5, abs(direction(first).dot(a)))
          place = p + a.leftNormal * (i / half)
        }
        isJunction.append(map.degree[v] > 2)
        nodes.append(
          RoadSource.Node(
            position: place.roundedToMillimetre, control: control,
            externalID: Self.id(nodes.count)))
      }
    }
  }

  private func isDivided(_ streets: [Int32]) -> Bool {
    !streets.isEmpty && streets.allSatisfy { Self.isDivided(map.street(of: $0)) }
  }

  /// The direction of an axis, along its first street.
  private func along(_ streets: [Int32]) -> Point2? {
    guard let first = streets.first else { return nil }
    guard streets.count > 1 else { return direction(first) }
    return (direction(first) - direction(streets[1])).normalized
  }

  /// How far left of the axis its carriageways run: the one that leaves along it is on the right.
  private func offsets(_ streets: [Int32], _ isDivided: Bool) -> [Double] {
    guard isDivided, let first = streets.first else { return [0] }
    let o = Self.offset(map.street(of: first))
    return [-o, o]
  }

  /// Lanes of a roundabout: as many as its largest street has, up to two.
  func ringLanes(_ v: Int32) -> Int {
    min(2, map.departures(v).map { map.street(of: $0).lanes }.max() ?? 1)
  }

  /// Metres from the middle of a roundabout to the middle of its carriageway: cars go round at 20
  /// to 25 km/h.
  func ringRadius(_ v: Int32) -> Double { ringLanes(v) > 1 ? 17 : 14 }

  /// A node for each arm of a roundabout.
  private mutating func placeRing(_ v: Int) {
    firstNode[v] = Int32(nodes.count)
    for h in map.departures(Int32(v)) {
      ringNode[Int(h)] = Int32(nodes.count)
      let p = map.position[v] + direction(h) * ringRadius(Int32(v))
      isJunction.append(true)
      nodes.append(
        RoadSource.Node(
          position: p.roundedToMillimetre, externalID: Self.id(nodes.count)))
    }
  }

  /// Adds a node between those of the map; returns its index.
  mutating func add(_ p: Point2, isJunction: Bool = false) -> Int32 {
    self.isJunction.append(isJunction)
    nodes.append(
      RoadSource.Node(position: p.roundedToMillimetre, externalID: Self.id(nodes.count)))
    return Int32(nodes.count - 1)
  }

  // MARK: Questions

  func position(_ node: Int32) -> Point2 { nodes[Int(node)].position }

  /// The node that stands for a junction of the map where one is named.
  func representative(_ v: Int32) -> Int32 { firstNode[Int(v)] }

  /// The half-edge opposite at the origin; nil where the street ends there.
  func opposite(_ h: Int32) -> Int32? {
    let p = partner[Int(h)]
    return p >= 0 && !isRing[Int(map.origin[Int(h)])] ? p : nil
  }

  /// Which carriageway of a street, seen from the origin of a half-edge.
  enum Track { case both, leaving, arriving }

  /// Whether the carriageways of a half-edge are apart where it begins.
  func isApart(at h: Int32) -> Bool {
    let v = Int(map.origin[Int(h)])
    guard !isRing[v] else { return false }
    return axis[Int(h)] == 0 ? isAxisDivided[v].0 : isAxisDivided[v].1
  }

  /// The nodes of a carriageway in the junction where a half-edge begins, those on its own side
  /// first.
  func nodes(at h: Int32, _ track: Track) -> [Int32] {
    let v = Int(map.origin[Int(h)])
    if isRing[v] { return [ringNode[Int(h)]] }
    let isMain = axis[Int(h)] == 0
    let (mine, other) = isMain ? isAxisDivided[v] : (isAxisDivided[v].1, isAxisDivided[v].0)
    let isFirst = partner[Int(h)] < 0 || isFirstOfAxis(h)
    // The leaving carriageway lies on the right of the axis as its first street leads away.
    var k = 0
    if mine, track != .both { k = (track == .leaving) == isFirst ? 0 : 1 }
    let count = other ? 2 : 1
    let all = (0..<count).map { o -> Int32 in
      let (i, j) = isMain ? (k, o) : (o, k)
      let columns = isMain ? count : (mine ? 2 : 1)
      return firstNode[v] + Int32(i * columns + j)
    }
    let d = direction(h)
    return all.sorted {
      let (a, b) = (nodes[Int($0)].position.dot(d), nodes[Int($1)].position.dot(d))
      return (b, $0) < (a, $1)
    }
  }

  private func isFirstOfAxis(_ h: Int32) -> Bool {
    map.departures(map.origin[Int(h)]).first { axis[Int($0)] == axis[Int(h)] } == h
  }
}
