import CityBase
import CityModel

/// One line of a road layer with what is known about it; nil and empty where the layer is silent.
struct RoadLine {
  var externalID: String
  /// Metres of the working CRS.
  var points: [Point2]
  var name = ""
  var className = ""
  var lanesForward: Int?
  var lanesBackward: Int?
  var speedKmh: Double?
  var direction: RoadDirection?
  var isRoundabout = false
  var isBridge = false
  var isTunnel = false
  var accessWord = ""

  init(externalID: String, points: [Point2], className: String = "") {
    self.externalID = externalID
    self.points = points
    self.className = className
  }

  init(_ road: RoadFeature, externalID: String, points: [Point2]) {
    self.init(externalID: externalID, points: points, className: road.className)
    name = road.name
    lanesForward = road.lanesForward
    lanesBackward = road.lanesBackward
    speedKmh = road.speedKmh
    direction = road.direction
    isRoundabout = road.isRoundabout
    isBridge = road.isBridge
    isTunnel = road.isTunnel
    accessWord = road.access
  }

  func way(_ nodes: [Int32], _ diagnostics: inout Diagnostics) -> RoadSource.Way {
    let (roadClass, isRamp) = classOf(&diagnostics)
    let defaults = Self.defaults(roadClass)
    let travel = direction ?? usualDirection(roadClass, isRamp: isRamp)
    let lanes = isRamp ? 1 : defaults.lanes
    let forward = travel == .backward ? 0 : max(1, lanesForward ?? lanes)
    let backward = travel == .forward ? 0 : max(1, lanesBackward ?? lanesForward ?? lanes)
    return RoadSource.Way(
      externalID: externalID, name: name, nodes: nodes, roadClass: roadClass,
      forwardLanes: forward, backwardLanes: backward,
      speedLimit: (speedKmh ?? (isRamp ? min(40, defaults.speedKmh) : defaults.speedKmh))
        / 3.6,
      isRoundabout: isRoundabout, isRamp: isRamp, isBridge: isBridge,
      isTunnel: isTunnel, access: access)
  }

  /// A road that gives lanes for both directions is open in both, whatever is usual.
  private func usualDirection(_ roadClass: RoadClass, isRamp: Bool) -> RoadDirection {
    if (lanesBackward ?? 0) > 0 { return .both }
    return isRoundabout || roadClass == .motorway || isRamp ? .forward : .both
  }

  /// The class by its name; the words of OpenStreetMap are understood too.
  private func classOf(_ diagnostics: inout Diagnostics) -> (RoadClass, isRamp: Bool) {
    var word = className.lowercased()
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
        "class \"\(className)\" is not known; taken for residential")
      return (.residential, isRamp)
    }
  }

  private var access: Access {
    switch accessWord.lowercased() {
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
