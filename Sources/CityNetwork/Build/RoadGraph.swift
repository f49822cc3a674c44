import CityBase

/// A stretch of road between two nodes where something can be decided.
struct RoadPiece {
  /// Indices of the source's nodes.
  var from: Int32
  var to: Int32
  var points: [Point2]
  var length: Double
  var profile: RoadProfile
  /// The source's ways at the two ends, for turn bans.
  var firstWay: Int32
  var lastWay: Int32
  /// The longest of the pieces this one was joined from names it: way, number along the way,
  /// whether that way runs against this piece, and its length.
  var namedBy: Int32
  var number: Int32
  var isNamedBackwards = false
  var namedLength: Double
  /// Metres of it on bridges and in tunnels.
  var bridgeLength: Double
  var tunnelLength: Double
  /// Signals and signs met between the ends, by distance from the start, with the direction of
  /// this piece that they rule.
  var controls: [MetControl] = []
  /// The arrows of the lanes that arrive at the ends, kerb lane first; none where unmarked.
  var turnsAtFrom: [LaneTurns] = []
  var turnsAtTo: [LaneTurns] = []
  /// Signs that rule the traffic arriving at the ends.
  var signAtFrom = NodeControl.none
  var signAtTo = NodeControl.none

  var reversed: RoadPiece {
    var r = self
    swap(&r.from, &r.to)
    r.points.reverse()
    r.profile = profile.reversed
    swap(&r.firstWay, &r.lastWay)
    r.isNamedBackwards.toggle()
    r.controls = controls.reversed().map { $0.reversed(on: length) }
    swap(&r.turnsAtFrom, &r.turnsAtTo)
    swap(&r.signAtFrom, &r.signAtTo)
    return r
  }

  /// Whether more of it lies on bridges than not: a street with a culvert is none.
  var isBridge: Bool { bridgeLength * 2 > length }
  var isTunnel: Bool { tunnelLength * 2 > length }

  /// Continues this piece with one that starts where it ends.
  mutating func append(
    _ next: RoadPiece, control: NodeControl, direction: ControlDirection
  ) {
    if control != .none {
      controls.append(MetControl(offset: length, control: control, direction: direction))
    }
    for c in next.controls {
      controls.append(
        MetControl(offset: length + c.offset, control: c.control, direction: c.direction))
    }
    turnsAtTo = next.turnsAtTo
    signAtTo = next.signAtTo
    points.append(contentsOf: next.points.dropFirst())
    to = next.to
    length += next.length
    lastWay = next.lastWay
    bridgeLength += next.bridgeLength
    tunnelLength += next.tunnelLength
    if next.namedLength > namedLength {
      namedBy = next.namedBy
      number = next.number
      isNamedBackwards = next.isNamedBackwards
      namedLength = next.namedLength
    }
  }
}

/// A signal or sign on a piece of road between its ends.
struct MetControl {
  var offset: Double
  var control: NodeControl
  var direction: ControlDirection

  func reversed(on length: Double) -> MetControl {
    MetControl(offset: length - offset, control: control, direction: direction.reversed)
  }
}

extension ControlDirection {
  var reversed: ControlDirection {
    switch self {
    case .both: .both
    case .forward: .backward
    case .backward: .forward
    }
  }
}

/// Step two: ways cut into pieces at the nodes they share, and joined again where nothing can be
/// decided.
struct RoadGraph {
  var pieces: [RoadPiece] = []
  let positions: [Point2]
  let controls: [NodeControl]
  /// Which direction each of them rules, seen along the ways through its node.
  let controlDirections: [ControlDirection]
  /// Ends of pieces at each node.
  private(set) var degree: [Int32]

  init(_ roads: CleanRoads) {
    positions = roads.positions
    controls = roads.source.nodes.map(\.control)
    controlDirections = roads.source.nodes.map(\.controlDirection)
    degree = Array(repeating: 0, count: positions.count)
    split(roads)
    countEnds()
  }

  /// Cuts every way at its ends and wherever another way, or itself, passes.
  private mutating func split(_ roads: CleanRoads) {
    var uses = [UInt8](repeating: 0, count: positions.count)
    for way in roads.ways {
      for (i, n) in way.nodes.enumerated() {
        let isEnd = i == 0 || i == way.nodes.count - 1
        uses[Int(n)] = min(2, uses[Int(n)] + (isEnd ? 2 : 1))
      }
    }
    pieces.reserveCapacity(roads.ways.count * 2)
    for way in roads.ways {
      var start = 0
      var number: Int32 = 0
      for i in 1..<way.nodes.count where uses[Int(way.nodes[i])] > 1 {
        pieces.append(piece(of: way, start...i, number, roads))
        number += 1
        start = i
      }
    }
  }

  private func piece(
    of way: CleanRoads.Way, _ range: ClosedRange<Int>, _ number: Int32, _ roads: CleanRoads
  ) -> RoadPiece {
    var points: [Point2] = []
    points.reserveCapacity(range.count)
    var length = 0.0
    var met: [MetControl] = []
    for i in range {
      let n = Int(way.nodes[i])
      let p = positions[n]
      if let last = points.last { length += last.distance(to: p) }
      points.append(p)
      if i > range.lowerBound && i < range.upperBound && controls[n] != .none {
        met.append(
          MetControl(offset: length, control: controls[n], direction: controlDirections[n]))
      }
    }
    let source = roads.source.ways[Int(way.source)]
    return RoadPiece(
      from: way.nodes[range.lowerBound], to: way.nodes[range.upperBound], points: points,
      length: length, profile: way.profile, firstWay: way.source, lastWay: way.source,
      namedBy: way.source, number: number, namedLength: length,
      bridgeLength: source.isBridge ? length : 0, tunnelLength: source.isTunnel ? length : 0,
      controls: met, turnsAtFrom: way.backwardTurns, turnsAtTo: way.forwardTurns)
  }

  mutating func countEnds() {
    for i in degree.indices { degree[i] = 0 }
    for p in pieces {
      degree[Int(p.from)] += 1
      degree[Int(p.to)] += 1
    }
  }

  /// Joins pieces over nodes where exactly two of the same road meet, and drops dead ends shorter
  /// than `shortest` metres, which could not hold a vehicle and its turning place.
  mutating func simplify(droppingStubsBelow shortest: Double, _ diagnostics: inout Diagnostics) {
    join()
    let before = pieces.count
    pieces.removeAll { p in
      if p.from == p.to { return p.length < 2 * shortest }
      return p.length < shortest && (degree[Int(p.from)] == 1 || degree[Int(p.to)] == 1)
    }
    guard pieces.count < before else { return }
    diagnostics.note(
      "short-dead-ends",
      "\(before - pieces.count) dead ends and loops too short to drive into; left out")
    countEnds()
    join()
  }

  /// Leaves out pieces that junctions leave too little of; true where there are any.
  mutating func leaveOut(_ stubs: [Int], _ diagnostics: inout Diagnostics) -> Bool {
    guard !stubs.isEmpty else { return false }
    var rest = stubs[...]
    pieces = pieces.indices.compactMap { i in
      if rest.first == i {
        rest.removeFirst()
        return nil
      }
      return pieces[i]
    }
    diagnostics.note(
      "stubs", "\(stubs.count) dead ends with too little room to turn before the junction; left out"
    )
    countEnds()
    join()
    return true
  }
}

extension RoadGraph {
  /// An end of a piece: twice its index, and one more for the `to` end.
  private struct Ends {
    var first: [Int32]
    var second: [Int32]
  }

  private mutating func join() {
    var ends = Ends(
      first: Array(repeating: -1, count: positions.count),
      second: Array(repeating: -1, count: positions.count))
    for (i, p) in pieces.enumerated() {
      for (node, code) in [(Int(p.from), Int32(2 * i)), (Int(p.to), Int32(2 * i + 1))] {
        if ends.first[node] < 0 { ends.first[node] = code } else { ends.second[node] = code }
      }
    }
    var used = [Bool](repeating: false, count: pieces.count)
    var joined: [RoadPiece] = []
    joined.reserveCapacity(pieces.count)
    // Chains from their ends first; what is left then runs in a circle.
    for round in 0..<2 {
      for i in pieces.indices where !used[i] {
        let backwards: Bool
        if round == 1 || !dissolves(Int(pieces[i].from), ends) {
          backwards = false
        } else if !dissolves(Int(pieces[i].to), ends) {
          backwards = true
        } else {
          continue
        }
        joined.append(chain(from: i, backwards: backwards, ends, &used))
      }
    }
    pieces = joined
    countEnds()
  }

  private func dissolves(_ node: Int, _ ends: Ends) -> Bool {
    guard degree[node] == 2 else { return false }
    let a = ends.first[node]
    let b = ends.second[node]
    guard a >= 0, b >= 0, a >> 1 != b >> 1 else { return false }
    let arriving = pieces[Int(a >> 1)].profile
    let leaving = pieces[Int(b >> 1)].profile
    return (a & 1 == 1 ? arriving : arriving.reversed)
      == (b & 1 == 0 ? leaving : leaving.reversed)
  }

  private func chain(from start: Int, backwards: Bool, _ ends: Ends, _ used: inout [Bool])
    -> RoadPiece
  {
    used[start] = true
    var piece = backwards ? pieces[start].reversed : pieces[start]
    var arriving = Int32(2 * start + (backwards ? 0 : 1))
    while dissolves(Int(piece.to), ends) {
      let node = Int(piece.to)
      let leaving = ends.first[node] == arriving ? ends.second[node] : ends.first[node]
      let next = Int(leaving >> 1)
      if used[next] { break }
      used[next] = true
      let isReversed = leaving & 1 == 1
      // What stands where two ways meet is seen along the first of them.
      piece.append(
        isReversed ? pieces[next].reversed : pieces[next], control: controls[node],
        direction: backwards ? controlDirections[node].reversed : controlDirections[node])
      arriving = leaving ^ 1
    }
    return piece.profile.forward == 0 ? piece.reversed : piece
  }
}
