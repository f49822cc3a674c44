import CityNetwork

/// A value that could not be used: the code it is counted under, and what was done instead.
struct OSMNote: Sendable, Equatable {
  var code: String
  var text: String
  init(_ code: String, _ text: String) {
    self.code = code
    self.text = text
  }
}

/// A road as its tags describe it, before it has nodes.
struct RoadTags: Sendable, Equatable {
  /// In which direction of the drawn way traffic runs.
  enum Direction: Sendable { case both, forward, backward }

  /// Why a way with `highway=*` is not part of the road network.
  enum Rejection: String, Error, CaseIterable {
    /// Not for motor traffic at all: paths, tracks.
    case notARoad
    /// Planned, being built, or gone.
    case unbuilt
    case area
    case ferry
    /// Closed to cars and to emergency vehicles and buses as well.
    case closed
    /// A private driveway, parking aisle or drive-through.
    case privateAccess

    /// The reason in words.
    var text: String {
      switch self {
      case .notARoad: "not for motor traffic"
      case .unbuilt: "planned, being built or gone"
      case .area: "drawn as an area"
      case .ferry: "a ferry"
      case .closed: "closed to motor traffic"
      case .privateAccess: "a private driveway or parking aisle"
      }
    }
  }

  var highway: HighwayClass
  var direction: Direction
  var lanes: LaneTags
  /// Metres per second, in the drawn direction and against it.
  var speedLimit: Double
  var backwardSpeedLimit: Double
  var isRoundabout: Bool
  var isBridge: Bool
  var isTunnel: Bool
  var layer: Int8
  var access: Access
  /// Open to those who have business there, and to nobody else.
  var isRestricted: Bool

  var forwardLanes: Int { lanes.forward }
  var backwardLanes: Int { lanes.backward }

  /// Reads the tags of a way with `highway=*`; `notes` gets the code and text of each value that
  /// could not be used.
  static func read(
    _ tags: OSMTags, drivesOnRight: Bool = true, notes: inout [OSMNote]
  ) throws(Rejection) -> RoadTags {
    guard let value = tags[.highway] else { throw .notARoad }
    if isUnbuilt(tags, value) { throw .unbuilt }
    guard let highway = HighwayClass(value) else { throw .notARoad }
    if tags[.area] == "yes" { throw .area }
    if tags[.route] == "ferry" || tags.has(.ferry) { throw .ferry }
    let access = AccessTags(tags)
    guard !access.classes.isDisjoint(with: .motor) else { throw .closed }
    if access.isPrivate && value == "service", let service = tags[.service],
      ["driveway", "parking_aisle", "drive-through", "emergency_access"].contains(service)
    {
      throw .privateAccess
    }
    if tags.hasConditions {
      notes.append(
        OSMNote("osm-conditional", "rules that hold at some times only are left out"))
    }
    let roundabout = tags[.junction] == "roundabout" || tags[.junction] == "circular"
    let direction = direction(tags, highway: highway, roundabout: roundabout, notes: &notes)
    let limits = SpeedTags(tags, highway: highway, notes: &notes)
    return RoadTags(
      highway: highway, direction: direction,
      lanes: LaneTags(
        tags, highway: highway, direction: direction, isRoundabout: roundabout,
        drivesOnRight: drivesOnRight, notes: &notes),
      speedLimit: limits.forward / 3.6, backwardSpeedLimit: limits.backward / 3.6,
      isRoundabout: roundabout, isBridge: tags.has(.bridge), isTunnel: tags.has(.tunnel),
      layer: layer(tags), access: access.classes, isRestricted: access.isRestricted)
  }

  /// Life before and after being a road: as a value of `highway`, or as a tag of its own.
  private static func isUnbuilt(_ tags: OSMTags, _ value: String) -> Bool {
    let values: Set<String> = [
      "construction", "proposed", "planned", "abandoned", "disused", "razed", "dismantled",
      "demolished",
    ]
    if values.contains(value) { return true }
    return [OSMKey.abandoned, .disused, .razed, .proposed, .construction]
      .contains { tags[$0] == "yes" }
  }

  /// The tagged layer; without one, 1 for bridges and -1 for tunnels.
  private static func layer(_ tags: OSMTags) -> Int8 {
    if let tagged = tags.number(.layer), tagged >= -20, tagged <= 20 { return Int8(tagged) }
    return tags.has(.bridge) ? 1 : tags.has(.tunnel) ? -1 : 0
  }

  // MARK: Direction

  static func direction(
    _ tags: OSMTags, highway: HighwayClass, roundabout: Bool, notes: inout [OSMNote]
  ) -> Direction {
    switch tags[.onewayMotorcar] ?? tags[.onewayMotorVehicle] ?? tags[.oneway] {
    case "yes", "true", "1": return .forward
    case "-1", "reverse": return .backward
    case "no", "false", "0": return .both
    case "reversible", "alternating":
      notes.append(
        OSMNote("osm-oneway", "a reversible road is taken as one-way in its drawn direction"))
      return .forward
    case let value?:
      notes.append(OSMNote("osm-oneway", "oneway=\(value) is not known and is ignored"))
    case nil: break
    }
    if AccessTags.isClosed(forward: true, tags) { return .backward }
    if AccessTags.isClosed(forward: false, tags) { return .forward }
    return roundabout || highway.impliesOneWay ? .forward : .both
  }
}
