import CityBase
import CityNetwork

/// One call for help: it asks for one unit.
public struct Call: Sendable, Hashable {
  /// The most urgent and the least urgent priority.
  public static let priorities: ClosedRange<UInt8> = 1...5

  /// The id of the input, as written to `responses.csv`.
  public var name: String
  /// The stable hash of the name: what all random numbers of this call hang on.
  public var key: UInt64
  /// Milliseconds from the start of the run's clock.
  public var milliseconds: Int64
  /// Where units reach it from the road.
  public var access: AccessPoint
  /// Metres of the working CRS.
  public var position: Point2
  public var kind: IncidentKind
  /// 1 (most urgent) to 5.
  public var priority: UInt8

  public init(
    name: String, milliseconds: Int64, access: AccessPoint, position: Point2,
    kind: IncidentKind, priority: UInt8
  ) {
    self.name = name
    self.key = StableHash.of(name)
    self.milliseconds = milliseconds
    self.access = access
    self.position = position
    self.kind = kind
    self.priority = min(max(priority, Self.priorities.lowerBound), Self.priorities.upperBound)
  }
}

extension Array where Element == Call {
  /// In the order that calls are counted in: by time, then by key, then by name.
  func inOrderOfTime() -> [Call] {
    sorted {
      ($0.milliseconds, $0.key, $0.name) < ($1.milliseconds, $1.key, $1.name)
    }
  }
}
