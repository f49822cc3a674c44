import CityBase
import CityModel
import CityText

/// How a driver picks the facility to try next.
///
/// A new one is a type that conforms to this in a file of `Choices/`, a line in the registry, and a
/// test that calls the shared conformance checker. It is a pure function of what it is told.
public protocol ParkingChoice: Sendable {
  /// The word by which a scenario asks for it: `"choice": {"type": "generalized_cost"}`.
  static var typeName: String { get }
  /// Reads its own settings; whoever calls asks for `type` and calls `finish()`.
  init(from reader: inout JSONObjectReader) throws(CityError)
  /// The index of the facility to drive to, or nil where none will do; never one that is known to
  /// be full or closed. The options come nearest to the destination first, at least one.
  func choose(_ options: [ParkingOption], for driver: ParkingDriver) -> Int?
}

/// What a driver knows of whether he will be let in.
public enum ParkingAvailability: Sendable, Hashable {
  /// All that is known is that it should be open.
  case unknown
  /// So many bays are free.
  case free(Int)
  case full
  case closed

  /// Whether it makes sense to go there.
  public var isPromising: Bool {
    switch self {
    case .unknown, .free: true
    case .full, .closed: false
    }
  }
}

/// A facility that a driver may go to, as he sees it now.
public struct ParkingOption: Sendable, Hashable {
  public var facility: ParkingFacilityID
  public var type: ParkingType
  public var availability: ParkingAvailability
  /// Seconds by car from where he is.
  public var driveSeconds: Double
  /// Metres on foot from the bay to the destination.
  public var walkMeters: Double
  /// Seconds on foot, one way.
  public var walkSeconds: Double
  /// Yuan for the whole stay he intends.
  public var feeCNY: Double
  /// What this driver makes of this facility for reasons of his own, in yuan; the same whenever he
  /// looks. The greater, the better.
  public var tasteCNY: Double

  public init(
    facility: ParkingFacilityID, type: ParkingType, availability: ParkingAvailability,
    driveSeconds: Double, walkMeters: Double, walkSeconds: Double, feeCNY: Double,
    tasteCNY: Double
  ) {
    self.facility = facility
    self.type = type
    self.availability = availability
    self.driveSeconds = driveSeconds
    self.walkMeters = walkMeters
    self.walkSeconds = walkSeconds
    self.feeCNY = feeCNY
    self.tasteCNY = tasteCNY
  }
}

/// Who chooses.
public struct ParkingDriver: Sendable, Hashable {
  /// Yuan an hour at the wheel.
  public var valueOfTimeCNYPerHour: Double
  /// How many times worse a second on foot is than one at the wheel.
  public var walkingWeight: Double

  public init(valueOfTimeCNYPerHour: Double, walkingWeight: Double) {
    self.valueOfTimeCNYPerHour = valueOfTimeCNYPerHour
    self.walkingWeight = walkingWeight
  }
}
