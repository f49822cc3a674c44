import CityNetwork

/// What a node says to the traffic on the roads through it.
struct NodeTags: Sendable, Equatable {
  var control = NodeControl.none
  var direction = ControlDirection.both
  var crossing = PedestrianCrossing.none
  var isLevelCrossing = false
  /// Metres per second at a hump or the like; 0 for none.
  var calmedSpeed = 0.0
  /// Whether cars cannot pass: bollards, blocks, closed gates.
  var isBarrier = false

  init() {}

  init(_ tags: OSMTags) {
    if tags.isEmpty { return }
    control = Self.control(tags)
    if control != .none {
      direction = Self.direction(
        control == .signals ? tags[.trafficSignalsDirection] : tags[.direction])
    }
    crossing = Self.crossing(tags)
    isLevelCrossing = tags[.railway] == "level_crossing"
    calmedSpeed = tags[.trafficCalming].flatMap { Self.calmedSpeeds[$0] } ?? 0
    isBarrier = Self.isBarrier(tags)
  }

  /// What rules the traffic. A signal that only warns, lets a fire engine out or meters a ramp does
  /// not rule a junction.
  private static func control(_ tags: OSMTags) -> NodeControl {
    switch tags[.highway] {
    case "traffic_signals":
      let kind = tags[.trafficSignals]
      return ["blinker", "emergency", "ramp_meter"].contains(kind) ? .none : .signals
    case "stop": return .stop
    case "give_way": return .giveWay
    case "mini_roundabout": return .miniRoundabout
    default: return .none
    }
  }

  private static func direction(_ text: String?) -> ControlDirection {
    switch text {
    case "forward": .forward
    case "backward": .backward
    default: .both
    }
  }

  private static func crossing(_ tags: OSMTags) -> PedestrianCrossing {
    guard tags[.highway] == "crossing" || tags[.crossing] != nil else { return .none }
    if tags[.crossing] == "no" { return .none }
    if tags[.crossing] == "traffic_signals" || tags[.crossingSignals] == "yes"
      || tags[.highway] == "traffic_signals"
    {
      return .signals
    }
    switch tags[.crossing] {
    case "zebra", "marked", "uncontrolled", "pelican", "toucan", "puffin":
      return tags[.crossingMarkings] == "no" ? .unmarked : .marked
    default: return tags.has(.crossingMarkings) ? .marked : .unmarked
    }
  }

  /// Usual speeds in m/s at what is built to slow cars down, after the ranges in R. Ewing, "Traffic
  /// Calming: State of the Practice", ITE 1999: bumps 5 to 10 mph, humps 15 to 20, tables 25 to 30,
  /// narrowings and chicanes little less than the limit.
  private static let calmedSpeeds: [String: Double] = [
    "bump": 10 / 3.6, "mini_bumps": 10 / 3.6, "hump": 27 / 3.6, "dynamic_bump": 27 / 3.6,
    "dip": 27 / 3.6, "cushion": 30 / 3.6, "table": 40 / 3.6, "yes": 30 / 3.6,
    "choker": 35 / 3.6, "chicane": 35 / 3.6,
  ]

  /// Barriers that leave the road open, or open for whoever comes.
  private static let openBarriers: Set<String> = [
    "no", "gate", "lift_gate", "swing_gate", "sliding_gate", "toll_booth", "border_control",
    "cattle_grid", "entrance", "sally_port", "height_restrictor", "kerb", "rumble_strip",
    "flood_gate", "fence", "wall", "hedge", "city_wall", "retaining_wall", "guard_rail", "yes",
  ]

  private static func isBarrier(_ tags: OSMTags) -> Bool {
    guard let kind = tags[.barrier], kind != "no" else { return false }
    if let value = tags[.motorcar] ?? tags[.motorVehicle] ?? tags[.vehicle] ?? tags[.access] {
      return AccessTags.grade(value) == .closed
    }
    return !openBarriers.contains(kind)
  }
}

/// What humps and the like cost a whole street.
enum TrafficCalming {
  /// How drivers brake before a hump and speed up behind it, in m/s².
  static let braking = 2.0
  static let acceleration = 1.5

  /// The mean speed on a street with a limit, slowed down to `calmed` every `spacing` metres, in
  /// m/s: time lost by braking and speeding up at constant rates.
  static func meanSpeed(limit: Double, calmed: Double, spacing: Double) -> Double {
    guard calmed > 0, calmed < limit, spacing > 0 else { return limit }
    let inverse = 1 / (2 * braking) + 1 / (2 * acceleration)
    // The highest speed that can be reached between two of them.
    let top = min(limit, (spacing / inverse + calmed * calmed).squareRoot())
    let changing = (top * top - calmed * calmed) * inverse
    let time =
      (top - calmed) * (1 / braking + 1 / acceleration) + max(0, spacing - changing) / top
    return max(calmed, min(limit, spacing / time))
  }
}
