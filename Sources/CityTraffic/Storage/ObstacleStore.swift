/// What a driver finds at a stretch of a lane.
enum StretchKind: UInt8, BitwiseCopyable {
  /// Something stands there, with room to creep past it.
  case narrowed = 0
  /// The lane is blocked: drivers pass on another lane, or wait until it is over.
  case wall = 1
  /// The lane is blocked and passed on the opposite one, while it is this side's turn.
  case passage = 2
  /// The lane is free, and used by those who pass something on the opposite one in their turn.
  case opposite = 3
}

/// Bits of `Stretch.flags`.
enum StretchFlag {
  /// Vehicles on their way into the lane may drive on into the stretch.
  static let letsEntrantsPass: UInt8 = 1
  /// Junctions may let vehicles into the lane as if the stretch were not there.
  static let takesEntrants: UInt8 = 2
  /// Nobody is beside the wall any more who had come there before it was put up.
  static let isDeserted: UInt8 = 4
  /// Everybody before the wall can stop there: nobody passes it any more.
  static let isShut: UInt8 = 8
  /// Who filters past a queue may drive on into the stretch.
  static let letsSidePass: UInt8 = 16

  static let open = letsEntrantsPass | takesEntrants | letsSidePass
}

/// A stretch of a lane that is not driven through like others, and the gate before it.
struct Stretch: BitwiseCopyable {
  var lane: Int32
  /// Metres from the start of the lane; the gate is at `from`.
  var from: Float
  var to: Float
  var kind: StretchKind
  /// A set of `StretchFlag`.
  var flags: UInt8
  /// The index of the passage it is a side of, or -1.
  var passage: Int32
  /// How many of those before the gate, the first ones, may pass it in this tick.
  var mayPass: Int32
  /// Where in the lane's slots the first stands who has to stop; follows from the rest in phase 5.
  var firstBlocked: Int32

  static let all = Int32.max

  init(lane: Int32, from: Float, to: Float, kind: StretchKind, passage: Int32 = -1) {
    self.lane = lane
    self.from = from
    self.to = to
    self.kind = kind
    self.passage = passage
    let isOpen = kind == .narrowed
    flags = isOpen ? StretchFlag.open : 0
    mayPass = isOpen ? Self.all : 0
    firstBlocked = 0
  }

  /// Whether two stand for the same place, whatever their gates show.
  func isSamePlace(as other: Stretch) -> Bool {
    lane == other.lane && from == other.from && to == other.to && kind == other.kind
  }
}

/// Two stretches, one on each side of a street, that are used by one direction at a time.
struct Passage: BitwiseCopyable {
  /// The stretch of each side.
  var first: Int32
  var second: Int32
  /// The side that nobody blocks, or 0: it has the turn when nobody comes.
  var favourite: Int8
  /// Whose turn it is, or -1 while the stretch empties.
  var turn: Int8 = -1
  /// Who gets the turn next, while the stretch empties; -1 where nobody has had one yet.
  var goal: Int8 = -1
  /// Whether it has been empty since it was made: from then on one direction has it at a time.
  var isSettled: Bool = false
  /// Ticks for which the other side has wanted to pass in this turn.
  var waited: Int32 = 0

  func stretch(of side: Int8) -> Int { Int(side == 0 ? first : second) }
}

/// A blockage as it was put up, clamped to its lane.
struct StandingBlockage: BitwiseCopyable {
  /// -1 where it is a policy's.
  var id: Int32
  var lane: Int32
  var from: Float
  var to: Float
  var width: Float
}

/// Everything that stands on lanes: what was put up, and the stretches that follow from it.
///
/// Written in phase 2 alone (but for `firstBlocked`, which the lane's worker sets in phase 5), so
/// that any phase may read the gates of any lane.
struct ObstacleStore {
  let blockages = RawList<StandingBlockage>()
  /// By lane, then by place; a lane's record points at its first.
  let stretches = RawList<Stretch>()
  let passages = RawList<Passage>()
  /// One value: the next blockage's id.
  let nextID = RawColumn<Int32>(repeating: 0, count: 1)

  func free() {
    blockages.free()
    stretches.free()
    passages.free()
    nextID.free()
  }
}
