import CityNetwork

/// What a value of `highway=*` means for traffic, and what is assumed where a road says no more.
///
/// The speeds are this importer's own assumption for roads inside a city (most countries' general
/// urban limit is 50 km/h); lanes follow OpenStreetMap's convention of one lane a direction, two
/// on the carriageways of main roads.
struct HighwayClass: Sendable, Equatable {
  var roadClass: RoadClass
  var isRamp = false
  /// km/h without a tagged limit.
  var defaultSpeed: Double
  /// Lanes a direction on a road open both ways.
  var lanesTwoWay = 1
  /// Lanes of a one-way carriageway.
  var lanesOneWay = 1
  /// One-way unless tagged otherwise.
  var impliesOneWay = false

  /// The class of a value; nil for whatever does not carry motor traffic (paths, tracks, roads
  /// that are planned or being built).
  init?(_ highway: String) {
    switch highway {
    case "motorway":
      self.init(.motorway, 110, twoWay: 2, oneWay: 2)
      impliesOneWay = true
    case "motorway_link":
      self.init(.motorway, 60, isRamp: true)
      impliesOneWay = true
    case "trunk": self.init(.trunk, 80, oneWay: 2)
    case "trunk_link": self.init(.trunk, 50, isRamp: true)
    case "primary": self.init(.primary, 60, oneWay: 2)
    case "primary_link": self.init(.primary, 50, isRamp: true)
    case "secondary": self.init(.secondary, 50)
    case "secondary_link": self.init(.secondary, 50, isRamp: true)
    case "tertiary": self.init(.tertiary, 50)
    case "tertiary_link": self.init(.tertiary, 40, isRamp: true)
    case "unclassified": self.init(.residential, 50)
    case "road": self.init(.residential, 40)
    case "residential": self.init(.residential, 30)
    // Whoever leaves a living street yields, as from a service road.
    case "living_street": self.init(.service, 10)
    case "service": self.init(.service, 20)
    default: return nil
    }
  }

  private init(
    _ roadClass: RoadClass, _ defaultSpeed: Double, isRamp: Bool = false, twoWay: Int = 1,
    oneWay: Int = 1
  ) {
    self.roadClass = roadClass
    self.defaultSpeed = defaultSpeed
    self.isRamp = isRamp
    lanesTwoWay = twoWay
    lanesOneWay = oneWay
  }
}
