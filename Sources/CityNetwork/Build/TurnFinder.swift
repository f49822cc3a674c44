import CityBase

/// Step five, first half: which departures each approach can reach through the junction.
struct TurnFinder {
  let graph: RoadGraph
  let bans: TurnBans

  /// Turns within 45 degrees go through, beyond 150 they may be turning round (cosines).
  static let throughCosine = 0.70710678
  static let uTurnCosine = -0.8660254
  /// Metres; who drives back to the last junction over a longer road may have business there.
  static let longestHook = 80.0

  /// No junction on earth has as many roads or inner pieces; a broken source may. What goes beyond
  /// leads nowhere, so that one bad node cannot cost hours.
  static let mostRoads = 16
  static let mostInside = 256

  func findMovements(
    _ draft: inout JunctionDraft, inside: ArraySlice<Int32>, _ diagnostics: inout Diagnostics
  ) {
    let inside = inside.prefix(Self.mostInside)
    if draft.approaches.count > Self.mostRoads || draft.departures.count > Self.mostRoads {
      diagnostics.warn(
        "junction-too-large", place: "node \(draft.nodeID)",
        "\(draft.approaches.count) roads meet; those beyond \(Self.mostRoads) lead nowhere")
      draft.departures.removeLast(max(0, draft.departures.count - Self.mostRoads))
    }
    for (a, approach) in draft.approaches.prefix(Self.mostRoads).enumerated() {
      var found: [Movement] = []
      for (d, path) in reachable(from: approach, draft.departures, inside)
      where !bans.forbids(ways(approach, path, draft.departures[d]))
        && (draft.ring != nil || !circles(approach, path))
      {
        let share = ringShare(path, draft, inside)
        let turn = Self.turn(approach, draft.departures[d], draft, ringShare: share)
        found.append(
          Movement(
            approach: a, departure: d, turn: turn, path: path,
            isSlip: turn == .right && isSlip(path, approach, draft.departures[d]),
            ringShare: share))
      }
      // Turning round is for those who have no other way.
      let others = found.filter { $0.turn != .uTurn }
      draft.movements += others.isEmpty ? found : others
    }
  }

  /// A ramp inside the junction between two roads that are none.
  private func isSlip(_ path: [Int32], _ a: Approach, _ d: Departure) -> Bool {
    !a.profile.isRamp && !d.profile.isRamp
      && path.contains { graph.pieces[Int($0 >> 1)].profile.isRamp }
  }

  /// Whether a way over the junction comes back to a node: where a turn is banned, nobody drives
  /// round the islands of the crossing instead.
  private func circles(_ approach: Approach, _ path: [Int32]) -> Bool {
    var nodes = [approach.node]
    for step in path {
      let piece = graph.pieces[Int(step >> 1)]
      let node = step & 1 == 0 ? piece.to : piece.from
      if nodes.contains(node) { return true }
      nodes.append(node)
    }
    return false
  }

  /// The ways of the source that a movement drives over.
  private func ways(_ a: Approach, _ path: [Int32], _ d: Departure) -> [Int32] {
    var ways: [Int32] = []
    func add(_ way: Int32) { if ways.last != way { ways.append(way) } }
    for step in [a.directedPiece] + path + [d.directedPiece] {
      let piece = graph.pieces[Int(step >> 1)]
      add(step & 1 == 0 ? piece.firstWay : piece.lastWay)
      add(step & 1 == 0 ? piece.lastWay : piece.firstWay)
    }
    return ways
  }

  /// Back along the same road: the other direction of the same piece, or the other side of a
  /// divided road. A sharp bend into another road is none, and neither is one round a roundabout.
  private static func isTurningRound(_ a: Approach, _ d: Departure, _ draft: JunctionDraft) -> Bool
  {
    if a.piece == d.piece && a.isForward != d.isForward { return true }
    // Where a turning lane of its own leaves a road: nobody hooks into it from the other side only
    // to get back to the junction that he comes from.
    if a.origin == d.target && d.length < longestHook && a.heading.dot(d.heading) < -throughCosine {
      return true
    }
    guard a.profile.isOneWay && d.profile.isOneWay else { return false }
    if a.profile.isRoundabout && d.profile.isRoundabout { return false }
    return a.heading.dot(d.heading) < uTurnCosine || isRoundTheTip(a, d, draft)
  }

  /// From one side of a divided road into the other, which is on the left, where both become a road
  /// of both directions.
  private static func isRoundTheTip(_ a: Approach, _ d: Departure, _ draft: JunctionDraft) -> Bool {
    a.node == d.node && a.profile.roadClass == d.profile.roadClass
      && a.heading.dot(d.heading) < -JunctionArms.dividedCosine
      && a.heading.cross(d.heading) > 0
      && draft.approaches.contains { $0.node == a.node && !$0.profile.isOneWay }
  }

  private static func turn(
    _ a: Approach, _ d: Departure, _ draft: JunctionDraft, ringShare: Double?
  ) -> Turn {
    if isTurningRound(a, d, draft) { return .uTurn }
    if a.heading.dot(d.heading) > throughCosine || draft.armCount == 2 { return .through }
    // Round a roundabout it is the exit that counts, not the direction it happens to have.
    if let ringShare { return ringShare < 0.45 ? .right : .left }
    return a.heading.cross(d.heading) > 0 ? .left : .right
  }

  private func ringShare(_ path: [Int32], _ draft: JunctionDraft, _ inside: ArraySlice<Int32>)
    -> Double?
  {
    guard draft.ring != nil else { return nil }
    func length(_ piece: Int32) -> Double {
      let p = graph.pieces[Int(piece)]
      return p.profile.isRoundabout ? p.length : 0
    }
    let driven = path.reduce(0) { $0 + length($1 >> 1) }
    let whole = inside.reduce(0) { $0 + length($1) }
    return whole > 0 ? driven / whole : nil
  }

  /// Departures in ascending order, each with the shortest way inside the junction.
  private func reachable(
    from approach: Approach, _ departures: [Departure], _ inside: ArraySlice<Int32>
  ) -> [(departure: Int, path: [Int32])] {
    if inside.isEmpty {
      return departures.indices.compactMap { d in
        allows(approach.directedPiece, departures[d].directedPiece) ? (d, []) : nil
      }
    }
    // Dijkstra over directed pieces, small enough for a plain scan.
    var states = [approach.directedPiece]
    for p in inside {
      let profile = graph.pieces[Int(p)].profile
      if profile.forward > 0 { states.append(p * 2) }
      if profile.backward > 0 { states.append(p * 2 + 1) }
    }
    var cost = [Double](repeating: .infinity, count: states.count)
    var parent = [Int](repeating: -1, count: states.count)
    var done = [Bool](repeating: false, count: states.count)
    cost[0] = 0
    while true {
      var best = -1
      for i in states.indices where !done[i] && cost[i] < .infinity {
        if best < 0 || cost[i] < cost[best] { best = i }
      }
      if best < 0 { break }
      done[best] = true
      for i in states.indices where !done[i] && allows(states[best], states[i]) {
        let next = cost[best] + graph.pieces[Int(states[i] >> 1)].length
        if next < cost[i] {
          cost[i] = next
          parent[i] = best
        }
      }
    }
    return departures.indices.compactMap { d in
      var last = -1
      for i in states.indices where cost[i] < .infinity {
        guard allows(states[i], departures[d].directedPiece) else { continue }
        if last < 0 || cost[i] < cost[last] { last = i }
      }
      guard last >= 0 else { return nil }
      var path: [Int32] = []
      while last > 0 {
        path.append(states[last])
        last = parent[last]
      }
      return (d, path.reversed())
    }
  }

  /// Whether one directed piece may directly follow another: they meet, and no ban forbids it.
  private func allows(_ from: Int32, _ to: Int32) -> Bool {
    let a = graph.pieces[Int(from >> 1)]
    let b = graph.pieces[Int(to >> 1)]
    let node = from & 1 == 0 ? a.to : a.from
    guard node == (to & 1 == 0 ? b.from : b.to) else { return false }
    let fromWay = from & 1 == 0 ? a.lastWay : a.firstWay
    let toWay = to & 1 == 0 ? b.firstWay : b.lastWay
    return !bans.forbids(fromWay, over: node, into: toWay)
  }
}
