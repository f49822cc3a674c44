import CityBase
import CityModel
import CityNetwork

extension ParkingSupply {
  /// Metres; a facility further from every road cannot be used.
  public static let longestAccess = 300.0
  /// The most bays of one facility, and of all together.
  static let mostBays = 100_000
  static let mostBaysInAll = 10_000_000

  /// The bays of a facility whose source does not count them. They are round figures of this
  /// project for a building, a car park and a block of kerb; a city that counts its bays does
  /// without them.
  public static func assumedCapacity(of type: ParkingType) -> Int {
    switch type {
    case .garage: 200
    case .surface: 40
    case .kerb: 10
    }
  }

  /// All parking facilities of a city, in the order of their ids. One without a road within 300 m
  /// or without bays is kept and cannot be used; a missing capacity is assumed, a price that is
  /// missing is none, and hours that cannot be read are all day. All are diagnosed.
  public static func build(
    from map: CityMap, nearest: (Point2) -> (access: AccessPoint, distance: Double)?,
    diagnostics: inout Diagnostics
  ) -> [ParkingSupply] {
    var room = mostBaysInAll
    return map.parkingFacilities.entities.values.map {
      var supply = ParkingSupply($0, nearest: nearest, diagnostics: &diagnostics)
      if supply.usableCapacity > room {
        diagnostics.error(
          "parking-too-many", place: "parking \(supply.externalID)",
          "the city has more than \(mostBaysInAll) bays; nobody can park there")
        supply.capacity = 0
      }
      room -= supply.usableCapacity
      return supply
    }
  }

  init(
    _ facility: ParkingFacility, nearest: (Point2) -> (access: AccessPoint, distance: Double)?,
    diagnostics: inout Diagnostics
  ) {
    let place = "parking \(facility.externalID)"
    self.init(
      externalID: facility.externalID, name: facility.name, position: facility.position,
      type: facility.type,
      capacity: Self.capacity(of: facility, place: place, diagnostics: &diagnostics),
      priceCNYPerHour: Self.price(of: facility, place: place, diagnostics: &diagnostics),
      openingHours: Self.hours(of: facility, place: place, diagnostics: &diagnostics),
      access: nil)
    if let found = nearest(facility.position), found.distance <= Self.longestAccess {
      access = found.access
    } else {
      diagnostics.warn(
        "parking-no-road", place: place,
        "no road within \(Int(Self.longestAccess)) m; nobody can park there")
    }
  }

  private static func capacity(
    of facility: ParkingFacility, place: String, diagnostics: inout Diagnostics
  ) -> Int {
    guard let capacity = facility.capacity else {
      let assumed = assumedCapacity(of: facility.type)
      diagnostics.note(
        "parking-capacity-assumed", place: place,
        "no capacity is given; a \(facility.type.rawValue) is taken to have \(assumed) bays")
      return assumed
    }
    guard (1...mostBays).contains(capacity) else {
      diagnostics.warn(
        "parking-no-bays", place: place,
        "a capacity of \(capacity), expected 1 to \(mostBays); nobody can park there")
      return 0
    }
    return capacity
  }

  private static func price(
    of facility: ParkingFacility, place: String, diagnostics: inout Diagnostics
  ) -> Double {
    guard let price = facility.priceCNYPerHour else { return 0 }
    guard price >= 0, price <= 10_000 else {
      diagnostics.warn(
        "parking-price", place: place,
        "a price of \(price) yuan an hour, expected 0 to 10,000; parking there is free")
      return 0
    }
    return price
  }

  private static func hours(
    of facility: ParkingFacility, place: String, diagnostics: inout Diagnostics
  ) -> OpeningHours {
    if let hours = OpeningHours(facility.hours) { return hours }
    diagnostics.warn(
      "parking-hours", place: place,
      "expected hours such as 06:30-23:00, found \"\(facility.hours.prefix(60))\"; taken as "
        + "always open")
    return .always
  }
}
