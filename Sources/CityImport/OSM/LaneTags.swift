import CityNetwork

/// The lanes of a road for ordinary motor vehicles, the arrows on them, and the lanes for buses beside
/// them, in both directions of the drawn way.
struct LaneTags: Sendable, Equatable {
  var forward: Int
  var backward: Int
  /// Kerb lane first; as many as lanes, or none.
  var forwardTurns: [LaneTurns] = []
  var backwardTurns: [LaneTurns] = []
  /// Numbers of the lanes for buses beside them, among all from the kerb.
  var forwardBusLanes: [Int] = []
  var backwardBusLanes: [Int] = []

  /// No road has more lanes in one direction.
  static let mostLanes = 16

  init(
    _ tags: OSMTags, highway: HighwayClass, direction: RoadTags.Direction, isRoundabout: Bool,
    drivesOnRight: Bool, notes: inout [OSMNote]
  ) {
    let forwardMarks =
      direction == .backward
      ? LaneMarks()
      : LaneMarks(tags, isForward: true, isOneWay: direction == .forward, notes: &notes)
    let backwardMarks =
      direction == .forward
      ? LaneMarks()
      : LaneMarks(tags, isForward: false, isOneWay: direction == .backward, notes: &notes)
    (forward, backward) = Self.counts(
      tags, highway, direction, isRoundabout, forwardMarks, backwardMarks, &notes)
    let isTwoWay = direction == .both
    // A plain `busway=lane` is at the kerb of each direction.
    let sides = Self.busSides(tags, isBackward: direction == .backward)
    let isPlain = tags[.busway] == "lane"
    let atKerb = isPlain || (drivesOnRight ? sides.right : sides.left)
    let opposite = isPlain && isTwoWay || (drivesOnRight ? sides.left : sides.right)
    var ahead = Self.open(
      forward, forwardMarks,
      reserved: tags.number(isTwoWay ? .lanesPsvForward : .lanesPsv)
        ?? tags.number(isTwoWay ? .lanesBusForward : .lanesBus),
      busway: direction == .backward ? [] : isTwoWay ? [atKerb, false] : [atKerb, opposite], &notes)
    var back = Self.open(
      backward, backwardMarks,
      reserved: tags.number(isTwoWay ? .lanesPsvBackward : .lanesPsv)
        ?? tags.number(isTwoWay ? .lanesBusBackward : .lanesBus),
      busway: direction == .forward ? [] : isTwoWay ? [opposite, false] : [atKerb, opposite], &notes
    )
    // Marks come from the left to the right, and the kerb is on the side one drives on.
    if drivesOnRight {
      ahead.reverseMarks()
      back.reverseMarks()
    }
    (forward, forwardTurns, forwardBusLanes) = (ahead.count, ahead.turns, ahead.busLanes)
    (backward, backwardTurns, backwardBusLanes) = (back.count, back.turns, back.busLanes)
  }

  /// On which sides of the road, as its drivers see it, `busway=*` has a lane for buses; on a two-way
  /// road as those see it who drive in the drawn direction.
  private static func busSides(_ tags: OSMTags, isBackward: Bool) -> (left: Bool, right: Bool) {
    func isLane(_ key: OSMKey) -> Bool { tags[key] == "lane" }
    let both = isLane(.buswayBoth)
    let (left, right) = (both || isLane(.buswayLeft), both || isLane(.buswayRight))
    return isBackward ? (right, left) : (left, right)
  }

  /// The lanes of a direction that ordinary vehicles may use, with their arrows, and those for buses.
  private struct Open {
    var count: Int
    var turns: [LaneTurns] = []
    /// What each lane is for, those that nobody may use left out; from the kerb, or as marks are.
    var isForBuses: [Bool] = []
    /// Whether what is above comes from marks, from the left to the right.
    var isMarked = false

    /// Takes lanes for buses out of the lanes, so many at the kerb and at the other side; one lane stays
    /// for all.
    mutating func reserve(_ atKerb: Int, beyond: Int) {
      let first = min(atKerb, count - 1)
      let last = min(beyond, count - 1 - first)
      count -= first + last
      isForBuses =
        Array(repeating: true, count: first) + Array(repeating: false, count: count)
        + Array(repeating: true, count: last)
    }

    var busLanes: [Int] { isForBuses.indices.filter { isForBuses[$0] } }

    mutating func reverseMarks() {
      turns.reverse()
      if isMarked { isForBuses.reverse() }
    }
  }

  /// `busway` says whether there is a lane for buses at the kerb, and one at the other side.
  private static func open(
    _ count: Int, _ marks: LaneMarks, reserved tagged: Double?, busway: [Bool],
    _ notes: inout [OSMNote]
  ) -> Open {
    guard count > 0 else { return Open(count: 0) }
    let fits = marks.motorCount == count
    if !fits && marks.motorCount > 0 {
      notes.append(
        OSMNote(
          "osm-lanes-differ",
          "marks for \(marks.motorCount) lanes on \(count) lanes: the marks are left out"))
    }
    var open = Open(count: count)
    if fits {
      open.isForBuses = marks.uses.filter { $0 != .closed }.map { $0 == .buses }
      open.isMarked = true
      open.count = marks.uses.count { $0 == .all }
      if marks.uses.contains(.closed) || open.count == 0 {
        notes.append(OSMNote("osm-reserved-lane", "lanes for special vehicles are left out"))
      }
    } else if let tagged {
      open.reserve(Int(max(0, min(tagged, Double(mostLanes)))), beyond: 0)
    } else {
      open.reserve(busway.first == true ? 1 : 0, beyond: busway.last == true ? 1 : 0)
    }
    if open.count == 0 { open = Open(count: 1) }
    if open.isForBuses.contains(true) {
      notes.append(OSMNote("osm-bus-lane", "lanes that are kept for buses"))
    }
    var turns = fits ? marks.turnsOfOpenLanes : []
    if let one = marks.turnsOfAll { turns = Array(repeating: one, count: open.count) }
    open.turns = turns.count == open.count && turns.contains { !$0.isEmpty } ? turns : []
    return open
  }

  // MARK: Counts

  /// Lanes with those for buses, without those for bicycles. An odd lane of a two-way road goes
  /// forward.
  private static func counts(
    _ tags: OSMTags, _ highway: HighwayClass, _ direction: RoadTags.Direction,
    _ isRoundabout: Bool, _ forwardMarks: LaneMarks, _ backwardMarks: LaneMarks,
    _ notes: inout [OSMNote]
  ) -> (Int, Int) {
    let total = count(.lanes, tags, &notes)
    let forward = count(.lanesForward, tags, &notes) ?? forwardMarks.knownCount
    let backward = count(.lanesBackward, tags, &notes) ?? backwardMarks.knownCount
    let usual = isRoundabout ? 1 : highway.lanesOneWay
    switch direction {
    case .forward: return (total ?? forward ?? usual, 0)
    case .backward: return (0, total ?? backward ?? usual)
    case .both: break
    }
    let shared = (total ?? 0) > 2 ? count(.lanesBothWays, tags, &notes) ?? 0 : 0
    if shared > 0 {
      notes.append(
        OSMNote(
          "osm-shared-lane", "the lane in the middle that both directions turn from is left out"))
    }
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

  private static func count(_ key: OSMKey, _ tags: OSMTags, _ notes: inout [OSMNote]) -> Int? {
    guard let text = tags[key] else { return nil }
    let value = OSMNumber.leading(text) ?? -1
    if value >= 1 && value <= Double(mostLanes) { return Int(value) }
    // No lane of its own in one direction is a fair thing to write; no lane at all is not.
    if value != 0 || key == .lanes {
      notes.append(
        OSMNote("osm-lanes", "\(key.text)=\(text) is not a usable number of lanes, ignored"))
    }
    return nil
  }
}

/// What is tagged lane by lane (`turn:lanes` and the like) in one direction, from the left to the
/// right as the driver sees it; lanes for bicycles are dropped, those for buses marked.
struct LaneMarks: Sendable, Equatable {
  /// Who may use a lane.
  enum Use: Sendable { case all, buses, closed }

  private var turns: [LaneTurns] = []
  private(set) var uses: [Use] = []
  /// Whether the lanes were counted one by one; a plain `turn=*` counts none.
  private var isCounted = false
  /// A mark for all lanes alike.
  private var common: LaneTurns?

  init() {}

  init(_ tags: OSMTags, isForward: Bool, isOneWay: Bool, notes: inout [OSMNote]) {
    func text(_ plain: OSMKey, _ forward: OSMKey, _ backward: OSMKey) -> String? {
      tags[isForward ? forward : backward] ?? (isOneWay ? tags[plain] : nil)
    }
    func list(_ plain: OSMKey, _ forward: OSMKey, _ backward: OSMKey) -> [String]? {
      text(plain, forward, backward).map {
        $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      }
    }
    let arrows = list(.turnLanes, .turnLanesForward, .turnLanesBackward)
    let general = [
      list(.motorVehicleLanes, .motorVehicleLanesForward, .motorVehicleLanesBackward),
      list(.vehicleLanes, .vehicleLanesForward, .vehicleLanesBackward),
      list(.accessLanes, .accessLanesForward, .accessLanesBackward),
    ]
    let buses = [
      list(.busLanes, .busLanesForward, .busLanesBackward),
      list(.psvLanes, .psvLanesForward, .psvLanesBackward),
    ]
    let bicycles = list(.bicycleLanes, .bicycleLanesForward, .bicycleLanesBackward)
    let all = ([arrows, bicycles] + general + buses).compactMap { $0 }
    guard let count = all.map(\.count).max() else {
      if let one = text(.turn, .turnForward, .turnBackward) {
        common = Self.turns(one, &notes)
      }
      return
    }
    // A list of another length speaks of other lanes; nobody can tell which.
    guard count <= LaneTags.mostLanes, all.allSatisfy({ $0.count == count }) else {
      notes.append(
        OSMNote("osm-lane-lists", "lists of lanes of different lengths, or too long, are ignored"))
      return
    }
    isCounted = true
    for i in 0..<count {
      let access = general.compactMap { $0?[i] }.first { !$0.isEmpty }
      let isClosed = access.map { AccessTags.grade($0) } == .closed
      let isForBuses = buses.contains { $0?[i] == "designated" || isClosed && $0?[i] == "yes" }
      let isForBicycles = bicycles?[i] == "designated" && !isForBuses
      if isForBicycles { continue }
      turns.append(arrows.map { Self.turns($0[i], &notes) } ?? [])
      uses.append(isForBuses ? .buses : isClosed ? .closed : .all)
    }
  }

  /// Lanes for motor vehicles, those for buses included; 0 where nothing is tagged lane by lane.
  var motorCount: Int { turns.count }
  var knownCount: Int? { isCounted && motorCount > 0 ? motorCount : nil }

  /// The arrows of the lanes that ordinary vehicles may use.
  var turnsOfOpenLanes: [LaneTurns] {
    zip(turns, uses).filter { $0.1 == .all }.map(\.0)
  }

  /// The mark that holds for every lane, from a plain `turn=*`.
  var turnsOfAll: LaneTurns? { common }

  private static let words: [String: LaneTurns] = [
    "left": .left, "slight_left": .slightLeft, "sharp_left": .sharpLeft, "through": .through,
    "right": .right, "slight_right": .slightRight, "sharp_right": .sharpRight,
    "reverse": .reverse, "merge_to_left": .mergeToLeft, "merge_to_right": .mergeToRight,
    "none": [], "": [],
  ]

  /// One lane's mark: `left;through`.
  static func turns(_ text: String, _ notes: inout [OSMNote]) -> LaneTurns {
    var turns: LaneTurns = []
    for part in text.split(separator: ";") {
      let word = String(part.filter { $0 != " " })
      if let turn = words[word] {
        turns.formUnion(turn)
      } else {
        notes.append(OSMNote("osm-turn", "the lane mark \"\(word)\" is not known and is ignored"))
      }
    }
    return turns
  }
}
