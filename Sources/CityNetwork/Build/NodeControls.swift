import CityBase

/// Which nodes are signalised, and which piece ends carry a sign, after signals and signs in the
/// middle of a road have been given to the intersection they stand before.
struct NodeControls {
  /// How far before an intersection its signals and signs may stand, in metres.
  static let reach = 30.0

  var hasSignals: [Bool]
  var isMiniRoundabout: [Bool]

  /// Signals that stand nowhere near an intersection (mostly pedestrian crossings, whose
  /// pedestrians this engine does not have yet) are left out with a note, and so are those that
  /// rule fewer than half of the roads into one: a crossing on foot on one of its arms makes no
  /// signalised intersection.
  init(_ graph: inout RoadGraph, _ diagnostics: inout Diagnostics) {
    hasSignals = Array(repeating: false, count: graph.positions.count)
    isMiniRoundabout = hasSignals
    for i in graph.positions.indices where graph.degree[i] > 2 {
      hasSignals[i] = graph.controls[i] == .signals
      isMiniRoundabout[i] = graph.controls[i] == .miniRoundabout
    }
    var lost = 0
    var ruled = Ruled(graph)
    for i in graph.pieces.indices {
      var piece = graph.pieces[i]
      var met = piece.controls
      // Where the lanes change a node is left over; its control counts for the roads beyond.
      for (node, offset) in [(piece.from, 0.0), (piece.to, piece.length)]
      where graph.degree[Int(node)] == 2 && graph.controls[Int(node)] != .none {
        met.append(
          MetControl(offset: offset, control: graph.controls[Int(node)], direction: .both))
      }
      for c in met where c.control != .miniRoundabout {
        if !assign(c, &piece, Int32(i), graph, &ruled) && c.control == .signals { lost += 1 }
      }
      graph.pieces[i] = piece
    }
    let few = decide(graph, ruled)
    if few > 0 {
      diagnostics.note(
        "signal-one-arm",
        "\(few) intersections have signals before fewer than half of their roads, as at crossings"
          + " on foot; taken as without signals")
    }
    if lost > 0 {
      diagnostics.note(
        "signal-dropped", "\(lost) signals stand away from any intersection; left out")
    }
  }

  private mutating func assign(
    _ met: MetControl, _ piece: inout RoadPiece, _ index: Int32, _ graph: RoadGraph,
    _ ruled: inout Ruled
  ) -> Bool {
    let control = met.control
    var toEnd = graph.degree[Int(piece.to)] > 2 ? piece.length - met.offset : .infinity
    var toStart = graph.degree[Int(piece.from)] > 2 ? met.offset : .infinity
    // What rules one direction stands before the intersection at the end of that direction.
    if met.direction == .forward { toStart = .infinity }
    if met.direction == .backward { toEnd = .infinity }
    let near = min(toEnd, toStart)
    guard near <= Self.reach else { return false }
    // On a one-way road a signal stands before what it rules, if that is near enough at all.
    let atEnd =
      piece.profile.isOneWay && met.direction == .both ? toEnd <= Self.reach : toEnd <= toStart
    if control == .signals {
      // Nobody comes to the intersection here: it is a crossing on the way out.
      guard (atEnd ? piece.profile.forward : piece.profile.backward) > 0 else { return false }
      ruled.add(index, atEnd: atEnd, node: atEnd ? piece.to : piece.from)
    } else if atEnd && piece.profile.forward > 0 {
      piece.signAtTo = control
    } else if !atEnd && piece.profile.backward > 0 {
      piece.signAtFrom = control
    }
    return true
  }

  /// Signalises the intersections before which signals rule half of the roads or more; returns how
  /// many have too few.
  private mutating func decide(_ graph: RoadGraph, _ ruled: Ruled) -> Int {
    var approaches: [Int32: Int] = [:]
    for (i, p) in graph.pieces.enumerated() {
      // Nobody stops at a signal of his own between two halves of one crossing.
      let isBetween =
        p.length < Self.reach && graph.degree[Int(p.from)] > 2 && graph.degree[Int(p.to)] > 2
      for (node, lanes, atEnd) in [
        (p.to, p.profile.forward, true), (p.from, p.profile.backward, false),
      ] where lanes > 0 && ruled.count[Int(node)] > 0 {
        if isBetween && !ruled.holds(Int32(i), atEnd: atEnd) { continue }
        approaches[node, default: 0] += 1
      }
    }
    var few = 0
    for node in ruled.count.indices where ruled.count[node] > 0 && !hasSignals[node] {
      hasSignals[node] = Int(ruled.count[node]) * 2 >= approaches[Int32(node)] ?? 0
      if !hasSignals[node] { few += 1 }
    }
    return few
  }

  /// The ends of pieces before which signals stand, and how many of them each node has.
  private struct Ruled {
    private var ends: Set<Int32> = []
    private(set) var count: [Int32]

    init(_ graph: RoadGraph) { count = Array(repeating: 0, count: graph.positions.count) }

    mutating func add(_ piece: Int32, atEnd: Bool, node: Int32) {
      if ends.insert(piece * 2 + (atEnd ? 1 : 0)).inserted { count[Int(node)] += 1 }
    }

    func holds(_ piece: Int32, atEnd: Bool) -> Bool { ends.contains(piece * 2 + (atEnd ? 1 : 0)) }
  }
}
