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

/// Roads as a source describes them, before links and junctions are made of them: nodes with
/// positions, and ways over nodes. Importers, the generator and plain road layers all fill this.
public struct RoadSource: Sendable {
  public struct Node: Sendable {
    /// Metres in the working CRS.
    public var position: Point2
    public var control: NodeControl
    /// The source's own id, for messages and stable choices.
    public var externalID: Int64
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

  public var nodes: [Node] = []
  public var ways: [Way] = []
  public var turnBans: [TurnBan] = []
  /// True where one drives on the right.
  public var drivesOnRight = true
  /// Whether a vehicle may turn towards the kerb at red after yielding (usual in China).
  public var allowsTurnOnRed = false

  public init() {}
}
