import CityBase
import CityModel
import CityNetwork
import CitySimulation

/// A hospital that takes patients in.
public struct HospitalSite: Sendable, Hashable {
  /// The id of the source, as written to `responses.csv`.
  public var name: String
  public var access: AccessPoint
  /// Metres of the working CRS.
  public var position: Point2

  public init(name: String, access: AccessPoint, position: Point2) {
    self.name = name
    self.access = access
    self.position = position
  }
}

/// Where units wait, and where patients are brought.
public struct EmergencySites: Sendable {
  /// Farther from any road, a station or hospital is left out. Metres.
  public static let reach = 300.0

  public var posts: [UnitPost]
  public var hospitals: [HospitalSite]

  public init(posts: [UnitPost], hospitals: [HospitalSite]) {
    self.posts = posts
    self.hospitals = hospitals
  }

  /// The stations and hospitals of a city, each at its nearest place by the road.
  ///
  /// One that is farther than `reach` from any road is left out (`station-off-road`,
  /// `hospital-off-road`). A station that does not say how many units it has gets
  /// `unitsWhereUnknown` with a note for each kind (`station-units-assumed`); one with 0 gets none.
  public static func build(
    from map: CityMap, nearest: (Point2) -> (access: AccessPoint, distance: Double)?,
    diagnostics: inout Diagnostics
  ) -> EmergencySites {
    EmergencySites(posts: [], hospitals: [])
  }
}
