import CityBase
import CityModel
import CityNetwork

/// A parking facility as the simulation uses it. An array of these is indexed by the `index` of the
/// city's `ParkingFacilityID`s.
public struct ParkingSupply: Sendable, Equatable {
  public var externalID: String
  public var name: String
  /// Metres of the working CRS.
  public var position: Point2
  public var type: ParkingType
  /// Bays, 0 to 100,000; 0 leaves the facility out.
  public var capacity: Int
  /// Yuan an hour, 0 or more.
  public var priceCNYPerHour: Double
  public var openingHours: OpeningHours
  /// Where its cars leave the road and come back to it; nil leaves the facility out.
  public var access: AccessPoint?

  public init(
    externalID: String, name: String = "", position: Point2, type: ParkingType, capacity: Int,
    priceCNYPerHour: Double = 0, openingHours: OpeningHours = .always, access: AccessPoint?
  ) {
    self.externalID = externalID
    self.name = name
    self.position = position
    self.type = type
    self.capacity = capacity
    self.priceCNYPerHour = priceCNYPerHour
    self.openingHours = openingHours
    self.access = access
  }

  /// Whether drivers can use it at all.
  public var isUsable: Bool { access != nil && capacity > 0 }
  /// Its bays, as far as it can be used: 0 to 100,000.
  public var usableCapacity: Int { isUsable ? min(capacity, Self.mostBays) : 0 }
}
