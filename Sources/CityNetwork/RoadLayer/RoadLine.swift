import CityBase
import CityModel

/// One line of a road layer with what is known about it.
struct RoadLine {
  var externalID: String
  var road: RoadFeature
  /// Metres of the working CRS.
  var points: [Point2]

  func way(_ nodes: [Int32], _ diagnostics: inout Diagnostics) -> RoadSource.Way {
    let (roadClass, isRamp) = classOf(&diagnostics)
    let defaults = Self.defaults(roadClass)
    var direction =
      road.direction ?? (road.isRoundabout || roadClass == .motorway || isRamp ? .forward : .both)
    // A road that gives lanes for both directions is open in both.
    if road.direction == nil, (road.lanesBackward ?? 0) > 0 { direction = .both }
    let forward =
      direction == .backward ? 0 : max(1, road.lanesForward ?? (isRamp ? 1 : defaults.lanes))
    let backward: Int
    switch direction {
    case .forward: backward = 0
    case .both: backward = max(1, road.lanesBackward ?? road.lanesForward ?? defaults.lanes)
    case .backward: backward = max(1, road.lanesBackward ?? road.lanesForward ?? defaults.lanes)
    }
    return RoadSource.Way(
      externalID: externalID, name: road.name, nodes: nodes, roadClass: roadClass,
      forwardLanes: forward, backwardLanes: backward,
      speedLimit: (road.speedKmh ?? (isRamp ? min(40, defaults.speedKmh) : defaults.speedKmh))
        / 3.6,
      isRoundabout: road.isRoundabout, isRamp: isRamp, isBridge: road.isBridge,
      isTunnel: road.isTunnel, access: access)
  }

  /// The class by its name; the words of OpenStreetMap are understood too.
  private func classOf(_ diagnostics: inout Diagnostics) -> (RoadClass, isRamp: Bool) {
    var word = road.className.lowercased()
    let isRamp = word.hasSuffix("_link")
    if isRamp { word.removeLast(5) }
    switch word {
    case "motorway": return (.motorway, isRamp)
    case "trunk": return (.trunk, isRamp)
    case "primary": return (.primary, isRamp)
    case "secondary": return (.secondary, isRamp)
    case "tertiary": return (.tertiary, isRamp)
    case "residential", "unclassified", "living_street", "road", "": return (.residential, isRamp)
    case "service": return (.service, isRamp)
    default:
      diagnostics.warn(
        "road-class-unknown", place: "road \(externalID)",
        "class \"\(road.className)\" is not known; taken for residential")
      return (.residential, isRamp)
    }
  }

  private var access: Access {
    switch road.access.lowercased() {
    case "no", "private": .emergency
    case "bus": [.bus, .emergency]
    case "bicycle": .bicycle
    default: .all
    }
  }

  /// Lanes in a direction and speed limits as they are usual in towns.
  private static func defaults(_ roadClass: RoadClass) -> (lanes: Int, speedKmh: Double) {
    switch roadClass {
    case .motorway: (2, 100)
    case .trunk: (2, 80)
    case .primary: (2, 60)
    case .secondary: (1, 50)
    case .tertiary: (1, 40)
    case .residential: (1, 30)
    case .service: (1, 20)
    }
  }
}
