import CityBase
import CityNetwork

/// Why a trip is made; the raw values are written to files.
public enum TripPurpose: UInt8, Sendable, CaseIterable {
  case work = 0
  case education = 1
  case shopping = 2
  case leisure = 3
  case business = 4
  case home = 5
  case other = 6
}

/// How a trip stands to the edge of the city.
public enum TripRelation: UInt8, Sendable, CaseIterable {
  /// It begins and ends in the city.
  case `internal` = 0
  /// It comes in from beyond the edge.
  case inbound = 1
  /// It leaves the city.
  case outbound = 2
  /// It passes through.
  case through = 3

  /// Whether it ends in the city.
  public var endsInside: Bool { self == .internal || self == .inbound }
}

/// One journey by car, as the demand asks for it.
public struct Trip: Sendable {
  /// The id of the input, as written to `trips.csv`.
  public var name: String
  /// The stable hash of the input id: what all random numbers of this trip hang on.
  public var key: UInt64
  /// Milliseconds from the start of the run's clock.
  public var departureMilliseconds: Int64
  public var origin: AccessPoint
  public var destination: AccessPoint
  public var purpose: TripPurpose
  /// Whether those who drive here every day reckon with it: what a model says of the demand they do,
  /// single trips from a table come on top.
  public var isHabitual = true
  public var relation: TripRelation
  /// The links from that of the origin to that of the destination, where the demand prescribes
  /// them; empty where the way is looked for.
  public var givenRoute: [LinkID] = []
  /// The type of its vehicle, counted from 0 in the scenario's list of types, whose first are cars;
  /// nil where the demand does not say.
  public var vehicleType: UInt8?
  /// What a link has to be open to for its vehicle, and how fast that is at most, in m/s.
  public var access = Access.car
  public var topSpeed = Float.infinity

  public init(
    name: String, departureMilliseconds: Int64, origin: AccessPoint, destination: AccessPoint,
    purpose: TripPurpose = .other, relation: TripRelation = .internal
  ) {
    self.name = name
    self.key = StableHash.of(name)
    self.departureMilliseconds = departureMilliseconds
    self.origin = origin
    self.destination = destination
    self.purpose = purpose
    self.relation = relation
  }
}
