import CityBase

/// Roads as a source describes them lane by lane: links between junctions, the ways across these,
/// who goes first there, and the signal plans. Nothing has to be guessed, as from a `RoadSource`.
///
/// Indices count within the arrays here; the built network orders everything anew.
public struct LaneSource: Sendable {
  public struct Junction: Sendable {
    public var externalID: String
    /// Metres in the working CRS.
    public var position: Point2
    /// How it is ruled where it has no signals.
    public var control: JunctionControl
    public init(externalID: String, position: Point2, control: JunctionControl) {
      self.externalID = externalID
      self.position = position
      self.control = control
    }
  }

  public struct Link: Sendable {
    public var externalID: String
    public var name = ""
    /// Indices into `junctions`.
    public var from: Int
    public var to: Int
    /// Metres from the start of its lanes to the stop line, 0.1 or more; it need not be what the
    /// line measures.
    public var length: Double
    /// The line midway between its outer lanes, in metres of the working CRS: two points or more.
    public var points: [Point2]
    /// Metres; all lanes of a link have one width.
    public var laneWidth: Double
    /// The limit of each lane in metres per second, kerb lane first: one lane or more.
    public var laneSpeeds: [Double]
    public var roadClass: RoadClass
    /// Who may use some lane of it.
    public var access: Access
    /// Who may use which lane, from the kerb; empty where all are open to all who may use the link.
    public var laneAccess: [Access] = []
    public var isBridge = false
    public var isTunnel = false
    public var isRoundabout = false

    public init(
      externalID: String, from: Int, to: Int, length: Double, points: [Point2],
      laneWidth: Double, laneSpeeds: [Double], roadClass: RoadClass, access: Access
    ) {
      self.externalID = externalID
      self.from = from
      self.to = to
      self.length = length
      self.points = points
      self.laneWidth = laneWidth
      self.laneSpeeds = laneSpeeds
      self.roadClass = roadClass
      self.access = access
    }
  }

  /// A way across the junction where one link ends and another starts.
  public struct Connector: Sendable {
    /// Indices into `links`, and the lanes there, 0 at the kerb.
    public var fromLink: Int
    public var fromLane: Int
    public var toLink: Int
    public var toLane: Int
    public var turn: Turn
    /// Metres; it need not be what the line measures.
    public var length: Double
    /// Metres per second.
    public var speed: Double
    /// In metres of the working CRS: two points or more.
    public var points: [Point2]
    /// Whether it comes from a road that yields to another one.
    public var isMinor: Bool
    /// The group of the junction's signal, or -1.
    public var group = -1

    public init(
      fromLink: Int, fromLane: Int, toLink: Int, toLane: Int, turn: Turn, length: Double,
      speed: Double, points: [Point2], isMinor: Bool
    ) {
      self.fromLink = fromLink
      self.fromLane = fromLane
      self.toLink = toLink
      self.toLane = toLane
      self.turn = turn
      self.length = length
      self.speed = speed
      self.points = points
      self.isMinor = isMinor
    }
  }

  /// Two connectors of one junction of which the source says that they are in each other's way.
  public struct Meeting: Sendable, Hashable {
    /// Indices into `connectors`.
    public var a: Int
    public var b: Int
    /// 1 where `a` yields, -1 where `b` does, 0 where neither does.
    public var yields: Int8
    public init(a: Int, b: Int, yields: Int8) {
      self.a = a
      self.b = b
      self.yields = yields
    }
  }

  public var junctions: [Junction] = []
  public var links: [Link] = []
  public var connectors: [Connector] = []
  public var meetings: [Meeting] = []
  /// Their `junction` is the index into `junctions`; one for a junction at most.
  public var signals: [SignalController] = []
  public var drivesOnRight = true
  public var allowsTurnOnRed = false

  public init() {}
}
