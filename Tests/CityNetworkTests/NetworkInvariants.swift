import CityBase
import CityNetwork

/// What must hold in every built network, whatever the source; each breach is a sentence.
enum NetworkInvariants {
  ///
  /// `ringsAreLarge` is false where small roundabouts may lie inside junctions: lanes of one
  /// approach do meet there.
  static func breaches(_ n: RoadNetwork, ringsAreLarge: Bool = true) -> [String] {
    var out: [String] = []
    do { try n.validate() } catch { out.append("\(error)") }
    for j in 0..<n.junctionCount {
      let junction = JunctionID(j)
      out += conflictBreaches(n, junction)
      out += signalBreaches(n, junction)
    }
    out += laneBreaches(n, ringsAreLarge: ringsAreLarge)
    return out
  }

  /// Conflicts are symmetric: the other one lists this one with the areas swapped.
  static func conflictBreaches(_ n: RoadNetwork, _ junction: JunctionID) -> [String] {
    var out: [String] = []
    // Round a ring two ways may meet more than once.
    let isRoundabout =
      n.junctionControl[junction] != .passage
      && n.conflicts.contains { $0.kind == ConflictKind.shared }
    for c in n.connectors(of: junction) {
      for k in n.conflicts(of: ConnectorID(c)) {
        let mirrored = Conflict(
          other: ConnectorID(c), entry: k.otherEntry, exit: k.otherExit, otherEntry: k.entry,
          otherExit: k.exit, yields: -k.yields, kind: k.kind)
        if !n.conflicts(of: k.other).contains(mirrored) {
          out.append("conflict of \(c) with \(k.other) is not mirrored")
        }
        let sameFrom = n.connectorFrom[ConnectorID(c)] == n.connectorFrom[k.other]
        let sameTo = n.connectorTo[ConnectorID(c)] == n.connectorTo[k.other]
        let fits =
          sameTo
          ? k.kind == ConflictKind.merge || isRoundabout
          : sameFrom
            ? k.kind == ConflictKind.diverge || isRoundabout
            : k.kind == ConflictKind.crossing || isRoundabout && k.kind == ConflictKind.shared
        if !fits { out.append("kind \(k.kind) of \(c) with \(k.other)") }
      }
    }
    return out
  }

  /// No two connectors that cross or merge are green together, and who has to yield at green
  /// yields to something green.
  static func signalBreaches(_ n: RoadNetwork, _ junction: JunctionID) -> [String] {
    guard n.junctionSignal[junction].isSome else { return [] }
    let signal = n.signals[n.junctionSignal[junction]]
    var out: [String] = []
    var served = [Bool](repeating: false, count: Int(signal.groupCount))
    for (p, phase) in signal.phases.enumerated() {
      func state(_ c: ConnectorID) -> SignalState {
        let group = Int(n.connectorGroup[c])
        // Who passes by the signals yields to all.
        return group >= 0 ? phase.states[group] : .permissive
      }
      var yields = [Bool](repeating: false, count: Int(signal.groupCount))
      for c in n.connectors(of: junction) {
        let id = ConnectorID(c)
        let group = Int(n.connectorGroup[id])
        if group < 0 { continue }
        if state(id) == .green || state(id) == .permissive { served[group] = true }
        let approach = n.laneLink[n.connectorFrom[id]]
        for k in n.conflicts(of: id)
        where k.kind != 2 && n.laneLink[n.connectorFrom[k.other]] != approach {
          if state(id) == .green && state(k.other) == .green {
            out.append("J\(junction) phase \(p): \(c) and \(k.other) are both green")
          }
          if state(id) == .permissive && state(k.other) == .green {
            if k.yields == 1 { yields[group] = true }
            if k.yields != 1 {
              out.append("J\(junction) phase \(p): \(c) need not yield to \(k.other)")
            }
          }
        }
      }
      // Only main phases: in between someone may already have gone.
      for g in yields.indices where phase.states[g] == .permissive && !yields[g] {
        if phase.states.contains(.green) {
          out.append("J\(junction) phase \(p): \(g) yields to nobody")
        }
      }
    }
    if served.contains(false) { out.append("J\(junction): a group is never served") }
    let cycle = signal.cycleMilliseconds
    if cycle < 40_000 { out.append("J\(junction): a cycle of \(cycle) ms") }
    return out
  }

  /// Every approach lane leads somewhere if its link does, connectors start and end on lane ends,
  /// and neighbours never cross.
  static func laneBreaches(_ n: RoadNetwork, ringsAreLarge: Bool) -> [String] {
    var out: [String] = []
    for l in 0..<n.linkCount {
      let lanes = n.lanes(of: LinkID(l))
      let counts = lanes.map { n.connectors(from: LaneID($0)).count }
      if counts.contains(0) && counts.contains(where: { $0 > 0 }) {
        out.append("link \(n.linkExternalID[LinkID(l)]): lanes with \(counts) connectors")
      }
    }
    for c in 0..<n.connectorCount {
      let id = ConnectorID(c)
      let from = n.connectorFrom[id]
      let to = n.connectorTo[id]
      guard let start = n.points(of: id).first, let end = n.points(of: id).last else { continue }
      let laneEnd = n.lanePosition(from, n.laneLength[from]).point
      let laneStart = n.lanePosition(to, 0).point
      // Where two lanes meet in one point the connector is 10 cm long all the same.
      let slack = 0.02 + max(0, 0.1 - laneEnd.distance(to: laneStart))
      if start.distance(to: laneEnd) > slack || end.distance(to: laneStart) > slack {
        out.append("connector \(c) does not meet its lanes")
      }
      guard ringsAreLarge else { continue }
      for k in n.conflicts(of: id)
      where k.kind == 0 && n.laneLink[from] == n.laneLink[n.connectorFrom[k.other]] {
        out.append("connectors \(c) and \(k.other) of one approach cross")
      }
    }
    return out
  }
}
