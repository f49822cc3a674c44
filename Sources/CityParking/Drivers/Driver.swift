import CityBase

/// Where the driver of a trip stands with his car.
enum DriverState: UInt8, CaseIterable {
  /// Not due yet, or in no need of a public space.
  case aside = 0
  /// On the way to a facility, not knowing whether there is room.
  case searching = 1
  /// A bay is his, and he drives to it.
  case bound = 2
  /// His car stands in a bay, and he walks to his destination.
  case walking = 3
  /// His car stands in a bay, and he is at his destination.
  case staying = 4
  /// On the way to his destination, to stop in the lane there.
  case stopping = 5
  /// His car blocks the lane at his destination.
  case doubleParked = 6
  /// He has given up and drives back to where he came from.
  case leaving = 7
  /// His car has left again, or he is back.
  case gone = 8

  /// Whether a bay is his.
  var hasBay: Bool { self == .bound || isStanding }
  /// Whether his car stands in a bay.
  var isStanding: Bool { self == .walking || self == .staying }
}

/// How a search for a space ended. The raw values are written to checkpoints.
enum ParkingOutcome: UInt8, CaseIterable {
  case none = 0
  case parked = 1
  case doubleParked = 2
  case gaveUp = 3
  /// No facility near the destination was open and could be reached: the trip ends as if it had a
  /// space of its own.
  case nowhere = 4

  /// The word in `parking.csv`.
  var word: String {
    switch self {
    case .none: ""
    case .parked: "parked"
    case .doubleParked: "double_parked"
    case .gaveUp: "gave_up"
    case .nowhere: "none_near"
    }
  }
  /// Whether it counts as an arrival: he came upon a facility and his search is over.
  var isArrival: Bool { self == .parked || self == .doubleParked || self == .gaveUp }
}

/// What is known of the driver of a trip.
struct Driver {
  var state = DriverState.aside
  var outcome = ParkingOutcome.none
  /// The facilities he found full or closed, as bits by their place among his candidates.
  var tried: UInt16 = 0
  /// How many those are.
  var refusals: UInt8 = 0
  /// Whether a guidance timer is running for him.
  var isFollowing = false
  /// The facility he drives to or stands in, or -1.
  var facility: Int32 = -1
  /// The bay that is his, or -1.
  var bay: Int32 = -1
  /// What he has put onto the lane, or -1.
  var blockage: Int32 = -1
  /// When he was first refused, or -1.
  var firstRefusal: Tick = -1
  /// When his search ended: in a bay, in the lane, or by giving up; -1 before.
  var settled: Tick = -1
  /// From the bay to the destination.
  var walkMeters = 0.0
  /// How long the car stands, in milliseconds; known once it has found its place.
  var stayMilliseconds: Int64 = 0
  /// Yuan for that time.
  var feeCNY = 0.0

  /// Ticks from the first refusal to the end of the search; 0 for who was never refused.
  var searchTicks: Tick { firstRefusal >= 0 && settled >= 0 ? settled - firstRefusal : 0 }
}
