import CityBase
import CityGIS
import CitySpatial
import Foundation

/// A layer as it was read: its entry in `city.json` and its features with all raw attributes.
public struct CityLayer: Sendable {
  public let description: CityDescription.Layer
  /// The file as it is named in messages: folder and layer path.
  public let path: String
  public let features: FeatureTable
}

/// A city, immutable once built from its layers: a catalogue for each kind of entity.
///
/// All coordinates are metres of the working CRS, rounded to a millimetre, so that two builds of the
/// geometry libraries agree on the bits.
public struct CityMap: Sendable {
  /// What `city.json` says.
  public let description: CityDescription
  /// The folder that holds `city.json`.
  public let folder: String
  /// The layers in the order of `city.json`.
  public let layers: [CityLayer]

  public let districts: Catalogue<District>
  public let subdistricts: Catalogue<Subdistrict>
  public let buildings: Catalogue<Building>
  public let roads: Catalogue<RoadFeature>
  public let signals: Catalogue<SignalFeature>
  public let parkingFacilities: Catalogue<ParkingFacility>
  public let hospitals: Catalogue<Hospital>
  public let fireStations: Catalogue<FireStation>
  public let policeStations: Catalogue<PoliceStation>
  public let ambulanceStations: Catalogue<AmbulanceStation>
  public let sensors: Catalogue<Sensor>
  public let footways: Catalogue<Footway>
  public let gates: Catalogue<Gate>
  public let places: Catalogue<Place>

  /// The box around everything, in metres of the working CRS; empty for a city without entities.
  public let bounds: Box2
  let timeZone: TimeZone

  public var name: String { description.name }
  /// Whether one drives on the right.
  public var drivesOnRight: Bool { description.drivesOnRight }
  /// Whether a vehicle may turn towards the kerb at red after yielding.
  public var allowsTurnOnRed: Bool { description.allowsTurnOnRed }
  /// The IANA name of the time zone.
  public var timeZoneName: String { description.timeZone }
  /// The metric CRS of all coordinates.
  public var workingCRS: String { description.workingCRS }
  /// The path of the network file, or nil where the network is built from the road layer.
  public var networkPath: String? {
    description.network.map { CityDescription.path(of: $0, in: folder) }
  }

  /// Seconds east of UTC in this city at a moment, daylight saving time included.
  public func zoneSeconds(at instant: Instant) -> Int32 {
    let date = Date(timeIntervalSince1970: Double(instant.millisecondsSince1970) / 1000)
    return Int32(clamping: timeZone.secondsFromGMT(for: date))
  }

  /// How many entities of a kind there are.
  public func count(of kind: EntityKind) -> Int {
    switch kind {
    case .district: districts.count
    case .subdistrict: subdistricts.count
    case .building: buildings.count
    case .road: roads.count
    case .signal: signals.count
    case .parking: parkingFacilities.count
    case .hospital: hospitals.count
    case .fireStation: fireStations.count
    case .policeStation: policeStations.count
    case .ambulanceStation: ambulanceStations.count
    case .sensor: sensors.count
    case .footway: footways.count
    case .gate: gates.count
    case .place: places.count
    }
  }

  /// How many entities there are in all.
  public var entityCount: Int { EntityKind.allCases.reduce(0) { $0 + count(of: $1) } }
}
