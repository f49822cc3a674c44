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

  /// Ways that are not in the network, at the nodes they share with it.
  private func addSideWays(to evidence: inout [CutOffEvidence]) {
    let data = plane.data
    for way in 0..<data.wayCount {
      guard let cause = cause(ofWay: way) else { continue }
      for node in data.nodes(ofWay: way) where node >= 0 && sourceNode[Int(node)] >= 0 {
        evidence.append(
          CutOffEvidence(
            place: source.nodes[Int(sourceNode[Int(node)])].position, cause: cause,
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
