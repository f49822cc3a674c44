import CityBase

/// The class of a road, from the main to the minor; the raw values are written to files.
public enum RoadClass: UInt8, Sendable, CaseIterable, Comparable {
  case motorway = 0
  case trunk = 1
  case primary = 2
  case secondary = 3
  case tertiary = 4
  case residential = 5
  case service = 6

  public static func < (a: RoadClass, b: RoadClass) -> Bool { a.rawValue < b.rawValue }
}

/// Who may use a link or lane, as a set of vehicle classes.
public struct Access: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public static let car = Access(rawValue: 1)
  public static let truck = Access(rawValue: 2)
  public static let bus = Access(rawValue: 4)
  public static let motorcycle = Access(rawValue: 8)
  public static let bicycle = Access(rawValue: 16)
  public static let emergency = Access(rawValue: 32)
  public static let motor: Access = [.car, .truck, .bus, .motorcycle, .emergency]
  public static let all: Access = [.motor, .bicycle]
}

/// What rules the traffic at a node of the source.
public enum NodeControl: UInt8, Sendable {
  case none = 0
  case signals = 1
  case stop = 2
  case giveWay = 3
  case miniRoundabout = 4
}

/// Which traffic a signal or sign on a two-way road rules, seen from the ways through its node.
/// On a one-way road it rules the only traffic there is.
public enum ControlDirection: UInt8, Sendable {
  /// The source does not say, or says both.
  case both = 0
  case forward = 1
  case backward = 2
}

/// Where people on foot cross a road.
public enum PedestrianCrossing: UInt8, Sendable {
  case none = 0
  /// A usual place to cross without right of way.
  case unmarked = 1
  /// A zebra or the like, where those on foot go first.
  case marked = 2
  case signals = 3
}

/// The arrows on a lane: where it leads at the next junction. Empty where nothing is marked.
public struct LaneTurns: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public static let reverse = LaneTurns(rawValue: 1)
  public static let sharpLeft = LaneTurns(rawValue: 2)
  public static let left = LaneTurns(rawValue: 4)
  public static let slightLeft = LaneTurns(rawValue: 8)
  public static let through = LaneTurns(rawValue: 16)
  public static let slightRight = LaneTurns(rawValue: 32)
  public static let right = LaneTurns(rawValue: 64)
  public static let sharpRight = LaneTurns(rawValue: 128)
  /// The lane ends, and its traffic moves over to the lane on its left or right.
  public static let mergeToLeft = LaneTurns(rawValue: 256)
  public static let mergeToRight = LaneTurns(rawValue: 512)

  public static let anyLeft: LaneTurns = [.sharpLeft, .left, .slightLeft]
  public static let anyRight: LaneTurns = [.sharpRight, .right, .slightRight]
  public static let anyMerge: LaneTurns = [.mergeToLeft, .mergeToRight]
}

/// Roads as a source describes them, before links and junctions are made of them: nodes with
/// positions, and ways over nodes. Importers, the generator and plain road layers all fill this.
public struct RoadSource: Sendable {
  public struct Node: Sendable {
    /// Metres in the working CRS.
    public var position: Point2
    public var control: NodeControl
    /// The source's own id, for messages and stable choices.
    public var externalID: Int64
    /// Which direction the control rules.
    public var controlDirection = ControlDirection.both
    public var crossing = PedestrianCrossing.none
    /// Whether a railway crosses here on the level.
    public var isLevelCrossing = false
    /// How fast a hump, chicane or the like can be passed, in metres per second; 0 for none.
    public var calmedSpeed = 0.0
    public init(position: Point2, control: NodeControl = .none, externalID: Int64) {
      self.position = position
      self.control = control
      self.externalID = externalID
    }
  }

  public struct Way: Sendable {
    /// The source's own id.
    public var externalID: String
    public var name: String
    /// Indices into `nodes`, two or more, in the forward direction.
    public var nodes: [Int32]
    public var roadClass: RoadClass
    /// Lanes in the forward direction; 0 where that direction is closed.
    public var forwardLanes: Int
    /// Lanes against the forward direction; 0 on a one-way road.
    public var backwardLanes: Int
    /// Metres per second.
    public var speedLimit: Double
    public var isRoundabout: Bool
    /// A slip road or ramp: it yields where it meets others of its class.
    public var isRamp: Bool
    public var isBridge: Bool
    public var isTunnel: Bool
    public var access: Access
    /// The arrows of the lanes in the forward direction, kerb lane first: as many as there are
    /// lanes, or none where the source does not say.
    public var forwardTurns: [LaneTurns] = []
    /// The same for the lanes against it.
    public var backwardTurns: [LaneTurns] = []
    /// Lanes in the forward direction kept for buses, beside the `forwardLanes` that are for all:
    /// their numbers among all lanes of the direction, from the kerb, ascending.
    public var forwardBusLanes: [Int] = []
    /// The same for the lanes against it.
    public var backwardBusLanes: [Int] = []
    /// Metres per second against the forward direction; 0 where `speedLimit` holds both ways.
    public var backwardSpeedLimit = 0.0
    /// How high the road lies among those it crosses: bridges above 0, tunnels below. Roads only
    /// meet at shared nodes, whatever their layers.
    public var layer: Int8 = 0

    public init(
      externalID: String, name: String = "", nodes: [Int32], roadClass: RoadClass,
      forwardLanes: Int, backwardLanes: Int, speedLimit: Double, isRoundabout: Bool = false,
      isRamp: Bool = false, isBridge: Bool = false, isTunnel: Bool = false, access: Access = .all
    ) {
      self.externalID = externalID
      self.name = name
      self.nodes = nodes
      self.roadClass = roadClass
      self.forwardLanes = forwardLanes
      self.backwardLanes = backwardLanes
      self.speedLimit = speedLimit
      self.isRoundabout = isRoundabout
      self.isRamp = isRamp
      self.isBridge = isBridge
      self.isTunnel = isTunnel
      self.access = access
    }
  }

  /// A turn that is not permitted, from the end of one way over a node into another.
  public struct TurnBan: Sendable {
    public var fromWay: Int32
    public var viaNode: Int32
    public var toWay: Int32
    public init(fromWay: Int32, viaNode: Int32, toWay: Int32) {
      self.fromWay = fromWay
      self.viaNode = viaNode
      self.toWay = toWay
    }
  }

  /// A way over several ways that is not permitted as a whole, though each of its turns may be:
  /// no U-turn over the link between two carriageways, for instance.
  public struct PathBan: Sendable, Hashable {
    /// The way come from, those driven over, and the way led into: three or more.
    public var ways: [Int32]
    /// The nodes between them: one fewer than there are ways.
    public var nodes: [Int32]
    public init(ways: [Int32], nodes: [Int32]) {
      self.ways = ways
      self.nodes = nodes
    }
  }

  public var nodes: [Node] = []
  public var ways: [Way] = []
  public var turnBans: [TurnBan] = []
  public var pathBans: [PathBan] = []
  /// True where one drives on the right.
  public var drivesOnRight = true
  /// Whether a vehicle may turn towards the kerb at red after yielding (usual in China).
  public var allowsTurnOnRed = false

  public init() {}
}
