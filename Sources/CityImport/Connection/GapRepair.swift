import CityBase
import CityNetwork
import CitySpatial

/// Closes gaps between roads that ought to meet: the end of a road is led on to a node or line
/// close by, on the same layer, of a part of the network that it has no connection with.
struct GapRepair {
  static let fileName = "repairs.geojson"
  /// A node this much farther away than the line is still the better place to join, in metres.
  static let nodePreference = 2.0

  /// A gap that was closed.
  struct Repair: Sendable {
    /// The way that was led on, and the one it was led to.
    var way: String
    var target: String
    var node: Int64
    var from: Point2
    var to: Point2
    var metres: Double
  }

  private struct Candidate {
    var node: Int32
    var way: Int32
    var segment: Int
    var place: Point2
    /// The node to join, or -1 for a new one on the segment.
    var target: Int32
    var metres: Double
  }

  private struct Segment {
    var way: Int32
    /// Between the nodes at this place of the way and the next.
    var place: Int32
  }

  private var source: RoadSource
  private let tolerance: Double
  private var parts: [Int32]
  private var segments: [Segment] = []
  private var tree = HilbertRTree()
  private(set) var repairs: [Repair] = []
  /// New nodes on lines: way, place of the node before, and the node.
  private var insertions: [(way: Int32, place: Int32, along: Double, node: Int32)] = []

  /// Closes the gaps of a source; `untouched` are nodes whose ends mean something else, such as
  /// the edge of the extract.
  static func close(
    _ source: inout RoadSource, tolerance: Double, untouched: Set<Int32>
  ) -> [Repair] {
    var repair = GapRepair(source, tolerance)
    repair.run(untouched)
    source = repair.source
    return repair.repairs
  }

  private init(_ source: RoadSource, _ tolerance: Double) {
    self.source = source
    self.tolerance = tolerance
    parts = source.nodes.indices.map { Int32(truncatingIfNeeded: $0) }
    var boxes: [Box2] = []
    for (w, way) in source.ways.enumerated() where way.access.contains(.car) {
      for i in way.nodes.indices.dropLast() {
        let (a, b) = (way.nodes[i], way.nodes[i + 1])
        join(a, b)
        segments.append(
          Segment(way: Int32(truncatingIfNeeded: w), place: Int32(truncatingIfNeeded: i)))
        boxes.append(
          Box2([source.nodes[Int(a)].position, source.nodes[Int(b)].position]))
      }
    }
    tree = HilbertRTree(boxes)
  }

  private mutating func root(_ node: Int32) -> Int32 {
    var n = Int(node)
    while Int(parts[n]) != n {
      parts[n] = parts[Int(parts[n])]
      n = Int(parts[n])
    }
    return Int32(truncatingIfNeeded: n)
  }

  private mutating func join(_ a: Int32, _ b: Int32) {
    let (ra, rb) = (root(a), root(b))
    parts[Int(max(ra, rb))] = min(ra, rb)
  }

  private mutating func run(_ untouched: Set<Int32>) {
    var candidates: [Candidate] = []
    for (node, way) in deadEnds() where !untouched.contains(node) {
      if let found = candidate(node, way) { candidates.append(found) }
    }
    candidates.sort {
      ($0.metres, source.nodes[Int($0.node)].externalID, $0.segment)
        < ($1.metres, source.nodes[Int($1.node)].externalID, $1.segment)
    }
    for c in candidates where root(c.node) != root(segmentEnds(c.segment).0) { close(c) }
    // The last first, so that the places before stay what they were.
    insertions.sort { ($0.way, $0.place, $0.along) > ($1.way, $1.place, $1.along) }
    for i in insertions { source.ways[Int(i.way)].nodes.insert(i.node, at: Int(i.place) + 1) }
    for led in ledOn { lead(led) }
  }

  /// Ends of roads that nothing else touches, with their ways.
  private func deadEnds() -> [(node: Int32, way: Int32)] {
    var uses = [UInt8](repeating: 0, count: source.nodes.count)
    for way in source.ways where way.access.contains(.car) {
      for node in way.nodes { uses[Int(node)] = min(2, uses[Int(node)] + 1) }
    }
    var ends: [(Int32, Int32)] = []
    for (w, way) in source.ways.enumerated() where way.access.contains(.car) {
      for node in [way.nodes.first, way.nodes.last].compactMap({ $0 }) where uses[Int(node)] == 1 {
        ends.append((node, Int32(truncatingIfNeeded: w)))
      }
    }
    return ends
  }

  private func segmentEnds(_ s: Int) -> (Int32, Int32) {
    let nodes = source.ways[Int(segments[s].way)].nodes
    let place = Int(segments[s].place)
    return (nodes[place], nodes[place + 1])
  }

  /// The nearest place to lead an end on to.
  private mutating func candidate(_ node: Int32, _ way: Int32) -> Candidate? {
    let p = source.nodes[Int(node)].position
    let own = root(node)
    let layer = source.ways[Int(way)].layer
    var best: Candidate?
    for s in tree.items(in: Box2(min: p, max: p).expanded(by: tolerance)) {
      let (a, b) = segmentEnds(s)
      guard source.ways[Int(segments[s].way)].layer == layer, root(a) != own else { continue }
      let ends = [source.nodes[Int(a)].position, source.nodes[Int(b)].position]
      let foot = Polyline.project(p, onto: ends)
      guard foot.distance <= tolerance, best.map({ foot.distance < $0.metres }) ?? true else {
        continue
      }
      var found = Candidate(
        node: node, way: way, segment: s,
        place: Polyline.locate(ends, at: foot.offset).point.roundedToMillimetre, target: -1,
        metres: foot.distance)
      for (end, at) in zip([a, b], ends) {
        let away = p.distance(to: at)
        if away <= min(tolerance, foot.distance + Self.nodePreference) {
          found.target = end
          found.place = at
        }
      }
      best = found
    }
    return best
  }

  /// Ways to be led on at the end, once no place in them changes any more.
  private var ledOn: [(way: Int32, from: Int32, to: Int32)] = []
  private static let firstID: Int64 = 3 << 61

  private mutating func close(_ c: Candidate) {
    var target = c.target
    if target < 0 {
      target = Int32(truncatingIfNeeded: source.nodes.count)
      source.nodes.append(
        RoadSource.Node(
          position: c.place, externalID: Self.firstID + Int64(insertions.count)))
      parts.append(target)
      let start = source.nodes[Int(segmentEnds(c.segment).0)].position
      insertions.append(
        (
          segments[c.segment].way, segments[c.segment].place, start.distance(to: c.place), target
        ))
      join(target, segmentEnds(c.segment).0)
    }
    join(c.node, target)
    ledOn.append((c.way, c.node, target))
    repairs.append(
      Repair(
        way: source.ways[Int(c.way)].externalID,
        target: source.ways[Int(segments[c.segment].way)].externalID,
        node: source.nodes[Int(c.node)].externalID, from: source.nodes[Int(c.node)].position,
        to: c.place, metres: c.metres))
  }

  private mutating func lead(_ led: (way: Int32, from: Int32, to: Int32)) {
    let nodes = source.ways[Int(led.way)].nodes
    if nodes.last == led.from {
      source.ways[Int(led.way)].nodes.append(led.to)
    } else if nodes.first == led.from {
      source.ways[Int(led.way)].nodes.insert(led.to, at: 0)
    }
  }

  /// The repairs as short lines.
  static func layer(_ repairs: [Repair]) -> SideLayer? {
    guard !repairs.isEmpty else { return nil }
    var layer = SideLayer(fileName: fileName)
    for (i, r) in repairs.enumerated() {
      layer.features.append(
        DraftFeature(
          id: "repair-\(i + 1)", shape: .line([r.from, r.to]),
          properties: [
            Property("way", .text(r.way)), Property("led_to", .text(r.target)),
            Property("node", .text(String(r.node))),
            Property("length_m", .number(r.metres, decimals: 2)),
          ]))
    }
    return layer
  }
}
