import CityNetwork

/// Who may use a road, as its access tags say.
struct AccessTags: Sendable, Equatable {
  /// How much a value of an access key allows, from little to much.
  enum Grade: Int, Comparable {
    case closed, restricted, open
    static func < (a: Grade, b: Grade) -> Bool { a.rawValue < b.rawValue }
  }

  /// The classes that may drive here.
  var classes: Access
  /// Open to cars that have business there, and to no others.
  var isRestricted: Bool
  /// Private ground.
  var isPrivate: Bool

  /// Values that shut out the ordinary driver.
  private static let closedValues: Set<String> = [
    "no", "agricultural", "forestry", "emergency", "psv", "bus", "military", "use_sidepath",
    "bicycle", "foot", "hgv", "dismount",
  ]
  /// Values that admit only those with business there.
  private static let restrictedValues: Set<String> = [
    "private", "destination", "customers", "delivery", "permit", "residents", "university",
    "employees", "staff", "members", "unknown",
  ]

  /// What a value allows; of several (`agricultural;destination`) the most.
  static func grade(_ value: String) -> Grade {
    if value.utf8.contains(59) {
      return value.split(separator: ";").map { grade(String($0.drop { $0 == " " })) }.max()
        ?? .open
    }
    return closedValues.contains(value)
      ? .closed : restrictedValues.contains(value) ? .restricted : .open
  }

  /// The chain of keys for each class, from the special to the general; the first that is there
  /// decides.
  private static let chains: [(Access, [OSMKey])] = [
    (.car, [.motorcar, .motorVehicle, .vehicle, .access]),
    (.truck, [.hgv, .motorVehicle, .vehicle, .access]),
    (.bus, [.bus, .psv, .motorVehicle, .vehicle, .access]),
    (.motorcycle, [.motorcycle, .motorVehicle, .vehicle, .access]),
    (.bicycle, [.bicycle, .vehicle, .access]),
  ]

  init(_ tags: OSMTags) {
    var classes: Access = []
    for (one, keys) in Self.chains {
      let value = Self.first(keys, tags)
      // A general key may name the class it is for: `motor_vehicle=bus`.
      let isNamed =
        one == .bus && (value == "bus" || value == "psv") || one == .truck && value == "hgv"
        || one == .bicycle && value == "bicycle"
      if isNamed || value.map({ Self.grade($0) }) != .closed { classes.insert(one) }
    }
    // Motorways and motor roads carry no bicycles, whether anyone has tagged it or not.
    let isMotorway = tags[.highway] == "motorway" || tags[.highway] == "motorway_link"
    if (isMotorway || tags[.motorroad] == "yes") && tags[.bicycle] != "yes" {
      classes.remove(.bicycle)
    }
    // Whoever has sirens drives wherever any motor vehicle may, and where only he may.
    let isOpenToMotors = !classes.isDisjoint(with: .motor)
    let general = Self.first([.motorVehicle, .vehicle, .access], tags)
    let isForThem =
      ["yes", "designated", "private"].contains(tags[.emergency]) || general == "emergency"
    if tags[.emergency] != "no" && (isOpenToMotors || isForThem) { classes.insert(.emergency) }
    self.classes = classes
    let value = Self.first([.motorcar, .motorVehicle, .vehicle, .access], tags)
    isRestricted = value.map { Self.grade($0) } == .restricted
    isPrivate = value == "private"
  }

  private static func first(_ keys: [OSMKey], _ tags: OSMTags) -> String? {
    for key in keys { if let value = tags[key] { return value } }
    return nil
  }

  /// Whether cars are shut out in one direction, by the most special key for it.
  static func isClosed(forward: Bool, _ tags: OSMTags) -> Bool {
    let keys: [OSMKey] =
      forward
      ? [.motorcarForward, .motorVehicleForward, .vehicleForward, .accessForward]
      : [.motorcarBackward, .motorVehicleBackward, .vehicleBackward, .accessBackward]
    return first(keys, tags).map { grade($0) } == .closed
  }
}
