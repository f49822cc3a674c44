import CityBase

/// Step one: the ways that cars can use, with sound indices and figures.
///
/// The whole builder works as if one drove on the right: where one drives on the left, x is
/// mirrored here and mirrored back at the end.
struct CleanRoads {
  struct Way {
    /// Its index in the source.
    var source: Int32
    var nodes: [Int32]
    var profile: RoadProfile
    /// Arrows, kerb lane first: as many as there are lanes, or none.
    var forwardTurns: [LaneTurns]
    var backwardTurns: [LaneTurns]
  }

  var positions: [Point2]
  var ways: [Way] = []
  let source: RoadSource

  init(_ source: RoadSource, _ diagnostics: inout Diagnostics) {
    self.source = source
    let mirror: Double = source.drivesOnRight ? 1 : -1
    positions = source.nodes.map {
      Point2($0.position.x * mirror, $0.position.y).roundedToMillimetre
    }
    ways.reserveCapacity(source.ways.count)
    for i in source.ways.indices {
      if let way = clean(i, &diagnostics) { ways.append(way) }
    }
    let closed = source.ways.filter { !$0.access.contains(.car) && !$0.access.isEmpty }
    if let first = closed.first {
      diagnostics.note(
        "way-not-for-cars", place: "way \(first.externalID)",
        "\(closed.count) roads that are closed to cars are not in the network, whoever else may use"
          + " them (buses, emergency vehicles); this is the first")
    }
  }

  private func clean(_ index: Int, _ diagnostics: inout Diagnostics) -> Way? {
    let way = source.ways[index]
    guard way.access.contains(.car) else { return nil }
    let place = "way \(way.externalID)"
    guard way.forwardLanes > 0 || way.backwardLanes > 0 else {
      diagnostics.warn("way-without-lanes", place: place, "no lane in either direction; left out")
      return nil
    }
    var nodes: [Int32] = []
    nodes.reserveCapacity(way.nodes.count)
    var bad = 0
    for n in way.nodes {
      guard n >= 0, Int(n) < positions.count, Self.isSound(positions[Int(n)]) else {
        bad += 1
        continue
      }
      if nodes.last != n { nodes.append(n) }
    }
    if bad > 0 {
      diagnostics.warn(
        "way-bad-node", place: place,
        "\(bad) of its nodes are missing or without a usable position; joined over them")
    }
    guard nodes.count > 1 else {
      diagnostics.warn("way-too-short", place: place, "fewer than two different nodes; left out")
      return nil
    }
    let profile = profile(way, place, &diagnostics)
    return Way(
      source: Int32(index), nodes: nodes, profile: profile,
      forwardTurns: turns(way.forwardTurns, lanes: profile.forward),
      backwardTurns: turns(way.backwardTurns, lanes: profile.backward))
  }

  /// Arrows that fit the lanes, in the world in which one drives on the right.
  private func turns(_ marks: [LaneTurns], lanes: Int8) -> [LaneTurns] {
    guard marks.count == Int(lanes) else { return [] }
    return source.drivesOnRight ? marks : marks.map(\.mirrored)
  }

  private func profile(
    _ way: RoadSource.Way, _ place: String, _ diagnostics: inout Diagnostics
  ) -> RoadProfile {
    let forward = min(8, max(0, way.forwardLanes))
    let backward = min(8, max(0, way.backwardLanes))
    if forward != way.forwardLanes || backward != way.backwardLanes {
      diagnostics.warn(
        "way-lanes", place: place,
        "\(way.forwardLanes) and \(way.backwardLanes) lanes; held within 0 to 8")
    }
    let isForThem = !way.access.isDisjoint(with: BusLanes.access)
    let bus = (
      forward: BusLanes(isForThem ? way.forwardBusLanes : [], besides: forward),
      backward: BusLanes(isForThem ? way.backwardBusLanes : [], besides: backward)
    )
    if bus.forward.count + bus.backward.count
      < way.forwardBusLanes.count + way.backwardBusLanes.count
    {
      diagnostics.warn(
        "way-bus-lanes", place: place,
        "lanes for buses beside no other lane, of a road closed to them, or more than 8 lanes; left out"
      )
    }
    let speed = speed(way.speedLimit, way, place, &diagnostics)
    let back = way.backwardSpeedLimit
    return RoadProfile(
      forward: Int8(forward), backward: Int8(backward), roadClass: way.roadClass, speed: speed,
      backwardSpeed: back == 0 ? speed : self.speed(back, way, place, &diagnostics),
      isRoundabout: way.isRoundabout, isRamp: way.isRamp, access: way.access,
      forwardBus: bus.forward, backwardBus: bus.backward)
  }

  private func speed(
    _ limit: Double, _ way: RoadSource.Way, _ place: String, _ diagnostics: inout Diagnostics
  ) -> Double {
    var speed = limit
    if !(speed.isFinite && speed > 0) {
      speed = Self.usualSpeed(way.roadClass)
      diagnostics.warn("way-speed", place: place, "no usable speed limit; took \(speed) m/s")
    } else if speed < 1.5 || speed > 50 {
      speed = min(50, max(1.5, speed))
      diagnostics.warn("way-speed", place: place, "speed limit held within 1.5 to 50 m/s")
    }
    return speed
  }

  /// Beyond any metric grid, a position is a mistake, and would cost the millimetres.
  private static func isSound(_ p: Point2) -> Bool {
    p.isFinite && abs(p.x) < 1e8 && abs(p.y) < 1e8
  }

  /// Common limits in built-up areas, for ways whose own limit is unusable.
  private static func usualSpeed(_ roadClass: RoadClass) -> Double {
    switch roadClass {
    case .motorway: 100 / 3.6
    case .trunk: 80 / 3.6
    case .primary: 60 / 3.6
    case .secondary: 50 / 3.6
    case .tertiary: 40 / 3.6
    case .residential: 30 / 3.6
    case .service: 20 / 3.6
    }
  }
}

/// What two pieces of road must have in common to be one road, seen in a direction.
struct RoadProfile: Equatable {
  /// Lanes in this direction and against it.
  var forward: Int8
  var backward: Int8
  var roadClass: RoadClass
  /// Metres per second in this direction and against it.
  var speed: Double
  var backwardSpeed: Double
  var isRoundabout: Bool
  var isRamp: Bool
  var access: Access
  /// Lanes for buses beside the others.
  var forwardBus = BusLanes.none
  var backwardBus = BusLanes.none

  /// The same road seen the other way.
  var reversed: RoadProfile {
    var r = self
    swap(&r.forward, &r.backward)
    swap(&r.speed, &r.backwardSpeed)
    swap(&r.forwardBus, &r.backwardBus)
    return r
  }

  var isOneWay: Bool { forward == 0 || backward == 0 }

  /// Metres, by class: lane widths of urban design guides (3.0 to 3.5 m; e.g. NACTO 2013, CJJ 37).
  var laneWidth: Double {
    switch roadClass {
    case .motorway, .trunk, .primary: 3.5
    case .secondary, .tertiary: 3.25
    case .residential, .service: 3.0
    }
  }

  /// From the source's line to the outer edge of the wider side.
  var halfWidth: Double {
    let (ahead, back) = (Int(forward) + forwardBus.count, Int(backward) + backwardBus.count)
    return isOneWay ? Double(ahead + back) * laneWidth / 2 : Double(max(ahead, back)) * laneWidth
  }
}
