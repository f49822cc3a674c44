import CPROJ
import CityBase
import CityText

/// Facts about coordinate reference systems.
public enum CRS {
  /// Whether coordinates are longitude and latitude in degrees (`GCJ-02` and `BD-09` included).
  /// Refused where PROJ does not know the system.
  public static func isGeographic(_ name: String) throws(CityError) -> Bool {
    if ShiftedCoordinates(name: name) != nil { return true }
    let context = ProjContext()
    let crs = try context.crs(name)
    defer { proj_destroy(crs) }
    return context.isGeographic(crs)
  }

  /// Whether coordinates are metres on a plane, as a working CRS must have. Refused where PROJ does
  /// not know the system.
  public static func isMetric(_ name: String) throws(CityError) -> Bool {
    if ShiftedCoordinates(name: name) != nil { return false }
    let context = ProjContext()
    let crs = try context.crs(name)
    defer { proj_destroy(crs) }
    guard proj_get_type(crs) == PJ_TYPE_PROJECTED_CRS,
      let axes = proj_crs_get_coordinate_system(context.context, crs)
    else { return false }
    defer { proj_destroy(axes) }
    var factor = 0.0
    guard
      proj_cs_get_axis_info(context.context, axes, 0, nil, nil, nil, &factor, nil, nil, nil) != 0
    else { return false }
    return factor == 1
  }

  /// A transverse Mercator in metres around a place: true distances nearby, 0, 0 at the place.
  public static func localTransverseMercator(lon: Double, lat: Double) -> String {
    var place: [UInt8] = []
    place.append(contentsOf: "+proj=tmerc +lat_0=".utf8)
    NumberText.append(lat, maxDecimals: 7, to: &place)
    place.append(contentsOf: " +lon_0=".utf8)
    NumberText.append(lon, maxDecimals: 7, to: &place)
    return String(decoding: place, as: UTF8.self)
      + " +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
  }
}
