import CityBase
import CityDemand
import CityNetwork

/// What kind of vehicle drives: its usual size, where it may go, and how it is shown. The raw values
/// are written to checkpoints.
public enum VehicleClass: UInt8, Sendable, CaseIterable {
  case car = 0
  case ambulance = 1
  case fireEngine = 2
  case policeCar = 3
  case truck = 4
  case bus = 5
  case motorcycle = 6
  /// A bicycle with a motor up to 25 km/h, in law a bicycle.
  case eBike = 7

  /// The word for snapshots and tables.
  public var word: String {
    switch self {
    case .car: "car"
    case .ambulance: "ambulance"
    case .fireEngine: "fire_engine"
    case .policeCar: "police_car"
    case .truck: "truck"
    case .bus: "bus"
    case .motorcycle: "motorcycle"
    case .eBike: "e_bike"
    }
  }

  /// What a link has to be open to for such a vehicle to drive on it.
  public var access: Access {
    switch self {
    case .car: .car
    case .ambulance, .fireEngine, .policeCar: .emergency
    case .truck: .truck
    case .bus: .bus
    case .motorcycle: .motorcycle
    case .eBike: .bicycle
    }
  }
}

/// What an emergency vehicle under way to a call may do that others may not.
public struct Privileges: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Crosses at red after slowing down, when nobody is in its way.
  public static let passRed = Privileges(rawValue: 1)
  /// Filters past a queue between the lanes.
  public static let filterQueue = Privileges(rawValue: 2)
  public static let all: Privileges = [.passRed, .filterQueue]
}

/// A drive that another domain asks traffic for, beside the trips of the demand.
public struct Drive: Sendable {
  /// The id that snapshots and tables show.
  public var name: String
  /// What all random numbers of this driver hang on.
  public var key: UInt64
  public var vehicleClass: VehicleClass
  public var privileges: Privileges
  public var origin: AccessPoint
  public var destination: AccessPoint
  public var purpose: TripPurpose
  /// Whether it counts among the trips of the run (somebody's journey), and not as a service's own.
  public var isTrip: Bool

  public init(
    name: String, key: UInt64, vehicleClass: VehicleClass = .car, privileges: Privileges = [],
    origin: AccessPoint, destination: AccessPoint, purpose: TripPurpose = .other,
    isTrip: Bool = false
  ) {
    self.name = name
    self.key = key
    self.vehicleClass = vehicleClass
    self.privileges = privileges
    self.origin = origin
    self.destination = destination
    self.purpose = purpose
    self.isTrip = isTrip
  }
}

/// Drives on request. Everything here is called in phase 2 (`decide`) only, one after the other.
///
/// The vehicle of the demand's trip t has the id t; each drive begun gets the next id after these.
/// Where a drive is at an end is told by `DriveEvents`.
public protocol DriveService: AnyObject {
  /// Puts a new vehicle into the queue at its origin; none where no way leads to the destination or
  /// more drives are begun than were reserved for.
  func begin(_ drive: Drive, at moment: Moment) -> VehicleID
  /// Gives a vehicle that waits or drives another destination, from where it is; false (and nothing
  /// changed) where no way leads there or the vehicle is not under way.
  func redirect(_ vehicle: VehicleID, to destination: AccessPoint, at moment: Moment) -> Bool
  /// Changes what a vehicle under way may do.
  func setPrivileges(_ privileges: Privileges, of vehicle: VehicleID)
  /// Where a vehicle under way is: on the road, or waiting at its origin; nil where it is neither.
  func place(of vehicle: VehicleID) -> AccessPoint?
  /// Keeps the journey of a vehicle open when it leaves the road (its driver has still to walk),
  /// until `complete` is called.
  func hold(_ vehicle: VehicleID)
  /// Ends the journey of a vehicle that was held and has left the road.
  func complete(_ vehicle: VehicleID, at tick: Tick)
}

/// What the vehicles did since the phase 2 before, each list in a fixed order. Valid in phase 2.
///
/// Traffic is the first domain of a run, so that the others see in phase 2 of a tick what is due in
/// that tick.
public protocol DriveEvents: AnyObject {
  /// Trips of the demand that have become due in this tick; they still stand at their origin.
  var released: [VehicleID] { get }
  /// Vehicles that have come upon the link of their destination.
  var approaching: [VehicleID] { get }
  /// Vehicles that have left the road at their destination.
  var ended: [VehicleID] { get }
}

/// All that traffic does for the other domains.
public typealias TrafficServices = DriveService & DriveEvents & LaneBlocking & TravelTimeSource
