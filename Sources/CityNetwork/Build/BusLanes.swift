import CityBase

/// Which lanes of a direction are for buses, as bits from the kerb, beside those that are for all.
struct BusLanes: Equatable {
  private(set) var mask: UInt16 = 0

  static let none = BusLanes()
  /// Who may use them.
  static let access: Access = [.bus, .emergency]
  /// No direction has more lanes, those for all among them.
  private static let mostLanes = 8

  init() {}

  /// Of numbers among the lanes of a direction, of which so many are for all; those that cannot be are
  /// left out.
  init(_ numbers: [Int], besides open: Int) {
    guard open > 0 else { return }
    let all = open + Set(numbers).count
    guard all <= Self.mostLanes, numbers.allSatisfy({ $0 >= 0 && $0 < all }) else { return }
    for n in numbers { mask |= 1 << UInt16(n) }
  }

  var count: Int { mask.nonzeroBitCount }

  func contains(_ lane: Int) -> Bool { mask >> UInt16(lane) & 1 != 0 }

  /// The numbers of the lanes for all, `open` of them, among all lanes.
  func open(_ open: Int) -> [Int] {
    (0..<(open + count)).filter { !contains($0) }
  }
}

/// The connectors of lanes for buses.
///
/// Lanes go to movements as if they were not there (`LaneAssignment`). A lane for buses at the kerb
/// then serves those who go straight on and those who turn to its side, one beside the middle of the
/// road those who go straight on; where there are none, whoever turns nearest to its side. It goes on
/// as a lane for buses on the same side, or else runs together with the lane for all beside it.
enum BusLaneConnectors {
  struct Way {
    var movement: Int
    /// Among all lanes, from the kerb.
    var from: Int
    var to: Int
    /// The lane for all beside which it runs, among those.
    var beside: Int
  }

  static func ways(_ draft: JunctionDraft) -> [Way] {
    draft.approaches.indices.flatMap { a in
      (0..<(draft.approaches[a].places.count + draft.approaches[a].busLanes.count))
        .filter { draft.approaches[a].busLanes.contains($0) }
        .flatMap { ways(of: $0, approach: a, draft) }
    }
  }

  private static func ways(of lane: Int, approach a: Int, _ draft: JunctionDraft) -> [Way] {
    let approach = draft.approaches[a]
    let isAtKerb = approach.places.first.map { lane < $0 } ?? true
    let own = draft.movements.indices.filter { draft.movements[$0].approach == a }
    var served = own.filter {
      draft.movements[$0].turn == .through || isAtKerb && draft.movements[$0].turn == .right
    }
    if served.isEmpty {
      let order: [Turn] = isAtKerb ? [.right, .left, .uTurn] : [.left, .right, .uTurn]
      let nearest = order.first { turn in own.contains { draft.movements[$0].turn == turn } }
      served = own.filter { draft.movements[$0].turn == nearest }
    }
    return served.map { i in
      let m = draft.movements[i]
      let d = draft.departures[m.departure]
      let beside = isAtKerb ? m.toLanes.lowerBound : m.toLanes.upperBound
      let onward = isAtKerb ? 0 : d.places.count + d.busLanes.count - 1
      return Way(
        movement: i, from: lane, to: d.busLanes.contains(onward) ? onward : d.places[beside],
        beside: isAtKerb ? m.fromLanes.lowerBound : m.fromLanes.upperBound)
    }
  }

  /// Whether one of two connectors of an approach is a bus's that crosses the other: it lies nearer to
  /// the kerb and turns less towards it.
  static func cross(_ a: DraftConnector, _ b: DraftConnector) -> Bool {
    guard a.isForBuses || b.isForBuses, a.fromLane != b.fromLane else { return false }
    let (lower, upper) = a.fromLane < b.fromLane ? (a, b) : (b, a)
    return side(lower.turn) > side(upper.turn)
  }

  /// From the right to the left.
  private static func side(_ turn: Turn) -> Int {
    switch turn {
    case .right: 0
    case .through: 1
    case .left: 2
    case .uTurn: 3
    }
  }
}
