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
  /// What a station has that does not say how many units it has: an assumption.
  public static let unitsWhereUnknown = 2

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
  /// `unitsWhereUnknown` (`station-units-assumed`); one with 0 gets none. A hospital is left out
  /// where it says that it takes no emergencies; a city without any is noted (`hospital-none`).
  public static func build(
    from map: CityMap, nearest: (Point2) -> (access: AccessPoint, distance: Double)?,
    diagnostics: inout Diagnostics
  ) -> EmergencySites {
    var builder = SiteBuilder()
    for station in map.ambulanceStations.entities.values {
      builder.add(
        station, .ambulance, station.ambulances, nearest(station.position), &diagnostics)
    }
    for station in map.fireStations.entities.values {
      builder.add(
        station, .fireEngine, station.engines, nearest(station.position), &diagnostics)
    }
    for station in map.policeStations.entities.values {
      builder.add(
        station, .police, station.cars, nearest(station.position), &diagnostics)
    }
    for hospital in map.hospitals.entities.values where hospital.takesEmergencies ?? true {
      builder.add(hospital, nearest(hospital.position), &diagnostics)
    }
    if builder.hospitals.isEmpty {
      diagnostics.note(
        "hospital-none", "no hospital takes emergencies; patients are treated where they are")
    }
    return EmergencySites(posts: builder.posts, hospitals: builder.hospitals)
  }

  /// Notes the calls that no unit of the city can ever come to (`calls-without-units`): they stay
  /// queued unless a policy adds a post.
  public func noteCallsWithoutUnits(_ calls: [Call], diagnostics: inout Diagnostics) {
    for kind in UnitKind.allCases where !posts.contains(where: { $0.kind == kind }) {
      let count = calls.count { $0.kind.unit == kind }
      if count > 0 {
        diagnostics.warn(
          "calls-without-units", place: kind.word,
          "\(count) calls need a unit of a kind that no post has; they stay queued")
      }
    }
  }
}

/// Attaches stations and hospitals to the road.
struct SiteBuilder {
  typealias Nearest = (access: AccessPoint, distance: Double)
  var posts: [UnitPost] = []
  var hospitals: [HospitalSite] = []
  /// A post has no more units than this.
  static let mostUnits = 1000

  mutating func add(
    _ station: some CityEntity, _ kind: UnitKind, _ units: Int?, _ nearest: Nearest?,
    _ diagnostics: inout Diagnostics
  ) {
    let place = "\(type(of: station).kind.rawValue) \(station.externalID)"
    if units == 0 { return }
    guard let access = access(nearest) else {
      diagnostics.warn(
        "station-off-road", place: place,
        "no road within \(Int(EmergencySites.reach)) m; the station is left out")
      return
    }
    if units == nil {
      diagnostics.note(
        "station-units-assumed", place: place,
        "it does not say how many units it has; \(EmergencySites.unitsWhereUnknown) are assumed")
    }
    let count = min(Self.mostUnits, max(1, units ?? EmergencySites.unitsWhereUnknown))
    posts.append(
      UnitPost(
        name: station.externalID, kind: kind, count: count, access: access,
        position: station.position))
  }

  mutating func add(
    _ hospital: Hospital, _ nearest: Nearest?, _ diagnostics: inout Diagnostics
  ) {
    guard let access = access(nearest) else {
      diagnostics.warn(
        "hospital-off-road", place: "hospital \(hospital.externalID)",
        "no road within \(Int(EmergencySites.reach)) m; the hospital is left out")
      return
    }
    hospitals.append(
      HospitalSite(name: hospital.externalID, access: access, position: hospital.position))
  }

  private func access(_ nearest: Nearest?) -> AccessPoint? {
    guard let nearest, nearest.distance <= EmergencySites.reach else { return nil }
    return nearest.access
  }
}
