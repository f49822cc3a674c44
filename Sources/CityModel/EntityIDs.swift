import CityBase

/// A district of the city (in China: qu).
public struct DistrictID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A part of a district (in China: jiedao).
public struct SubdistrictID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A building.
public struct BuildingID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A road as its layer draws it, before links are made of it.
public struct RoadFeatureID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A signal as its layer draws it; the network's controllers are `SignalID`s.
public struct SignalFeatureID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A car park, or a row of kerb bays.
public struct ParkingFacilityID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A hospital.
public struct HospitalID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A fire station.
public struct FireStationID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A police station.
public struct PoliceStationID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A station where ambulances wait.
public struct AmbulanceStationID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A sensor: a detector, a camera, a weather station.
public struct SensorID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A way for people on foot.
public struct FootwayID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A place where a road crosses the edge of the city.
public struct GateID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A place that draws or houses people and is no building.
public struct PlaceID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}
