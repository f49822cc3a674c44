import CityBase
import CityNetwork

/// What a network holds outside of its largest strongly connected part, part by part, with the
/// reasons.
public struct CutOff: Sendable {
  static let fileName = "cut_off.geojson"
  /// Farther from all other roads than this a part is remote, in metres.
  static let longestGap = 100.0

  /// The longest first.
  public private(set) var parts: [CutOffPart] = []
  /// Metres of all links open to cars, and of those in the largest part.
  public private(set) var drivableMetres = 0.0
  public private(set) var connectedMetres = 0.0
  /// The same inside of the extract's bounds, where they are known.
  public private(set) var drivableMetresInside = 0.0
  public private(set) var connectedMetresInside = 0.0
  /// By link: whether it is open to cars and in the largest part.
  public private(set) var isConnected: [Bool]

  /// Share of the drivable length inside of the extract that is connected, 0 to 1.
  public var connectedShareInside: Double {
    drivableMetresInside > 0 ? connectedMetresInside / drivableMetresInside : 1
  }

  /// Looks at a network. `edge` is the ring that the extract was cut to in metres, empty where
  /// unknown.
  init(_ network: RoadNetwork, evidence: [CutOffEvidence], edge: [Point2]) {
    let graph = TurnGraph(network)
    isConnected = graph.largestComponent()
    var index = EvidenceIndex(evidence)
    measure(network, edge)
    let reached = Self.spread(isConnected, firstTurn: graph.firstTurn, graph.turnTarget)
    let back = Self.reversed(graph)
    let leaving = Self.spread(isConnected, firstTurn: back.firstTurn, back.turnTarget)
    let groups = groups(network, graph, reached, leaving)
    let roads = LinkIndex(network, usable: isConnected)
    parts = groups.map { links in
      Self.part(
        links, network, &index, roads, canBeReached: reached[links[0].index],
        canBeLeft: leaving[links[0].index])
    }
    parts.sort { ($0.metres, $1.links[0]) > ($1.metres, $0.links[0]) }
  }

  private mutating func measure(_ network: RoadNetwork, _ edge: [Point2]) {
    for l in 0..<network.linkCount where network.linkAccess[LinkID(l)].contains(.car) {
      let metres = Double(network.linkLength[LinkID(l)])
      drivableMetres += metres
      if isConnected[l] { connectedMetres += metres }
      let points = network.points(of: LinkID(l))
      let middle = points[(points.startIndex + points.endIndex) / 2]
      guard edge.isEmpty || Ring.contains(middle, in: edge) else { continue }
      drivableMetresInside += metres
      if isConnected[l] { connectedMetresInside += metres }
    }
  }

  // MARK: Groups

  /// Everything that can be reached from some links.
  private static func spread(_ start: [Bool], firstTurn: [Int32], _ turnTarget: [LinkID])
    -> [Bool]
  {
    var reached = start
    var open = start.indices.filter { start[$0] }
    while let l = open.popLast() {
      for t in Int(firstTurn[l])..<Int(firstTurn[l + 1]) where !reached[turnTarget[t].index] {
        reached[turnTarget[t].index] = true
        open.append(turnTarget[t].index)
      }
    }
    return reached
  }

  /// The turns of a graph, each from its target to its source.
  private static func reversed(_ graph: TurnGraph) -> (firstTurn: [Int32], turnTarget: [LinkID]) {
    var first = [Int32](repeating: 0, count: graph.linkCount + 1)
    for target in graph.turnTarget { first[target.index + 1] += 1 }
    for i in 1..<first.count { first[i] += first[i - 1] }
    var next = first
    var targets = [LinkID](repeating: .none, count: graph.turnCount)
    for l in 0..<graph.linkCount {
      for t in Int(graph.firstTurn[l])..<Int(graph.firstTurn[l + 1]) {
        let target = graph.turnTarget[t].index
        targets[Int(next[target])] = LinkID(l)
        next[target] += 1
      }
    }
    return (first, targets)
  }

  /// Links outside that hang together and stand in the same way to the connected part.
  private func groups(
    _ network: RoadNetwork, _ graph: TurnGraph, _ reached: [Bool], _ leaving: [Bool]
  ) -> [[LinkID]] {
    var parent = Array(0..<network.linkCount)
    func root(_ l: Int) -> Int {
      var l = l
      while parent[l] != l {
        parent[l] = parent[parent[l]]
        l = parent[l]
      }
      return l
    }
    func join(_ a: Int, _ b: Int) {
      guard !isConnected[a], !isConnected[b], reached[a] == reached[b], leaving[a] == leaving[b]
      else { return }
      let (ra, rb) = (root(a), root(b))
      parent[max(ra, rb)] = min(ra, rb)
    }
    for l in 0..<network.linkCount where !isConnected[l] {
      for t in Int(graph.firstTurn[l])..<Int(graph.firstTurn[l + 1]) {
        join(l, graph.turnTarget[t].index)
      }
      let back = network.linkReverse[LinkID(l)]
      if back.isSome { join(l, back.index) }
    }
    var links: [Int: [LinkID]] = [:]
    var roots: [Int] = []
    for l in 0..<network.linkCount
    where !isConnected[l] && network.linkAccess[LinkID(l)].contains(.car) {
      let r = root(l)
      if links[r] == nil { roots.append(r) }
      links[r, default: []].append(LinkID(l))
    }
    return roots.compactMap { links[$0] }
  }

  // MARK: Causes

  private static func part(
    _ links: [LinkID], _ network: RoadNetwork, _ evidence: inout EvidenceIndex,
    _ roads: LinkIndex, canBeReached: Bool, canBeLeft: Bool
  ) -> CutOffPart {
    var part = CutOffPart(
      links: links, name: name(links, network),
      metres: links.reduce(0) { $0 + Double(network.linkLength[$1]) },
      cause: .remote, detail: "", canBeReached: canBeReached, canBeLeft: canBeLeft, gapMetres: 0)
    let isJoined = canBeReached || canBeLeft
    // Closed side ways do not make a trap of a road; restrictions and the edge may.
    let telling: [CutOffPart.Cause] =
      isJoined
      ? [.extractEdge, .turnRestriction, .barrier]
      : CutOffPart.Cause.allCases.filter { $0 != .turnRestriction } + [.turnRestriction]
    if let best = evidence.strongest(along: links, network, telling) {
      part.cause = best.cause
      part.detail = best.detail
    } else if isJoined {
      part.cause = .oneWayTrap
      part.detail = trapDetail(links, network, canBeReached: canBeReached)
    }
    if !isJoined { measureGap(&part, network, roads) }
    return part
  }

  private static func name(_ links: [LinkID], _ network: RoadNetwork) -> String {
    let names = Set(links.map { network.linkName[$0] }).subtracting([""]).sorted()
    return names.isEmpty
      ? "link \(network.linkExternalID[links[0]])" : names.prefix(3).joined(separator: ", ")
  }

  /// Where a trap has its end: a junction that nothing leads out of, or nothing into.
  private static func trapDetail(
    _ links: [LinkID], _ network: RoadNetwork, canBeReached: Bool
  ) -> String {
    for link in links {
      if canBeReached, network.departures(of: network.linkTo[link]).isEmpty {
        return "no way on at node \(network.junctionExternalID[network.linkTo[link]])"
      }
      if !canBeReached, network.approaches(of: network.linkFrom[link]).isEmpty {
        return "no way to node \(network.junctionExternalID[network.linkFrom[link]])"
      }
    }
    return canBeReached ? "can be entered and not left" : "can be left and not entered"
  }

  private static func measureGap(
    _ part: inout CutOffPart, _ network: RoadNetwork, _ roads: LinkIndex
  ) {
    var nearest = Double.infinity
    for link in part.links {
      for place in [
        network.junctionPosition[network.linkFrom[link]],
        network.junctionPosition[network.linkTo[link]],
      ] {
        let found = roads.nearest(to: place, maxDistance: min(nearest, longestGap))
        nearest = min(nearest, found?.distance ?? .infinity)
      }
    }
    guard nearest.isFinite else { return }
    part.gapMetres = (nearest * 10).rounded() / 10
    if part.cause == .remote {
      part.cause = .gap
      part.detail = "the next connected road is \(Int(nearest.rounded())) m away"
    }
  }

  // MARK: The layer

  /// The parts as features, the longest first; nil where nothing is cut off.
  func layer(_ network: RoadNetwork) -> SideLayer? {
    guard !parts.isEmpty else { return nil }
    var layer = SideLayer(fileName: Self.fileName)
    for (i, part) in parts.enumerated() {
      layer.features.append(
        DraftFeature(
          id: "cut-\(i + 1)", shape: .lines(part.links.map { Array(network.points(of: $0)) }),
          properties: [
            Property("cause", .text(part.cause.rawValue)),
            Property("cause_text", .text(part.cause.text)),
            Property("detail", .text(part.detail)),
            Property("length_m", .number(part.metres, decimals: 1)),
            Property("links", .integer(Int64(part.links.count))),
            Property("can_be_reached", .bool(part.canBeReached)),
            Property("can_be_left", .bool(part.canBeLeft)),
            Property("gap_m", .number(part.gapMetres, decimals: 1)),
            Property("roads", .text(part.name)),
            Property("first_link", .text(network.linkExternalID[part.links[0]])),
          ]))
    }
    return layer
  }
}
