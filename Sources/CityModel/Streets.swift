import CityBase

/// In which directions a road may be driven, seen from the way its line is drawn.
public enum RoadDirection: Sendable, Hashable {
  case both
  case forward
  case backward
}

/// A road as its layer draws it: what a network is built from where a city has no network file.
/// What the source leaves open is nil or empty; the network builder knows the defaults by class.
public struct RoadFeature: CityEntity {
  public typealias ID = RoadFeatureID
  public static let kind = EntityKind.road
  public var externalID: String
  public var name: String
  public var position: Point2
  /// The name of a road class (`primary`), as the source has it.
  public var className: String
  /// 0 to 12 lanes, or nil.
  public var lanesForward: Int?
  public var lanesBackward: Int?
  /// Kilometres an hour, 1 to 200, or nil.
  public var speedKmh: Double?
  /// Nil where the source does not say.
  public var direction: RoadDirection?
  public var isRoundabout: Bool
  public var isBridge: Bool
  public var isTunnel: Bool
  /// Who may use it, as the source has it (`private`, `no`), or an empty text.
  public var access: String
}

/// A traffic signal as its layer draws it.
public struct SignalFeature: CityEntity {
  public typealias ID = SignalFeatureID
  public static let kind = EntityKind.signal
  public var externalID: String
  public var name: String
  public var position: Point2
  /// The source's id of the junction it belongs to, or an empty text.
  public var junction: String
}

/// A way for people on foot.
public struct Footway: CityEntity {
  public typealias ID = FootwayID
  public static let kind = EntityKind.footway
  public var externalID: String
  public var name: String
  public var position: Point2
  /// What it is paved with, or an empty text.
  public var surface: String
  /// Metres, or nil.
  public var widthMetres: Double?
  public var hasSteps: Bool
}
