import CityBase

/// What an extract was cut to.
struct ExtractEdge: Sendable {
  enum Source: Sendable { case header, loneNodes, unknown }
  var source: Source
  /// Degrees; empty where unknown.
  var degrees: Box2

  /// With fewer nodes of their own, nothing is concluded.
  static let fewestLoneNodes = 50
  /// Points on each side, because a straight side in degrees is bent in metres.
  static let pointsOnSide = 16

  /// From the file's header; else from its lone nodes: tools that cut out an area keep ways that
  /// cross its edge with all their nodes, but nodes that belong to no way only inside.
  init(_ data: OSMData) {
    if !data.bounds.isEmpty {
      self.init(source: .header, degrees: data.bounds)
      return
    }
    var isUsed = [Bool](repeating: false, count: data.nodeCount)
    for ref in data.refs where ref >= 0 { isUsed[Int(ref)] = true }
    for (kind, id) in zip(data.memberKind, data.memberID) where kind == .node {
      if let node = data.nodeIndex(id) { isUsed[node] = true }
    }
    var box = Box2()
    var count = 0
    for (node, used) in isUsed.enumerated() where !used {
      box.add(data.nodePosition[node])
      count += 1
    }
    let isTelling = count >= Self.fewestLoneNodes
    self.init(source: isTelling ? .loneNodes : .unknown, degrees: isTelling ? box : Box2())
  }

  private init(source: Source, degrees: Box2) {
    self.source = source
    self.degrees = degrees
  }

  /// The edge as a ring in degrees; empty where unknown.
  var ring: [Point2] {
    guard !degrees.isEmpty, degrees.width > 0, degrees.height > 0 else { return [] }
    let corners = [
      degrees.min, Point2(degrees.max.x, degrees.min.y), degrees.max,
      Point2(degrees.min.x, degrees.max.y),
    ]
    return corners.indices.flatMap { i in
      (0..<Self.pointsOnSide).map {
        corners[i].lerp(to: corners[(i + 1) % 4], Double($0) / Double(Self.pointsOnSide))
      }
    }
  }
}
