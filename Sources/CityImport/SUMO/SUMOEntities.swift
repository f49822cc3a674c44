import CityBase
import CityModel
import CityNetwork
import CityScenario
import CityText

/// What a SUMO network and its additional files put into the layers of a city: roads, signals,
/// detectors and parking areas.
struct SUMOEntities {
  let roads: SUMORoads
  let furniture: SUMOFurniture

  // MARK: - Roads

  /// Each link as a one-way road with the line of its lanes, for the road layer alone.
  func roadLayer(drivesOnRight: Bool) -> RoadSource {
    var source = RoadSource()
    source.drivesOnRight = drivesOnRight
    for link in roads.source.links {
      let first = Int32(clamping: source.nodes.count)
      for point in link.points {
        source.nodes.append(
          RoadSource.Node(position: point, externalID: Int64(source.nodes.count)))
      }
      source.ways.append(
        RoadSource.Way(
          externalID: link.externalID, name: link.name,
          nodes: (0..<Int32(clamping: link.points.count)).map { first + $0 },
          roadClass: link.roadClass, forwardLanes: link.laneSpeeds.count, backwardLanes: 0,
          speedLimit: link.laneSpeeds.max() ?? 0, isRoundabout: link.isRoundabout,
          access: link.access))
    }
    return source
  }

  // MARK: - Signals

  func signals(_ signals: SUMOSignals) -> [DraftEntity] {
    signals.controllers.map { controller in
      let junction = roads.source.junctions[controller.junction.index]
      let id = controller.externalID.split(separator: "@").first.map(String.init) ?? ""
      let program = signals.programs.first { $0.id == controller.externalID || $0.id == id }
      return DraftEntity(
        kind: .signal, id: controller.externalID, shape: .point(junction.position),
        properties: [
          Property("junction", .text(junction.externalID)),
          Property("program_type", .text(program?.type ?? "static")),
          Property("cycle_s", .number(Double(controller.cycleMilliseconds) / 1000, decimals: 3)),
        ])
    }
  }

  // MARK: - Detectors and parking

  func sensors(_ untaken: inout Untaken) -> [DraftEntity] {
    furniture.detectors.compactMap { detector in
      guard let lane = roads.lane(detector.lane) else {
        untaken.add(
          "detectors on lanes that are not there", "left out", example: detector.id)
        return nil
      }
      let offset = Self.offset(detector.position, lane.length)
      var properties = [
        Property("type", .text(detector.element)), Property("sumo_lane", .text(detector.lane)),
        Property("offset_m", .number(offset, decimals: 2)),
      ]
      if lane.link >= 0 {
        properties.append(Property("link", .text(roads.source.links[lane.link].externalID)))
        if lane.lane >= 0 { properties.append(Property("lane", .integer(Int64(lane.lane)))) }
      }
      if CityLoops.types.contains(detector.element) {
        properties.append(Property("length_m", .number(detector.length, decimals: 2)))
      } else {
        untaken.add(
          "<\(detector.element)>", "kept as a sensor, which measures nothing", example: detector.id)
      }
      if let period = detector.period {
        properties.append(Property("period_s", .number(period, decimals: 3)))
      }
      return DraftEntity(
        kind: .sensor, id: detector.id, shape: .point(Self.place(lane.shape, lane.length, offset)),
        properties: properties)
    }
  }

  /// Kerb bays lie along the right edge of their lane.
  func parking(_ untaken: inout Untaken) -> [DraftEntity] {
    furniture.parkingAreas.compactMap { area in
      guard let lane = roads.lane(area.lane) else {
        untaken.add(
          "parking areas on lanes that are not there", "left out", example: area.id)
        return nil
      }
      let start = Self.offset(area.start, lane.length)
      let end = max(start, Self.offset(area.end, lane.length))
      let scale = Polyline.length(lane.shape) / max(0.1, lane.length)
      var line: [Point2] = []
      let kept = Polyline.slice(lane.shape, from: start * scale, to: end * scale)
      let side = roads.source.drivesOnRight ? -SUMONetReader.laneWidth : SUMONetReader.laneWidth
      for p in Polyline.offset(kept, left: side).map(\.roundedToMillimetre) where line.last != p {
        line.append(p)
      }
      let shape: DraftShape = line.count > 1 ? .line(line) : .point(line.first ?? Point2(0, 0))
      var properties: [Property] = []
      if !area.name.isEmpty { properties.append(Property("name", .text(area.name))) }
      properties += [
        Property("type", .text(ParkingType.kerb.rawValue)),
        Property("capacity", .integer(Int64(area.roadsideCapacity + area.spaces))),
        Property("sumo_lane", .text(area.lane)),
      ]
      return DraftEntity(kind: .parking, id: area.id, shape: shape, properties: properties)
    }
  }

  /// Metres from the start of a lane; below 0 they count from its end.
  private static func offset(_ position: Double, _ length: Double) -> Double {
    max(0, min(length, position < 0 ? length + position : position))
  }

  private static func place(_ shape: [Point2], _ length: Double, _ offset: Double) -> Point2 {
    let scale = Polyline.length(shape) / max(0.1, length)
    return Polyline.locate(shape, at: offset * scale).point.roundedToMillimetre
  }
}

/// The files of a city folder that hold what a SUMO scenario says, and the table of its programs,
/// which this engine keeps but does not use yet.
enum SUMOTables {
  static let programFile = "signal_programs.csv"
  static let typeFile = "vehicle_types.csv"
  static let tripFile = "trips.csv"

  /// A row a phase of each signal program in use, with the letters that SUMO has for its states.
  static func programs(_ programs: [SUMONet.Program]) -> [UInt8] {
    var csv = CSVWriter(columns: [
      "signal", "program", "type", "offset_s", "phase", "duration_s", "shortest_s", "longest_s",
      "state",
    ])
    func seconds(_ milliseconds: Int64?) -> PropertyValue {
      milliseconds.map { .number(Double($0) / 1000, decimals: 3) } ?? .null
    }
    for program in programs {
      for (i, phase) in program.phases.enumerated() {
        csv.append(row: [
          .text(program.id), .text(program.program), .text(program.type), seconds(program.offset),
          .integer(Int64(i)), seconds(phase.duration), seconds(phase.minimum),
          seconds(phase.maximum), .text(String(decoding: phase.state, as: UTF8.self)),
        ])
      }
    }
    return csv.takeBytes()
  }
}
