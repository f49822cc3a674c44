import CityBase
import CityNetwork

/// What an emergency unit can do.
public enum UnitKind: UInt8, Sendable, CaseIterable, Hashable {
  case ambulance = 0
  case fireEngine = 1
  case police = 2

  /// The word for scenarios, tables and snapshots.
  public var word: String {
    switch self {
    case .ambulance: "ambulance"
    case .fireEngine: "fire_engine"
    case .police: "police"
    }
  }
}

/// A place where units of one kind wait for calls.
public struct UnitPost: Sendable, Hashable {
  /// The id of the station, or the name of the policy that adds it; unit names begin with it.
  public var name: String
  public var kind: UnitKind
  /// Units that belong to it, 1 or more.
  public var count: Int
  public var access: AccessPoint
  /// Metres of the working CRS.
  public var position: Point2

  public init(
    name: String, kind: UnitKind, count: Int, access: AccessPoint, position: Point2
  ) {
    self.name = name
    self.kind = kind
    self.count = count
    self.access = access
    self.position = position
  }
}
