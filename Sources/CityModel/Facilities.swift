import CityBase

/// How a parking facility is built. The raw values are the words of the layer files.
public enum ParkingType: String, Sendable, CaseIterable, Hashable {
  /// A building with storeys, above or below ground.
  case garage
  /// An open car park.
  case surface
  /// Bays along the kerb.
  case kerb
}

/// A car park, or a row of kerb bays.
public struct ParkingFacility: CityEntity {
  public typealias ID = ParkingFacilityID
  public static let kind = EntityKind.parking
  public var externalID: String
  public var name: String
  public var position: Point2
  public var type: ParkingType
  /// Bays, 0 to 100,000, or nil where the source does not say.
  public var capacity: Int?
  /// Yuan an hour, 0 or more, or nil where the source does not say.
  public var priceCNYPerHour: Double?
  /// Opening hours as the source has them, or an empty text.
  public var hours: String
}

/// A hospital.
public struct Hospital: CityEntity {
  public typealias ID = HospitalID
  public static let kind = EntityKind.hospital
  public var externalID: String
  public var name: String
  public var position: Point2
  /// Beds, or nil where the source does not say.
  public var beds: Int?
  /// Whether it takes emergencies, or nil where the source does not say.
  public var takesEmergencies: Bool?
}

/// A fire station.
public struct FireStation: CityEntity {
  public typealias ID = FireStationID
  public static let kind = EntityKind.fireStation
  public var externalID: String
  public var name: String
  public var position: Point2
  /// Fire engines, or nil where the source does not say.
  public var engines: Int?
}

/// A police station.
public struct PoliceStation: CityEntity {
  public typealias ID = PoliceStationID
  public static let kind = EntityKind.policeStation
  public var externalID: String
  public var name: String
  public var position: Point2
  /// Patrol cars, or nil where the source does not say.
  public var cars: Int?
}

/// A station where ambulances wait.
public struct AmbulanceStation: CityEntity {
  public typealias ID = AmbulanceStationID
  public static let kind = EntityKind.ambulanceStation
  public var externalID: String
  public var name: String
  public var position: Point2
  /// Ambulances, or nil where the source does not say.
  public var ambulances: Int?
}

/// A sensor: a detector, a camera, a weather station.
public struct Sensor: CityEntity {
  public typealias ID = SensorID
  public static let kind = EntityKind.sensor
  public var externalID: String
  public var name: String
  public var position: Point2
  /// What it measures, as the source has it, or an empty text.
  public var type: String
}
