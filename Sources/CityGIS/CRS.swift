import CityBase

/// Facts about coordinate reference systems.
public enum CRS {
  /// Whether coordinates are longitude and latitude in degrees. Refused where PROJ does not know
  /// the system.
  public static func isGeographic(_ name: String) throws(CityError) -> Bool { true }

  /// A transverse Mercator in metres around a place: true distances nearby, 0, 0 at the place.
  public static func localTransverseMercator(lon: Double, lat: Double) -> String {
    "+proj=tmerc +lat_0=\(lat) +lon_0=\(lon) +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
  }
}
