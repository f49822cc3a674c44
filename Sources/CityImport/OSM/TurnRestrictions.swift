import CityBase
import CityNetwork

/// Turn restrictions over a node, as bans between ways of a road source.
///
/// `no_*` bans its own turn; `only_*` bans every other turn at the node. Restrictions over ways,
/// conditional ones and those that except cars are counted and left out.
struct TurnRestrictions {
  let data: OSMData
  let roads: OSMRoads
  /// For each node of the source the ways at it: first and one past the last in `waysAtNode`.
  private var firstWayAtNode: [Int32] = []
  private var waysAtNode: [Int32] = []

  /// The bans of all restriction relations, in the order of the relations' ids.
  static func bans(_ roads: OSMRoads, data: OSMData, diagnostics: inout Diagnostics)
    -> [RoadSource.TurnBan]
  {
    let reader = TurnRestrictions(data: data, roads: roads)
    var bans: [RoadSource.TurnBan] = []
    for relation in 0..<data.relationCount {
      let tags = data.tags(ofRelation: relation)
      guard tags[.type] == "restriction" else { continue }
      if let problem = reader.read(relation, tags, into: &bans) {
        diagnostics.note(
          "osm-restriction", file: data.file, place: "relation \(data.relationID[relation])",
          "the turn restriction is left out: \(problem)")
      }
    }
    return bans
  }

  private init(data: OSMData, roads: OSMRoads) {
    self.data = data
    self.roads = roads
    indexWays()
  }

  private mutating func indexWays() {
    let source = roads.source
    var first = [Int32](repeating: 0, count: source.nodes.count + 1)
    for way in source.ways { for node in way.nodes { first[Int(node) + 1] += 1 } }
    for i in 1..<first.count { first[i] += first[i - 1] }
    var next = first
    var list = [Int32](repeating: 0, count: Int(first.last ?? 0))
    for (w, way) in source.ways.enumerated() {
      for node in way.nodes {
        list[Int(next[Int(node)])] = Int32(w)
        next[Int(node)] += 1
      }
    }
    firstWayAtNode = first
    waysAtNode = list
  }

  private struct Members {
    var from: [Int32] = []
    var to: [Int32] = []
    var via: Int32 = -1
  }

  /// Adds the bans of one relation; returns what hindered it.
  private func read(_ relation: Int, _ tags: OSMTags, into bans: inout [RoadSource.TurnBan])
    -> String?
  {
    guard
      let kind = tags[.restrictionMotorcar] ?? tags[.restrictionMotorVehicle] ?? tags[.restriction]
    else { return "no restriction=* for cars" }
    if let except = tags[.except], except.contains("motorcar") || except.contains("motor_vehicle") {
      return "it excepts cars"
    }
    let isOnly = kind.hasPrefix("only_")
    guard isOnly || kind.hasPrefix("no_") else { return "restriction=\(kind) is not known" }
    let members: Members
    switch collect(relation) {
    case .success(let found): members = found
    case .failure(let problem): return problem.text
    }
    if isOnly {
      guard members.from.count == 1, members.to.count == 1 else {
        return "only_* needs one way from and one way to"
      }
      banOthers(members, into: &bans)
    } else {
      for from in members.from {
        for to in members.to {
          bans.append(RoadSource.TurnBan(fromWay: from, viaNode: members.via, toWay: to))
        }
      }
    }
    return nil
  }

  private struct Problem: Error { var text: String }

  private func collect(_ relation: Int) -> Result<Members, Problem> {
    var members = Members()
    var from: [Int64] = []
    var to: [Int64] = []
    for m in data.relationMembers[relation].indices {
      let role = data.texts[Int(data.memberRole[m])]
      switch (role, data.memberKind[m]) {
      case ("from", .way): from.append(data.memberID[m])
      case ("to", .way): to.append(data.memberID[m])
      case ("via", .node):
        if let node = data.nodeIndex(data.memberID[m]) { members.via = roads.sourceNode[node] }
      case ("via", .way): return .failure(Problem(text: "it goes over a way"))
      default: break
      }
    }
    guard members.via >= 0 else {
      return .failure(Problem(text: "its via node is on no road of the file"))
    }
    // A way that passes the node without ending there leaves open which half is meant.
    members.from = from.compactMap { way($0, endingAt: members.via) }
    members.to = to.compactMap { way($0, endingAt: members.via) }
    guard !members.from.isEmpty, !members.to.isEmpty else {
      return .failure(Problem(text: "its ways do not end at its node, or are no roads of the file"))
    }
    return .success(members)
  }

  /// The piece of an extract's way that ends at a node of the source.
  private func way(_ id: Int64, endingAt node: Int32) -> Int32? {
    guard let index = data.wayIndex(id) else { return nil }
    for w in roads.sourceWays[index].indices {
      let nodes = roads.source.ways[w].nodes
      if nodes.first == node || nodes.last == node { return Int32(w) }
    }
    return nil
  }

  private func banOthers(_ members: Members, into bans: inout [RoadSource.TurnBan]) {
    let node = Int(members.via)
    var seen: Set<Int32> = []
    for w in waysAtNode[Int(firstWayAtNode[node])..<Int(firstWayAtNode[node + 1])]
    where !members.to.contains(w) && seen.insert(w).inserted {
      for from in members.from {
        bans.append(RoadSource.TurnBan(fromWay: from, viaNode: members.via, toWay: w))
      }
    }
  }
}
