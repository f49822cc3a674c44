import CityBase
import CityNetwork

/// An expressway on stilts above a ring road, with ramps down to it and up from it.
extension MetropolitanStreets {
  /// Figures of the expressway, in metres where nothing else is said.
  private enum Expressway {
    static let lanes = 2
    /// 80 and 40 km/h.
    static let speed = 80 / 3.6
    static let rampSpeed = 40 / 3.6
    /// From the middle of the ring road to the middle of a carriageway.
    static let offset = 5.0
    /// A ramp beside the road below.
    static let rampOffset = 16.5
    /// From where a ramp leaves the expressway to where it lands, and the other way round.
    static let rampLength = 190.0
    /// Lanes for slowing down and for speeding up.
    static let slowing = 130.0
    static let speeding = 150.0
    /// From a junction below to the end of a ramp, and what must follow up to the next junction.
    static let afterJunction = 65.0
    static let beforeJunction = 130.0
    /// Between two pairs of ramps.
    static let spacing = 500.0
  }

  /// Above the inner ring, and above the trunk rings but the outermost, where they close.
  mutating func addExpressways() {
    let rings = stride(from: 0, to: plan.lattice.m, by: 8).map { plan.lines.ring($0).line }
    for line in rings {
      guard let loop = loop(of: line) else { continue }
      for direction in [loop, loop.reversed().map { $0 ^ 1 }] {
        addExpressway(RingPath(direction, map))
      }
    }
  }

  /// The half-edges of a line that closes, from a junction on; nil for one that does not close.
  private func loop(of line: Int32) -> [Int32]? {
    func isOfLine(_ h: Int32) -> Bool { map.street(of: h).line == line }
    let start = map.origin.indices.first {
      isOfLine(Int32($0)) && map.degree[Int(map.origin[$0])] > 2
    }
    guard let start, CarriagewayLayout.isDivided(map.street(of: Int32(start))) else { return nil }
    var loop = [Int32(start)]
    while loop.count < map.origin.count {
      let h = loop[loop.count - 1]
      let onward = map.departures(map.destination(h)).filter { isOfLine($0) && $0 != h ^ 1 }
      guard onward.count == 1 else { return nil }
      if onward[0] == loop[0] { return loop }
      loop.append(onward[0])
    }
    return nil
  }

  private mutating func addExpressway(_ path: RingPath) {
    let ramps = ramps(path)
    guard ramps.count(where: \.isExit) > 1, ramps.count(where: { !$0.isExit }) > 1 else { return }
    // Where the number of lanes changes: place, node, and the lanes from there on.
    var breaks: [(s: Double, node: Int32, lanes: Int)] = []
    func addBreak(_ s: Double, lanes: Int) -> Int32 {
      let node = layout.add(path.place(s, right: Expressway.offset))
      breaks.append((s, node, lanes))
      return node
    }
    for ramp in ramps {
      let below = insertBelow(path, ramp.below)
      if ramp.isExit {
        _ = addBreak(ramp.above - Expressway.slowing, lanes: Expressway.lanes + 1)
        let above = addBreak(ramp.above, lanes: Expressway.lanes)
        addRamp([above] + rampNodes(path, from: ramp.above, rising: false) + [below])
      } else {
        let above = addBreak(ramp.above, lanes: Expressway.lanes + 1)
        _ = addBreak(ramp.above + Expressway.speeding, lanes: Expressway.lanes)
        addRamp([below] + rampNodes(path, from: ramp.below, rising: true) + [above])
      }
    }
    let bends = path.bends(right: Expressway.offset)
    for (i, from) in breaks.enumerated() {
      let isLast = i + 1 == breaks.count
      let to = isLast ? breaks[0] : breaks[i + 1]
      var between = bends.filter { $0.s > from.s + 3 && (isLast || $0.s < to.s - 3) }
      if isLast { between += bends.filter { $0.s < to.s - 3 } }
      let inner = between.map { layout.add($0.place) }
      addMain([from.node] + inner + [to.node], lanes: from.lanes, name: names[path.line])
    }
  }

  private mutating func addMain(_ nodes: [Int32], lanes: Int, name: String) {
    var way = RoadSource.Way(
      externalID: "w\(ways.count + 1)", name: name + "高架", nodes: nodes, roadClass: .motorway,
      forwardLanes: lanes, backwardLanes: 0, speedLimit: Expressway.speed, isBridge: true)
    way.layer = 2
    ways.append(way)
  }

  private mutating func addRamp(_ nodes: [Int32]) {
    var way = RoadSource.Way(
      externalID: "w\(ways.count + 1)", nodes: nodes, roadClass: .motorway, forwardLanes: 1,
      backwardLanes: 0, speedLimit: Expressway.rampSpeed, isRamp: true, isBridge: true)
    way.layer = 1
    ways.append(way)
  }

  /// Where a ramp leaves or joins the expressway and the road below, along the ring.
  private struct Ramp {
    var isExit: Bool
    var above: Double
    var below: Double
  }

  /// Exits and entries by turns, each on a stretch of road that has room for it.
  private func ramps(_ path: RingPath) -> [Ramp] {
    var ramps: [Ramp] = []
    var isExit = true
    // Up to here the expressway and the road below are taken.
    var (free, freeBelow) = (0.0, 0.0)
    for (from, to) in path.stretches {
      let below = from + Expressway.afterJunction
      guard to - below >= Expressway.beforeJunction, below > freeBelow else { continue }
      let above = below + (isExit ? -Expressway.rampLength : Expressway.rampLength)
      let taken =
        isExit
        ? (above - Expressway.slowing, above) : (above, above + Expressway.speeding)
      guard taken.0 > free, taken.1 < path.length - Expressway.slowing else { continue }
      ramps.append(Ramp(isExit: isExit, above: above, below: below))
      free = taken.1 + (isExit ? 50 : Expressway.spacing)
      freeBelow = below
      isExit.toggle()
    }
    return ramps
  }

  /// A node on the carriageway of the ring road at a place along the ring.
  private mutating func insertBelow(_ path: RingPath, _ s: Double) -> Int32 {
    let (h, share) = path.edge(at: s)
    let from = layout.nodes(at: h, .leaving)[0]
    let to = layout.nodes(at: h ^ 1, .arriving)[0]
    let p = layout.nodes[Int(from)].position.lerp(to: layout.nodes[Int(to)].position, share)
    let node = layout.add(p, isJunction: true)
    inserted[h, default: []].append((share, node))
    inserted[h]?.sort { $0.share < $1.share }
    return node
  }

  /// The bends of a ramp that begins at a place along the ring: out beside the road and back in.
  private mutating func rampNodes(_ path: RingPath, from s: Double, rising: Bool) -> [Int32] {
    let length = Expressway.rampLength
    let (first, last) = rising ? (12.5, 10.5) : (10.5, 12.5)
    let (inner, outer) = rising ? (25.0, 40.0) : (40.0, 25.0)
    let bends = [
      (inner, first), (inner + 40, Expressway.rampOffset),
      (length - outer - 40, Expressway.rampOffset), (length - outer, last),
    ]
    return bends.map { layout.add(path.place(s + $0.0, right: $0.1)) }
  }
}

/// A closed street as a path in one direction, measured along its middle.
struct RingPath {
  let halves: [Int32]
  let line: Int
  private let points: [Point2]
  /// Metres from the start to the origin of each half-edge, and to the end.
  private let start: [Double]
  /// From junction to junction, bridges left out.
  let stretches: [(from: Double, to: Double)]

  var length: Double { start[start.count - 1] }

  init(_ loop: [Int32], _ map: PlanarMap) {
    // From a junction on.
    let first = loop.firstIndex { map.degree[Int(map.origin[Int($0)])] > 2 } ?? 0
    let halves = Array(loop[first...] + loop[..<first])
    self.halves = halves
    line = Int(map.street(of: halves[0]).line)
    points = halves.map { map.position[Int(map.origin[Int($0)])] }
    var start = [0.0]
    var stretches: [(from: Double, to: Double)] = []
    var (from, isBridge) = (0.0, false)
    for (i, h) in halves.enumerated() {
      start.append(start[i] + map.length(h))
      isBridge = isBridge || map.street(of: h).isBridge
      if map.degree[Int(map.destination(h))] > 2 {
        if !isBridge { stretches.append((from, start[i + 1])) }
        (from, isBridge) = (start[i + 1], false)
      }
    }
    self.start = start
    self.stretches = stretches
  }

  /// The half-edge at a place, and how far along it that is as a share.
  func edge(at s: Double) -> (half: Int32, share: Double) {
    let (i, share) = index(s)
    return (halves[i], share)
  }

  private func index(_ s: Double) -> (Int, Double) {
    var (low, high) = (0, halves.count - 1)
    while low < high {
      let mid = (low + high + 1) / 2
      if start[mid] <= s { low = mid } else { high = mid - 1 }
    }
    return (low, min(1, max(0, (s - start[low]) / max(1e-6, start[low + 1] - start[low]))))
  }

  private func point(_ i: Int) -> Point2 { points[i % points.count] }

  /// A place so many metres right of the middle.
  func place(_ s: Double, right: Double) -> Point2 {
    let (i, share) = index(s)
    let (a, b) = (point(i), point(i + 1))
    return a.lerp(to: b, share) - (b - a).normalized.leftNormal * right
  }

  /// The bends of a line that runs so many metres right of the middle.
  func bends(right: Double) -> [(s: Double, place: Point2)] {
    halves.indices.map { i in
      let before = (point(i) - point(i + points.count - 1)).normalized
      let after = (point(i + 1) - point(i)).normalized
      let along = (before + after).normalized
      let half = max(0.5, along.dot(after))
      return (start[i], point(i) - along.leftNormal * (right / half))
    }
  }
}
