import CityBase
import CityNetwork

extension OSMRoads {
  /// What in the extract may cut roads off: its edge, barriers, turn restrictions, and ways that
  /// hang on the network without being part of it.
  func evidence() -> [CutOffEvidence] {
    var evidence: [CutOffEvidence] = []
    func add(_ node: Int32, _ cause: CutOffPart.Cause, _ detail: String) {
      evidence.append(
        CutOffEvidence(place: source.nodes[Int(node)].position, cause: cause, detail: detail))
    }
    for node in edgeNodes {
      add(node, .extractEdge, "node \(source.nodes[Int(node)].externalID)")
    }
    for node in nodesAtEdge {
      add(node, .extractEdge, "node \(source.nodes[Int(node)].externalID)")
    }
    for node in barrierNodes { add(node, .barrier, "a barrier on the road") }
    for ban in source.turnBans {
      add(ban.viaNode, .turnRestriction, "node \(source.nodes[Int(ban.viaNode)].externalID)")
    }
    addSideWays(to: &evidence)
    return evidence
  }

  /// How near to the edge an end of a road lies that was cut off there, in metres: extracts whose
  /// ways were cut leave off whatever lies between the last node inside and the edge.
  private static let edgeReach = 200.0

  /// Nodes outside of the edge; where nothing lies outside, because the tool cut the ways there,
  /// the ends of roads close to it.
  private var nodesAtEdge: [Int32] {
    let edge = plane.edge
    guard let first = edge.first else { return [] }
    let outside = source.nodes.indices.filter {
      !Ring.contains(source.nodes[$0].position, in: edge)
    }
    if !outside.isEmpty { return outside.map { Int32(truncatingIfNeeded: $0) } }
    var uses = [UInt8](repeating: 0, count: source.nodes.count)
    for node in source.ways.lazy.flatMap(\.nodes) {
      uses[Int(node)] = min(2, uses[Int(node)] + 1)
    }
    let closed = edge + [first]
    return source.ways.flatMap { [$0.nodes.first, $0.nodes.last] }.compactMap { $0 }.filter {
      uses[Int($0)] == 1
        && Polyline.project(source.nodes[Int($0)].position, onto: closed).distance
          <= Self.edgeReach
    }
  }

  /// Ways that are not in the network, at the nodes they share with a part of it that they would
  /// join to the largest part.
  private func addSideWays(to evidence: inout [CutOffEvidence]) {
    let data = plane.data
    let roads = Parts(source)
    var all = roads
    // Nodes of side ways alone come behind those of the source, as they are met.
    var numbers: [Int32: Int32] = [:]
    var sideWays: [(way: Int, cause: CutOffPart.Cause)] = []
    for way in 0..<data.wayCount {
      guard let cause = cause(ofWay: way) else { continue }
      sideWays.append((way, cause))
      var last: Int32 = -1
      for node in data.nodes(ofWay: way) where node >= 0 {
        var number = sourceNode[Int(node)]
        if number < 0 {
          number = numbers[node] ?? all.add()
          numbers[node] = number
        }
        if last >= 0 { all.join(last, number) }
        last = number
      }
    }
    all.flatten()
    guard let main = roads.largest(source) else { return }
    for (way, cause) in sideWays {
      for node in data.nodes(ofWay: way) where node >= 0 && sourceNode[Int(node)] >= 0 {
        let number = sourceNode[Int(node)]
        guard roads.root(number) != roads.root(main), all.root(number) == all.root(main) else {
          continue
        }
        evidence.append(
          CutOffEvidence(
            place: source.nodes[Int(number)].position, cause: cause,
            detail: "way \(data.wayID[way])"))
      }
    }
  }

  private func cause(ofWay way: Int) -> CutOffPart.Cause? {
    switch rejection[way] {
    case .closed, .privateAccess: return .privateAccess
    case .unbuilt: return .unbuilt
    case .ferry: return .ferry
    case .area: return .track
    case .notARoad:
      let tags = plane.data.tags(ofWay: way)
      return tags[.highway] == "track" || tags[.highway] == "pedestrian" ? .track : nil
    case nil:
      let tags = plane.data.tags(ofWay: way)
      return tags[.highway] == nil && tags[.route] == "ferry" ? .ferry : nil
    }
  }
}

/// Nodes that roads hold together, whatever the direction of traffic.
private struct Parts {
  private var parent: [Int32]

  init(_ source: RoadSource) {
    parent = source.nodes.indices.map { Int32(truncatingIfNeeded: $0) }
    for way in source.ways where way.access.contains(.car) {
      for node in way.nodes.dropFirst() { join(way.nodes[0], node) }
    }
    flatten()
  }

  /// Points every node at its root; parents always come first.
  mutating func flatten() {
    for n in parent.indices { parent[n] = parent[Int(parent[n])] }
  }

  func root(_ node: Int32) -> Int32 {
    var n = node
    while parent[Int(n)] != n { n = parent[Int(n)] }
    return n
  }

  mutating func join(_ a: Int32, _ b: Int32) {
    let (ra, rb) = (find(a), find(b))
    parent[Int(max(ra, rb))] = min(ra, rb)
  }

  /// A new node by itself.
  mutating func add() -> Int32 {
    let new = Int32(truncatingIfNeeded: parent.count)
    parent.append(new)
    return new
  }

  /// The root, with the path to it shortened.
  private mutating func find(_ node: Int32) -> Int32 {
    var n = node
    while parent[Int(n)] != n {
      parent[Int(n)] = parent[Int(parent[Int(n)])]
      n = parent[Int(n)]
    }
    return n
  }

  /// A node of the part with the most nodes; of equal ones the first.
  func largest(_ source: RoadSource) -> Int32? {
    var sizes = [Int](repeating: 0, count: source.nodes.count)
    for node in source.nodes.indices { sizes[Int(root(Int32(truncatingIfNeeded: node)))] += 1 }
    guard let most = sizes.max(), let first = sizes.firstIndex(of: most) else { return nil }
    return Int32(truncatingIfNeeded: first)
  }
}
