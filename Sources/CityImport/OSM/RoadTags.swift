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
    /// Not for motor traffic at all: paths, tracks, planned roads.
    case notARoad
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
      case .area: "drawn as an area"
      case .ferry: "a ferry"
      case .closed: "closed to motor traffic"
      case .privateAccess: "a private driveway or parking aisle"
      }
    }
  }

  var highway: HighwayClass
  var direction: Direction
  var forwardLanes: Int
  var backwardLanes: Int
  /// Metres per second.
  var speedLimit: Double
  var isRoundabout: Bool
  var isBridge: Bool
  var isTunnel: Bool
  var access: Access
  /// Open to those who have business there, and to nobody else.
  var isRestricted: Bool

  /// Reads the tags of a way with `highway=*`; `notes` gets the code and text of each value that
  /// could not be used.
  static func read(_ tags: OSMTags, notes: inout [OSMNote]) throws(Rejection) -> RoadTags {
    guard let value = tags[.highway], let highway = HighwayClass(value) else { throw .notARoad }
    if tags[.area] == "yes" { throw .area }
    if tags[.route] == "ferry" { throw .ferry }
    let (access, isRestricted) = access(tags)
    guard !access.isEmpty else { throw .closed }
    if isRestricted && value == "service", let service = tags[.service],
      ["driveway", "parking_aisle", "drive-through", "emergency_access"].contains(service),
      isPrivate(tags)
    {
      throw .privateAccess
    }
    let roundabout = tags[.junction] == "roundabout" || tags[.junction] == "circular"
    let direction = direction(tags, highway: highway, roundabout: roundabout, notes: &notes)
    let lanes = lanes(tags, highway: highway, direction, roundabout: roundabout, notes: &notes)
    return RoadTags(
      highway: highway, direction: direction, forwardLanes: lanes.forward,
      backwardLanes: lanes.backward,
      speedLimit: speed(tags, highway: highway, notes: &notes) / 3.6,
      isRoundabout: roundabout, isBridge: tags.has(.bridge), isTunnel: tags.has(.tunnel),
      access: access, isRestricted: isRestricted)
  }

  // MARK: Access

  /// Values that shut out the ordinary driver.
  private static let closedValues: Set<String> = [
    "no", "agricultural", "forestry", "agricultural;forestry", "emergency", "psv", "bus",
    "military", "use_sidepath", "bicycle", "foot", "hgv",
  ]
  /// Values that admit only those with business there.
  private static let restrictedValues: Set<String> = [
    "private", "destination", "customers", "delivery", "permit", "residents", "university",
    "employees", "staff", "members", "unknown",
  ]

  /// The most specific of `motorcar`, `motor_vehicle`, `vehicle` and `access` decides for cars;
  /// a road closed to them stays in the network for the buses and emergency vehicles it names.
  static func access(_ tags: OSMTags) -> (Access, isRestricted: Bool) {
    let value =
      tags[.motorcar] ?? tags[.motorVehicle] ?? tags[.vehicle] ?? tags[.access] ?? "yes"
    guard closedValues.contains(value) else {
      return (.all, restrictedValues.contains(value))
    }
    var access: Access = []
    if value == "bus" || value == "psv" || tags.has(.bus) || tags.has(.psv) {
      access.formUnion([.bus, .emergency])
    }
    if value == "emergency" || tags[.emergency] == "yes" || tags[.emergency] == "designated" {
      access.insert(.emergency)
    }
    return (access, false)
  }

  private static func isPrivate(_ tags: OSMTags) -> Bool {
    let value = tags[.motorcar] ?? tags[.motorVehicle] ?? tags[.vehicle] ?? tags[.access]
    return value == "private"
  }

  // MARK: Direction

  static func direction(
    _ tags: OSMTags, highway: HighwayClass, roundabout: Bool,
    notes: inout [OSMNote]
  ) -> Direction {
    switch tags[.oneway] {
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
    if tags[.motorVehicleForward] == "no" || tags[.vehicleForward] == "no" { return .backward }
    if tags[.motorVehicleBackward] == "no" || tags[.vehicleBackward] == "no" { return .forward }
    return roundabout || highway.impliesOneWay ? .forward : .both
  }

  // MARK: Lanes

  /// Lanes in and against the drawn direction. An odd lane of a two-way road goes forward.
  static func lanes(
    _ tags: OSMTags, highway: HighwayClass, _ direction: Direction, roundabout: Bool,
    notes: inout [OSMNote]
  ) -> (forward: Int, backward: Int) {
    func count(_ key: OSMKey) -> Int? {
      guard let text = tags[key] else { return nil }
      let value = OSMNumber.leading(text) ?? -1
      if value >= 1 && value < 17 { return Int(value) }
      // No lane of its own in one direction is a fair thing to write; no lane at all is not.
      if value != 0 || key == .lanes {
        notes.append(
          OSMNote("osm-lanes", "\(key.text)=\(text) is not a usable number of lanes, ignored"))
      }
      return nil
    }
    let total = count(.lanes)
    let forward = count(.lanesForward)
    let backward = count(.lanesBackward)
    switch direction {
    case .forward:
      return (total ?? forward ?? (roundabout ? 1 : highway.lanesOneWay), 0)
    case .backward:
      return (0, total ?? backward ?? (roundabout ? 1 : highway.lanesOneWay))
    case .both:
      let shared = (total ?? 0) > 2 ? count(.lanesBothWays) ?? 0 : 0
      let usable = total.map { max(2, $0 - shared) }
      switch (forward, backward) {
      case (let f?, let b?): return (f, b)
      case (let f?, nil): return (f, usable.map { max(1, $0 - f) } ?? highway.lanesTwoWay)
      case (nil, let b?): return (usable.map { max(1, $0 - b) } ?? highway.lanesTwoWay, b)
      case (nil, nil):
        guard let usable else { return (highway.lanesTwoWay, highway.lanesTwoWay) }
        return (usable - usable / 2, usable / 2)
      }
    }
  }

  // MARK: Speed

  /// The limit in km/h: the tag, the zone it is derived from, or the default of the class.
  static func speed(
    _ tags: OSMTags, highway: HighwayClass, notes: inout [OSMNote]
  ) -> Double {
    let byDirection = [tags[.maxspeedForward], tags[.maxspeedBackward]].compactMap { $0 }
      .compactMap { SpeedLimit.kmh($0) }.max()
    if let text = tags[.maxspeed] {
      if let limit = SpeedLimit.kmh(text) { return max(5, min(limit, 150)) }
      if text != "signals" && text != "variable" {
        notes.append(OSMNote("osm-maxspeed", "maxspeed=\(text) is not known; the class decides"))
      }
    }
    let zones = [
      tags[.sourceMaxspeed], tags[.maxspeedType], tags[.zoneMaxspeed], tags[.zoneTraffic],
    ]
    if let limit = byDirection ?? zones.compactMap({ $0 }).compactMap({ zoneLimit($0) }).first {
      return max(5, min(limit, 150))
    }
    return tags[.service] == "parking_aisle" ? 10 : highway.defaultSpeed
  }

  /// A zone such as `DE:urban` or `DE:30`; plain words like `sign` say nothing.
  private static func zoneLimit(_ text: String) -> Double? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    return SpeedLimit.kmh(text) ?? SpeedLimit.kmh(String(text[text.index(after: colon)...]))
  }
}
