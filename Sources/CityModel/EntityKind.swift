/// The kinds of things a city is made of. The raw values are the words of `city.json`.
public enum EntityKind: String, Sendable, CaseIterable, Hashable {
  case district
  case subdistrict
  case building
  case road
  case signal
  case parking
  case hospital
  case fireStation = "fire_station"
  case policeStation = "police_station"
  case ambulanceStation = "ambulance_station"
  case sensor
  case footway
  /// Where a road leaves the part of the world that the city holds.
  case gate
  /// Something that draws or houses people and is no building: a shop, a settlement, a stretch of
  /// built-up ground.
  case place
}
