import CitySimulation

/// The knobs of the traffic model that a scenario may turn.
public struct TrafficSettings: Sendable, Equatable {
  /// Length of a car in m.
  public var carLength: Float = 4.6
  /// The standard deviation of the drivers' desired speed as a share of the limit, cut off at two
  /// of them (0.1 is SUMO's default for passenger cars).
  public var speedDeviation: Float = 0.1
  /// m/s; nobody drives faster, whatever the limit.
  public var carTopSpeed: Float = 50
  /// Seconds in the wrong lane at standstill after which a driver takes a turn that exists, unless a
  /// light holds everybody on that lane.
  public var missedTurnSeconds: Float = 60
  /// Seconds at standstill, not at a red light, after which a driver looks for another way.
  public var rerouteSeconds: Float = 120
  /// Seconds that drivers must stand to be reported as gridlock or standstill: longer than any
  /// signal cycle, and the time after which SUMO, by default, takes a vehicle for jammed.
  public var gridlockSeconds: Float = 300
  /// Seconds between two updates of the link travel times that drivers reroute on.
  public var travelTimeSeconds: Float = 60
  /// Seconds of waiting over which the gap in crossing traffic that a driver accepts shrinks to half
  /// (assumed); infinite: never.
  public var patienceSeconds: Float = 120
  /// The critical gap in s of everybody who yields, in place of those of the Highway Capacity Manual
  /// by kind of turn.
  public var criticalGapSeconds: Float?
  /// The least seconds from one driver who yields to the next through the same gap, in place of what
  /// the queue needs to move up.
  public var followUpSeconds: Float?
  /// Who looks for a better way while driving.
  public var guidance = GuidanceSettings()
  /// How drivers follow whose type does not say.
  public var carFollowing = CarFollowingModel.idm
  /// Who filters past a queue between the lanes.
  public var filteringClasses: [VehicleClass] = [.motorcycle, .eBike]
  /// How much drivers of one type differ: the standard deviation of factors on their time headway
  /// and their greatest acceleration.
  public var driverDeviation: Float = 0
  /// People an hour over each crossing at a junction with signals: see `CrossingPedestrians`.
  public var pedestriansPerHour: Float = 0
  /// The types of vehicles that trips name by index; where there is none all are cars.
  public var vehicleTypes: [VehicleType] = []

  /// The most types of vehicles of trips where `driverDeviation` is not 0.
  public static let mostTypesOfManners = 12

  public init() {}

  /// The usual type of a class, cars as these settings have them.
  func usualType(of vehicleClass: VehicleClass) -> VehicleType {
    var type = VehicleType(vehicleClass)
    if vehicleClass == .car { type.length = carLength }
    if vehicleClass == .car || !vehicleClass.isOfTrips {
      type.topSpeed = carTopSpeed
      type.speedDeviation = speedDeviation
    }
    return type
  }
}

/// Constants of the junction and lane-change models, with their sources.
enum Rule {
  /// m/s²; the hardest braking (dry road; Treiber and Kesting 2013 cap at 8 to 9).
  static let hardestBraking: Float = 8
  /// m/s²; a driver stops at yellow if this deceleration is enough (ITE's yellow formula uses 3.0).
  static let yellowBraking: Float = 3
  /// m/s²; the deceleration at which slower stretches ahead are anticipated.
  static let anticipation: Float = 1.5
  /// m/s²; the deceleration that a driver counts on who comes to an area that somebody is about to
  /// leave: the comfortable one of AASHTO's stopping sight distance.
  static let clearanceBraking: Float = 3.4
  /// m/s²; the deceleration that a lane change may force upon the follower.
  static let safeBraking: Float = 3
  /// m; where a vehicle stops before the line.
  static let stopMargin: Float = 1
  /// m; kept free of rounding between a bumper and what it must not touch.
  static let touch: Float = 0.05
  /// s; kept between two vehicles in one conflict area when the later one is granted.
  static let clearanceMargin: Float = 0.5
  /// s; kept between the rear of one vehicle and the front of the next where ways run together: the
  /// time headway of the car-following model.
  static let followingMargin: Float = 1
  /// s; from the start of one driver of a queue to that of the next: the gap at standstill and a car,
  /// 6.6 m, at the 5.2 m/s of the wave in which a queue of the usual drivers starts.
  static let startDelay: Float = 1.28
  /// m; crossings longer than this, such as half a roundabout, hold vehicles themselves.
  static let usualCrossing: Float = 20
  /// m/s; drivers in a queue no faster than this let others pull out before them.
  static let crawling: Float = 5
  /// Ticks in which they do, of a number of ticks: not everybody does.
  static let courtesyTicks = (open: 12, whole: 40)
  /// m/s; a queue as fast as this is taken to keep moving.
  static let keepsMoving: Float = 2
  /// m/s; slower counts as standing.
  static let standing: Float = 0.1
  /// m/s; the speed at which cars turn into an access point.
  static let accessSpeed: Float = 5
  /// m/s; 15 km/h, the speed past an obstacle (assumed).
  static let creepSpeed: Float = 4.167
  /// m; the distance to a wall from which on drivers change lanes to pass it (assumed).
  static let passingLookAhead: Float = 150
  /// s; how long one direction may use a passage while the other one waits (assumed).
  static let longestTurn: Float = 15
  /// m; the way to the stop line that a change of lanes needs at city speeds (assumed).
  static let changeRoom: Float = 100
  /// What a vehicle that has left the network has moved, so that everything behind it is clear.
  static let gone: Float = 1e9
}
