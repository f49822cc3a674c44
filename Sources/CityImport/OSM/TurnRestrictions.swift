import CityBase
import CityNetwork

/// Turn restrictions, as bans between ways of a road source.
///
/// `no_*` bans its own way through. `only_*` bans every other: all other turns at its node, and
/// over ways everything that leaves the prescribed sequence, from its first turn on; where several
/// prescribe something to the same traffic, it may choose among them. What holds
/// for some vehicles or at some times only, and what excepts cars, is left out with a note.
struct TurnRestrictions {
  let data: OSMData
  let roads: OSMRoads
  private let ways: WaysAtNodes
  private(set) var turns: [RoadSource.TurnBan] = []
  private(set) var paths: [RoadSource.PathBan] = []
  /// What is prescribed to those who have come along a line, in the order of the relations.
  private var prescribed: [Line: [Int32]] = [:]
  private var lines: [Line] = []

  /// Ways driven along, and the node after each of them.
  private struct Line: Hashable {
    var ways: [Int32]
    var nodes: [Int32]
  }

  /// More ways than any restriction on earth has between its ends, or at an end or node.
  static let mostVias = 12
  static let mostWays = 32

  /// Reads all restriction relations, in the order of their ids.
  init(_ roads: OSMRoads, data: OSMData, diagnostics: inout Diagnostics) {
    self.data = data
    self.roads = roads
    ways = WaysAtNodes(roads.source)
    for relation in 0..<data.relationCount {
      let tags = data.tags(ofRelation: relation)
      guard let type = tags[.type], type == "restriction" || type.hasPrefix("restriction:") else {
        continue
      }
      do throws(Problem) {
        try read(relation, tags, type)
      } catch {
        diagnostics.note(
          error.isForOthers ? "osm-restriction-others" : "osm-restriction", file: data.file,
          place: "relation \(data.relationID[relation])",
          "the turn restriction is left out: \(error.text)")
      }
    }
    for line in lines { banOthers(after: line) }
  }

  /// Why a restriction is left out.
  private struct Problem: Error {
    var text: String
    /// Nothing is wrong with it; it holds for others, or at some times.
    var isForOthers = false
  }

  // MARK: Tags

  /// What it says to cars, such as `no_left_turn`.
  private func kind(_ tags: OSMTags, _ type: String) throws(Problem) -> String {
    let forCars = tags[.restrictionMotorcar] ?? tags[.restrictionMotorVehicle]
    let general =
      type == "restriction"
        || ["restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle"]
          .contains(type)
      ? tags[.restriction] ?? tags[.restrictionVehicle] : nil
    guard let kind = forCars ?? general else {
      let isConditional = tags.hasConditions
      let isForOthers =
        type != "restriction" || tags.range.contains { tags.key($0).contains("restriction:") }
      throw Problem(
        text: isConditional ? "it holds at some times only" : "no restriction=* for cars",
        isForOthers: isConditional || isForOthers)
    }
    if tags.has(.dayOn) || tags.has(.hourOn) {
      throw Problem(text: "it holds at some times only", isForOthers: true)
    }
    if forCars == nil, let except = tags[.except] {
      let excepted = except.split(whereSeparator: { $0 == ";" || $0 == "," || $0 == " " })
      if excepted.contains(where: { ["motorcar", "motor_vehicle", "vehicle"].contains($0) }) {
        throw Problem(text: "it excepts cars", isForOthers: true)
      }
    }
    guard kind.hasPrefix("no_") || kind.hasPrefix("only_") else {
      throw Problem(text: "restriction=\(kind) is not known")
    }
    return kind
  }

  // MARK: Members

  private struct Members {
    var from: [Int64] = []
    var to: [Int64] = []
    var viaNodes: [Int64] = []
    var viaWays: [Int64] = []
  }

  private func members(_ relation: Int) -> Members {
    var members = Members()
    for m in data.relationMembers[relation].indices {
      let id = data.memberID[m]
      switch (data.texts[Int(data.memberRole[m])], data.memberKind[m]) {
      case ("from", .way): members.from.append(id)
      case ("to", .way): members.to.append(id)
      case ("via", .node): members.viaNodes.append(id)
      case ("via", .way): members.viaWays.append(id)
      default: break
      }
    }
    return members
  }

  private mutating func read(_ relation: Int, _ tags: OSMTags, _ type: String) throws(Problem) {
    let kind = try kind(tags, type)
    let members = members(relation)
    guard !members.from.isEmpty, !members.to.isEmpty else {
      throw Problem(text: "it has no way to come from, or none to go to")
    }
    guard members.from.count <= Self.mostWays, members.to.count <= Self.mostWays else {
      throw Problem(text: "it has \(members.from.count) and \(members.to.count) ways")
    }
    let isOnly = kind.hasPrefix("only_")
    if isOnly && (members.from.count > 1 || members.to.count > 1) {
      throw Problem(text: "only_* needs one way from and one way to")
    }
    if !members.viaWays.isEmpty {
      try addPaths(members, isOnly: isOnly)
    } else {
      try addTurns(members, isOnly: isOnly)
    }
  }

  /// The piece of an extract's way that ends at a node of the source.
  private func way(_ id: Int64, endingAt node: Int32) -> Int32? {
    guard let index = data.wayIndex(id) else { return nil }
    for w in roads.sourceWays[index].indices {
      let nodes = roads.source.ways[w].nodes
      if nodes.first == node || nodes.last == node { return Int32(truncatingIfNeeded: w) }
    }
    return nil
  }

  // MARK: Over a node

  private mutating func addTurns(_ members: Members, isOnly: Bool) throws(Problem) {
    guard members.viaNodes.count == 1, let node = data.nodeIndex(members.viaNodes[0]),
      roads.sourceNode[node] >= 0
    else { throw Problem(text: "its via node is on no road of the file") }
    let via = roads.sourceNode[node]
    // A way that passes the node without ending there leaves open which half is meant.
    let from = members.from.compactMap { way($0, endingAt: via) }
    let to = members.to.compactMap { way($0, endingAt: via) }
    guard !from.isEmpty, !to.isEmpty else {
      throw Problem(text: "its ways do not end at its node, or are no roads of the file")
    }
    guard ways[via].count <= Self.mostWays else { throw Problem(text: "too many ways meet") }
    for from in from {
      if isOnly {
        prescribe(to[0], after: Line(ways: [from], nodes: [via]))
      } else {
        for to in to {
          turns.append(RoadSource.TurnBan(fromWay: from, viaNode: via, toWay: to))
        }
      }
    }
  }

  private mutating func prescribe(_ way: Int32, after line: Line) {
    if prescribed[line] == nil { lines.append(line) }
    prescribed[line, default: []].append(way)
  }

  /// Bans whatever is not prescribed at the end of a line.
  private mutating func banOthers(after line: Line) {
    guard let node = line.nodes.last, let allowed = prescribed[line] else { return }
    for other in others(than: allowed, at: node) {
      if line.ways.count == 1 {
        turns.append(RoadSource.TurnBan(fromWay: line.ways[0], viaNode: node, toWay: other))
      } else {
        paths.append(RoadSource.PathBan(ways: line.ways + [other], nodes: line.nodes))
      }
    }
  }

  /// All other ways at a node, once each.
  private func others(than allowed: [Int32], at node: Int32) -> [Int32] {
    var last: Int32 = -1
    return ways[node].filter { way in
      defer { last = way }
      return !allowed.contains(way) && way != last
    }
  }

  // MARK: Over ways

  private mutating func addPaths(_ members: Members, isOnly: Bool) throws(Problem) {
    guard members.viaWays.count <= Self.mostVias else { throw Problem(text: "too many ways") }
    var vias: [Int32] = []
    for id in members.viaWays {
      guard let index = data.wayIndex(id), roads.sourceWays[index].count == 1 else {
        throw Problem(text: "way \(id) of it is no road of the file, or not whole")
      }
      vias.append(Int32(truncatingIfNeeded: roads.sourceWays[index].start))
    }
    var found = false
    for from in members.from {
      for to in members.to {
        guard let path = path(from, vias, to),
          path.nodes.allSatisfy({ ways[$0].count <= Self.mostWays })
        else { continue }
        found = true
        if isOnly {
          prescribe(path)
        } else {
          paths.append(path)
        }
      }
    }
    guard found else { throw Problem(text: "its ways do not form one line") }
  }

  private func ends(_ way: Int32) -> (Int32, Int32)? {
    let nodes = roads.source.ways[Int(way)].nodes
    guard let first = nodes.first, let last = nodes.last, first != last else { return nil }
    return (first, last)
  }

  /// The line from one way over the others, whatever their order, to another.
  private func path(_ from: Int64, _ vias: [Int32], _ to: Int64) -> RoadSource.PathBan? {
    for via in vias {
      guard let (a, b) = ends(via) else { return nil }
      for (start, end) in [(a, b), (b, a)] {
        guard let first = way(from, endingAt: start) else { continue }
        var nodes = [start, end]
        var order = [via]
        var left = vias.filter { $0 != via }
        while let i = left.firstIndex(where: { next(over: $0, from: nodes[nodes.count - 1]) != nil }
        ),
          let node = next(over: left[i], from: nodes[nodes.count - 1])
        {
          order.append(left.remove(at: i))
          nodes.append(node)
        }
        if left.isEmpty, let last = way(to, endingAt: nodes[nodes.count - 1]) {
          return RoadSource.PathBan(ways: [first] + order + [last], nodes: nodes)
        }
      }
    }
    return nil
  }

  /// The other end of a way that starts or ends at a node.
  private func next(over way: Int32, from node: Int32) -> Int32? {
    guard let (a, b) = ends(way) else { return nil }
    return a == node ? b : b == node ? a : nil
  }

  /// Prescribes a line step by step: its first turn, and each further one to those who have come
  /// along it.
  private mutating func prescribe(_ path: RoadSource.PathBan) {
    for i in path.nodes.indices {
      prescribe(
        path.ways[i + 1],
        after: Line(ways: Array(path.ways[0...i]), nodes: Array(path.nodes[0...i])))
    }
  }
}
