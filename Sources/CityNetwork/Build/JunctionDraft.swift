import CityBase

/// A link that leads into the junction being drafted.
struct Approach {
  var link: Int32
  var piece: Int32
  var isForward: Bool
  var node: Int32
  var profile: RoadProfile
  /// Those for all.
  var lanes: Int
  /// Their numbers among all lanes, and which are for buses.
  var places: [Int]
  var busLanes: BusLanes
  /// Direction of travel over the last metres, and at the stop line.
  var heading: Point2
  var endHeading: Point2
  /// Where each of them ends, kerb lane first.
  var laneEnds: [Point2]
  /// 0 main, 1 yields, 2 yields to those too.
  var level = 0
  var sign = NodeControl.none
  /// The arrows on its lanes, kerb lane first; none where unmarked.
  var turns: [LaneTurns] = []
  /// The cluster of nodes that it comes from.
  var origin = -1
}

/// A link that leads out of the junction being drafted.
struct Departure {
  var link: Int32
  var piece: Int32
  var isForward: Bool
  var node: Int32
  var profile: RoadProfile
  var lanes: Int
  var places: [Int]
  var busLanes: BusLanes
  var heading: Point2
  var startHeading: Point2
  var laneStarts: [Point2]
  /// Metres to the next junction, whether signals rule it, and the arrows before it.
  var length: Double
  var leadsToSignals = false
  var turns: [LaneTurns]
  /// The cluster of nodes that it leads to.
  var target = -2
}

/// A permitted movement from an approach to a departure.
struct Movement {
  var approach: Int
  var departure: Int
  var turn: Turn
  /// Directed pieces inside the junction on the way (twice the piece, one more when backwards).
  var path: [Int32]
  /// Whether it leaves the main road for a turning lane of its own that passes by the signals.
  var isSlip = false
  /// How much of a roundabout that lies wholly inside the junction it drives, 0 to 1; nil
  /// elsewhere.
  var ringShare: Double?
  /// The lanes it starts from and ends in.
  var fromLanes = 0...0
  var toLanes = 0...0
  /// How far to the left of the departure's line a through movement comes from, in metres.
  var side = 0.0
}

/// A connector before it has its id.
struct DraftConnector {
  var movement: Int
  var approach: Int
  var departure: Int
  /// Among all lanes, those for buses too.
  var fromLane: Int
  var toLane: Int
  /// Whether it starts from a lane for buses.
  var isForBuses = false
  var turn: Turn
  /// Those of its movement.
  var side: Double
  var isSlip: Bool
  /// What it drives of a roundabout inside the junction, if anything.
  var ring: RingPart?
  var points: [Point2]
  var box: Box2
  var length: Double
  var speed: Double
  var rank: UInt8 = 0
  var group: Int = -1
}

/// A conflict between two connectors, counted within the junction.
struct DraftConflict {
  var a: Int
  var b: Int
  var entryA: Double
  var exitA: Double
  var entryB: Double
  var exitB: Double
  var kind: UInt8
  /// 1 where `a` yields, -1 where `b` does, 0 where neither does.
  var yields: Int = 0
}

/// One junction while its connectors, conflicts and signals are worked out.
struct JunctionDraft {
  /// The smallest external id among its nodes.
  var nodeID: Int64
  var armCount: Int
  var approaches: [Approach]
  var departures: [Departure]
  var movements: [Movement] = []
  var connectors: [DraftConnector] = []
  var conflicts: [DraftConflict] = []
  var control = JunctionControl.equal
  var hasSignals: Bool
  var isMiniRoundabout: Bool
  var touchesRing: Bool
  /// A roundabout that lies inside with all its ring.
  var ring: RingLine?
  var groupCount = 0
  var phases: [SignalPhase] = []
}
