import CityBase
import CityNetwork
import CitySimulation
import Foundation

/// The snapshot layer `vehicles`: a point at the front bumper of every vehicle on the road.
public struct VehicleLayer: SnapshotLayer {
  let domain: TrafficDomain
  public let layerName = "vehicles"

  public func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    let world = domain.world
    let network = domain.network
    world.forEachVehicle { s, lane, _ in
      let vehicle = Int(world.slots.vehicle[s])
      let x = world.slots.position[s]
      let (point, direction) =
        s < world.side.firstSlot
        ? network.lanePosition(LaneID(lane), x) : network.besidePosition(LaneID(lane), x)
      let link = LinkID(world.currentLink(of: vehicle))
      sink.add(
        kind: "vehicle", id: domain.journey(of: vehicle).name, shape: .point(point),
        properties: [
          Property("class", .text(domain.vehicleClass(of: vehicle).word)),
          Property("speed_kmh", .number(Double(world.slots.speed[s]) * 3.6, decimals: 1)),
          Property("heading_deg", .number(Self.heading(direction), decimals: 1)),
          Property("link", .text(network.linkExternalID[link])),
        ])
    }
  }

  /// Degrees clockwise from north, 0 to below 360, to a tenth.
  static func heading(_ direction: Point2) -> Double {
    let degrees = atan2(direction.x, direction.y) * 180 / .pi
    let rounded = (degrees * 10).rounded() / 10
    let turned = rounded < 0 ? rounded + 360 : rounded
    return turned >= 360 ? 0 : turned
  }
}

/// The snapshot layer `links`: flow, density and speed of every link over the last minute.
public struct LinkLayer: SnapshotLayer {
  let domain: TrafficDomain
  public let layerName = "links"

  public func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    let network = domain.network
    for i in 0..<network.linkCount {
      let link = LinkID(i)
      let speed = domain.recent.speed[i]
      sink.add(
        kind: "link", id: network.linkExternalID[link],
        shape: .line(Array(network.points(of: link))),
        properties: [
          Property("name", .text(network.linkName[link])),
          Property("class", .text("\(network.linkClass[link])")),
          Property("flow_veh_h", .number(Double(domain.recent.flowPerHour[i]), decimals: 1)),
          Property("density_veh_km", .number(Double(domain.recent.densityPerKm[i]), decimals: 2)),
          Property("speed_kmh", speed < 0 ? .null : .number(Double(speed) * 3.6, decimals: 1)),
          Property("closed", .bool(moment.overrides.isClosed(link))),
        ])
    }
  }
}

/// `links.geojson`: flow, density, speed, delay and missed turns of every link over the measured window.
public struct LinkSummary: SummaryLayer {
  let domain: TrafficDomain
  public let summaryName = "links"

  public func addSummary(to sink: inout some FeatureSink, at moment: Moment) {
    let network = domain.network
    let end = domain.totalsAtEnd ?? LinkTotals(domain.world)
    let start = domain.totalsAtStart ?? end
    // Named once: to work out the name of a case takes longer than a link does.
    let classes = RoadClass.allCases.map { "\($0)" }
    let until = min(domain.measured.upperBound, moment.milliseconds)
    let seconds = max(0.001, Double(until - domain.measured.lowerBound) / 1000)
    for i in 0..<network.linkCount {
      let link = LinkID(i)
      let metres = end.metres[i] - start.metres[i]
      let time = Double(end.vehicleTicks[i] - start.vehicleTicks[i]) * domain.stepSeconds
      let length = Double(network.linkLength[link])
      let vehicles = metres / length
      let free = metres / Double(network.linkSpeedLimit[link])
      sink.add(
        kind: "link", id: network.linkExternalID[link],
        shape: .line(Array(network.points(of: link))),
        properties: [
          Property("name", .text(network.linkName[link])),
          Property("class", .text(classes[Int(network.linkClass[link].rawValue)])),
          Property("lanes", .integer(Int64(network.lanes(of: link).count))),
          Property("length_m", .number(length, decimals: 1)),
          Property("limit_kmh", .number(Double(network.linkSpeedLimit[link]) * 3.6, decimals: 1)),
          Property("flow_veh_h", .number(vehicles / seconds * 3600, decimals: 1)),
          Property("density_veh_km", .number(time / seconds / length * 1000, decimals: 2)),
          Property("speed_kmh", time > 0 ? .number(metres / time * 3.6, decimals: 1) : .null),
          Property(
            "delay_s", vehicles > 0 ? .number(max(0, time - free) / vehicles, decimals: 1) : .null),
          Property("missed_turns", .integer(Int64(end.missedTurns[i] - start.missedTurns[i]))),
        ])
    }
  }
}

extension TrafficDomain {
  public var snapshotLayers: [any SnapshotLayer] {
    [VehicleLayer(domain: self), LinkLayer(domain: self), SignalLayer(domain: self)]
  }
  public var intervalSources: [any IntervalSource] { [self] }
  public var intervalTables: [any IntervalTable] { [movements] }
  public var summaryLayers: [any SummaryLayer] {
    [LinkSummary(domain: self), GridlockSummary(domain: self)]
      + (detectors.map { [DetectorPlaces(network: network, sites: $0.sites)] } ?? [])
  }
  public func tables(clock: Clock) -> [any TableSource] {
    [TripRows(domain: self, clock: clock), GridlockRows(domain: self, clock: clock)]
  }
}

extension TrafficDomain {
  func vehicleClass(of vehicle: Int) -> VehicleClass {
    VehicleClass(rawValue: world.vehicles.vehicleClass[vehicle]) ?? .car
  }
}
