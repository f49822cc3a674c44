import CityBase

/// How a junction is ruled.
public enum JunctionControl: UInt8, Sendable {
  /// Equal roads: first come, first served, then from the near side.
  case equal = 0
  /// Main and minor roads: the minor ones yield.
  case priority = 1
  case signals = 2
  /// Part of a roundabout: the ring has priority.
  case roundabout = 3
  /// A dead end or a mere change of lanes: nothing conflicts.
  case passage = 4
}

/// Which way a connector turns.
public enum Turn: UInt8, Sendable {
  case through = 0
  case left = 1
  case right = 2
  case uTurn = 3
}

/// What a signal shows to a group of connectors.
public enum SignalState: UInt8, Sendable {
  case red = 0
  case yellow = 1
  /// Green, but oncoming and crossing traffic with green goes first.
  case permissive = 2
  case green = 3
}

/// How two connectors meet.
public enum ConflictKind {
  /// They cross: one vehicle at a time.
  public static let crossing: UInt8 = 0
  /// Both end in one lane.
  public static let merge: UInt8 = 1
  /// Both start in one lane.
  public static let diverge: UInt8 = 2
  /// They run together for a while, as round a roundabout, but neither start nor end so.
  public static let shared: UInt8 = 3
}

/// Where two connectors cannot both be used at once, seen from one of them.
///
/// Where they run the same way (all kinds but crossings), vehicles may be in the area together, one
/// behind the other: a place of the other connector lies `shift` further along this one.
public struct Conflict: Sendable, Hashable, BitwiseCopyable {
  /// The other connector, counted from 0 among connectors.
  public var other: ConnectorID
  /// The stretch of this connector in metres from its start that a vehicle here shares with one
  /// there: its front must not pass `entry`, or its rear must have passed `exit`.
  public var entry: Float
  public var exit: Float
  /// The same area, measured along the other connector.
  public var otherEntry: Float
  public var otherExit: Float
  /// 1 where this one yields, -1 where the other yields, 0 where neither does.
  public var yields: Int8
  /// One of `ConflictKind`.
  public var kind: UInt8
  /// Keeps the size a multiple of four without hidden padding.
  public var reserved: UInt16 = 0

  public init(
    other: ConnectorID, entry: Float, exit: Float, otherEntry: Float, otherExit: Float,
    yields: Int8, kind: UInt8
  ) {
    self.other = other
    self.entry = entry
    self.exit = exit
    self.otherEntry = otherEntry
    self.otherExit = otherExit
    self.yields = yields
    self.kind = kind
  }

  /// Metres from a place measured along the other connector to the same place along this one; 0 for
  /// crossings, where it has no meaning. Ways that part are measured from their common start, ways
  /// that join from the end of what they have in common.
  @inlinable public var shift: Float {
    kind == ConflictKind.merge || kind == ConflictKind.shared ? exit - otherExit : 0
  }
}

/// One stage of a signal plan: what each group shows, and for how long.
public struct SignalPhase: Sendable, Hashable {
  public var milliseconds: Int32
  /// A state for each group of the controller.
  public var states: [SignalState]
  public init(milliseconds: Int32, states: [SignalState]) {
    self.milliseconds = milliseconds
    self.states = states
  }
}

/// A fixed-time plan: its phases follow each other round and round, shifted by an offset.
public struct SignalController: Sendable, Hashable {
  public var externalID: String
  public var junction: JunctionID
  public var groupCount: Int32
  public var phases: [SignalPhase]
  /// Phase 0 starts at this time after local midnight, plus whole cycles.
  public var offsetMilliseconds: Int32

  public init(
    externalID: String, junction: JunctionID, groupCount: Int32, phases: [SignalPhase],
    offsetMilliseconds: Int32
  ) {
    self.externalID = externalID
    self.junction = junction
    self.groupCount = groupCount
    self.phases = phases
    self.offsetMilliseconds = offsetMilliseconds
  }

  public var cycleMilliseconds: Int32 { phases.reduce(0) { $0 + $1.milliseconds } }
}

/// The built road network: columns by junction, link, lane and connector. It never changes during
/// a run; closures and limits are override columns over it.
///
/// Order is part of the layout, because one worker owns a junction with all that leads into it:
/// - junctions follow a Hilbert curve;
/// - links are sorted by the junction they end in, so the approaches of a junction are one range;
/// - road lanes follow their links, kerb lane first;
/// - connectors are sorted by junction, then by the lane they start from: the connectors of a
///   junction are one range and those of a lane are one range;
/// - a connector is a lane too: connector `c` has the lane id `roadLaneCount + c`.
public struct RoadNetwork: Sendable, Equatable {
  public var drivesOnRight = true
  public var allowsTurnOnRed = false

  // Junctions
  public var junctionPosition = Column<JunctionID, Point2>()
  public var junctionControl = Column<JunctionID, JunctionControl>()
  /// The controller, or none.
  public var junctionSignal = Column<JunctionID, SignalID>()
  public var junctionExternalID = Column<JunctionID, String>()
  /// One more than there are junctions: approaches of j are links [j] ..< [j + 1].
  public var junctionFirstApproach: [Int32] = [0]
  /// Departures of j are `departureLinks` [j] ..< [j + 1].
  public var junctionFirstDeparture: [Int32] = [0]
  public var departureLinks: [LinkID] = []
  /// Connectors of j are [j] ..< [j + 1].
  public var junctionFirstConnector: [Int32] = [0]

  // Links
  public var linkFrom = Column<LinkID, JunctionID>()
  public var linkTo = Column<LinkID, JunctionID>()
  /// One more than there are links: lanes of l are [l] ..< [l + 1].
  public var linkFirstLane: [Int32] = [0]
  /// Metres along the centreline between the stop lines.
  public var linkLength = Column<LinkID, Float>()
  /// Metres per second.
  public var linkSpeedLimit = Column<LinkID, Float>()
  public var linkClass = Column<LinkID, RoadClass>()
  public var linkAccess = Column<LinkID, Access>()
  public var linkName = Column<LinkID, String>()
  /// The source's id with the direction and piece: `123+0`, `123-2`.
  public var linkExternalID = Column<LinkID, String>()
  /// The link of the same road in the other direction, or none.
  public var linkReverse = Column<LinkID, LinkID>()
  /// Whether more than half of it lies on bridges, or in tunnels.
  public var linkIsBridge = Column<LinkID, Bool>()
  public var linkIsTunnel = Column<LinkID, Bool>()
  public var linkIsRoundabout = Column<LinkID, Bool>()
  /// The centreline of the carriageway (of its own direction) of l is `linkPoints` [l] ..< [l + 1],
  /// in metres of the working CRS.
  public var linkFirstPoint: [Int32] = [0]
  public var linkPoints: [Point2] = []

  // Lanes: road lanes, then connectors.
  /// The link of a road lane.
  public var laneLink = Column<LaneID, LinkID>()
  public var laneWidth = Column<LaneID, Float>()
  /// Metres; road lanes first, then connectors.
  public var laneLength = Column<LaneID, Float>()
  /// Metres per second: the limit on a road lane, the turning speed on a connector.
  public var laneSpeed = Column<LaneID, Float>()
  /// Who may use a road lane; empty where every lane is open to all who may use its link.
  public var laneAccess = Column<LaneID, Access>()
  /// One more than there are road lanes: connectors that start from lane l are [l] ..< [l + 1].
  public var laneFirstConnector: [Int32] = [0]

  // Connectors
  public var connectorFrom = Column<ConnectorID, LaneID>()
  public var connectorTo = Column<ConnectorID, LaneID>()
  public var connectorTurn = Column<ConnectorID, Turn>()
  /// The group of the junction's controller, or -1.
  public var connectorGroup = Column<ConnectorID, Int16>()
  /// Right of way at unsignalled junctions and among permissive movements: smaller goes first.
  public var connectorRank = Column<ConnectorID, UInt8>()
  public var connectorFirstPoint: [Int32] = [0]
  public var connectorPoints: [Point2] = []
  /// Conflicts of c are `conflicts` [c] ..< [c + 1], by ascending entry.
  public var connectorFirstConflict: [Int32] = [0]
  public var conflicts: [Conflict] = []

  public var signals = Column<SignalID, SignalController>()

  public init() {}

  public var junctionCount: Int { junctionPosition.count }
  public var linkCount: Int { linkFrom.count }
  /// Lanes of links; connectors not counted.
  public var roadLaneCount: Int { laneLink.count }
  public var connectorCount: Int { connectorFrom.count }
  /// Road lanes and connectors.
  public var laneCount: Int { roadLaneCount + connectorCount }

  @inlinable public func lanes(of link: LinkID) -> Range<Int> {
    Int(linkFirstLane[link.index])..<Int(linkFirstLane[link.index + 1])
  }
  @inlinable public func approaches(of junction: JunctionID) -> Range<Int> {
    Int(junctionFirstApproach[junction.index])..<Int(junctionFirstApproach[junction.index + 1])
  }
  @inlinable public func departures(of junction: JunctionID) -> ArraySlice<LinkID> {
    departureLinks[
      Int(junctionFirstDeparture[junction.index])..<Int(junctionFirstDeparture[junction.index + 1])]
  }
  @inlinable public func connectors(of junction: JunctionID) -> Range<Int> {
    Int(junctionFirstConnector[junction.index])..<Int(junctionFirstConnector[junction.index + 1])
  }
  /// The connectors that start from a road lane.
  @inlinable public func connectors(from lane: LaneID) -> Range<Int> {
    Int(laneFirstConnector[lane.index])..<Int(laneFirstConnector[lane.index + 1])
  }
  /// The signal that rules a connector, and its group there; nil where none does.
  @inlinable public func signalGroup(of connector: ConnectorID) -> (signal: SignalID, group: Int)? {
    let group = Int(connectorGroup[connector])
    guard group >= 0 else { return nil }
    let signal = junctionSignal[linkTo[laneLink[connectorFrom[connector]]]]
    return signal.isSome ? (signal, group) : nil
  }
  @inlinable public func conflicts(of connector: ConnectorID) -> ArraySlice<Conflict> {
    conflicts[
      Int(
        connectorFirstConflict[connector.index])..<Int(
          connectorFirstConflict[connector.index + 1])]
  }
  @inlinable public func points(of link: LinkID) -> ArraySlice<Point2> {
    linkPoints[Int(linkFirstPoint[link.index])..<Int(linkFirstPoint[link.index + 1])]
  }
  @inlinable public func points(of connector: ConnectorID) -> ArraySlice<Point2> {
    connectorPoints[
      Int(connectorFirstPoint[connector.index])..<Int(connectorFirstPoint[connector.index + 1])]
  }
  /// Whether some lane is closed to somebody who may use its link, as a lane for buses is to cars.
  @inlinable public var hasReservedLanes: Bool { !laneAccess.isEmpty }
  /// Who may use a road lane.
  @inlinable public func access(to lane: LaneID) -> Access {
    laneAccess.isEmpty ? linkAccess[laneLink[lane]] : laneAccess[lane]
  }
  /// How many lanes of a link are open to a class of vehicles, or all of them where none is.
  public func laneCount(of link: LinkID, for access: Access) -> Int {
    let all = lanes(of: link)
    guard hasReservedLanes else { return all.count }
    let open = all.count { !laneAccess[LaneID($0)].isDisjoint(with: access) }
    return open > 0 ? open : all.count
  }
  /// Whether a class of vehicles may use a connector: the lanes that it starts from and ends in.
  @inlinable public func isOpen(_ connector: ConnectorID, to access: Access) -> Bool {
    laneAccess.isEmpty
      || !laneAccess[connectorFrom[connector]].isDisjoint(with: access)
        && !laneAccess[connectorTo[connector]].isDisjoint(with: access)
  }
  /// The lane id of a connector.
  @inlinable public func lane(of connector: ConnectorID) -> LaneID {
    LaneID(roadLaneCount + connector.index)
  }
  /// The connector of a lane id, or none where it is a road lane.
  @inlinable public func connector(of lane: LaneID) -> ConnectorID {
    lane.index >= roadLaneCount ? ConnectorID(lane.index - roadLaneCount) : .none
  }
}

/// A place along a link where trips begin and end.
public struct AccessPoint: Sendable, Hashable, BitwiseCopyable {
  public var link: LinkID
  /// Metres from the start of the link.
  public var offset: Float
  public init(link: LinkID, offset: Float) {
    self.link = link
    self.offset = offset
  }
}
