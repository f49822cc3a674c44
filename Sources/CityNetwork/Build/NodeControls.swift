import CityBase

/// Which nodes are signalised, and which piece ends carry a sign, after signals and signs in the
/// middle of a road have been given to the intersection they stand before.
struct NodeControls {
  /// How far before an intersection its signals and signs may stand, in metres.
  static let reach = 30.0

  var hasSignals: [Bool]
  var isMiniRoundabout: [Bool]

  /// Signals that stand nowhere near an intersection (mostly pedestrian crossings, whose
  /// pedestrians this engine does not have yet) are left out with a note.
  init(_ graph: inout RoadGraph, _ diagnostics: inout Diagnostics) {
    hasSignals = Array(repeating: false, count: graph.positions.count)
    isMiniRoundabout = hasSignals
    for i in graph.positions.indices where graph.degree[i] > 2 {
      hasSignals[i] = graph.controls[i] == .signals
      isMiniRoundabout[i] = graph.controls[i] == .miniRoundabout
    }
    var lost = 0
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
        if !assign(c, &piece, graph) && c.control == .signals { lost += 1 }
      }
      graph.pieces[i] = piece
    }
    if lost > 0 {
      diagnostics.note(
        "signal-dropped", "\(lost) signals stand away from any intersection; left out")
    }
  }

  private mutating func assign(
    _ met: MetControl, _ piece: inout RoadPiece, _ graph: RoadGraph
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
      hasSignals[Int(atEnd ? piece.to : piece.from)] = true
    } else if atEnd && piece.profile.forward > 0 {
      piece.signAtTo = control
    } else if !atEnd && piece.profile.backward > 0 {
      piece.signAtFrom = control
    }
    return true
  }
}
