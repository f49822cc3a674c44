import CityBase
import CityNetwork
import CitySimulation

/// `detectors.csv`: what every loop has counted in every interval.
///
/// The mean speed is that of the vehicles counted (time mean), the space mean its harmonic
/// counterpart (Wardrop 1952); occupancy is the share of time in which a vehicle was over the loop,
/// the mean of its lanes where it lies in several.
final class DetectorMeasures: IntervalTable {
  let tableName = "detectors"
  let sites: [DetectorSite]
  private let world: TrafficWorld

  init(_ world: TrafficWorld, _ sites: [DetectorSite]) {
    self.world = world
    self.sites = sites
  }

  var tableColumns: [String] {
    [
      "detector", "link", "lane", "position_m", "begin", "end", "count", "flow_veh_h",
      "mean_speed_kmh", "space_mean_speed_kmh", "occupancy_pct",
    ] + VehicleClass.allCases.map { "count_\($0.word)" }
  }

  func start() {
    world.detect(DetectorProbe(sites, world))
  }

  func closeInterval(from begin: Instant, to end: Instant, _ add: ([PropertyValue]) -> Void) {
    let probe = world.detectors
    var totals = sites.map { _ in Totals() }
    for i in 0..<probe.loops.count {
      totals[Int(probe.loops[i].site)].add(probe, i)
      probe.sums[i] = DetectorProbe.Sums()
      for c in 0..<DetectorProbe.classes { probe.classCounts[i * DetectorProbe.classes + c] = 0 }
    }
    let seconds = Double(end.millisecondsSince1970 - begin.millisecondsSince1970) / 1000
    for (site, total) in zip(sites, totals) {
      add(
        [
          .text(site.id), .text(world.network.linkExternalID[site.link]),
          site.lane.map { .integer(Int64($0)) } ?? .null,
          .number(Double(site.offset), decimals: 2), .text(begin.iso8601), .text(end.iso8601),
        ] + total.figures(seconds: seconds))
    }
  }

  /// The loops of one site together.
  private struct Totals {
    var sums = DetectorProbe.Sums()
    var loops = 0
    var byClass = Array(repeating: Int64(0), count: DetectorProbe.classes)

    mutating func add(_ probe: DetectorProbe, _ i: Int) {
      let more = probe.sums[i]
      sums.count += more.count
      sums.speed += more.speed
      sums.slowness += more.slowness
      sums.occupied += more.occupied
      loops += 1
      for c in byClass.indices { byClass[c] += Int64(probe.classCounts[i * byClass.count + c]) }
    }

    func figures(seconds: Double) -> [PropertyValue] {
      let n = Double(sums.count)
      let share = sums.occupied / (seconds * Double(max(1, loops)))
      return [
        .integer(sums.count), .number(n / seconds * 3600, decimals: 1),
        n > 0 ? .number(sums.speed / n * 3.6, decimals: 2) : .null,
        sums.slowness > 0 ? .number(n / sums.slowness * 3.6, decimals: 2) : .null,
        .number(share * 100, decimals: 3),
      ] + VehicleClass.allCases.map { .integer(byClass[Int($0.rawValue)]) }
    }
  }
}

extension DetectorMeasures {
  func encodeState(into writer: inout StateWriter) {
    writer.section("detectors")
    let probe = world.detectors
    let sums = probe.sums.array
    writer.writeRaw(sums.map(\.count))
    for values in [sums.map(\.speed), sums.map(\.slowness), sums.map(\.occupied)] {
      writer.writeRaw(values)
    }
    writer.writeRaw(probe.classCounts.array)
  }

  func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("detectors")
    let probe = world.detectors
    let counts: [Int64] = try reader.readRaw()
    var values: [[Double]] = []
    for _ in 0..<3 { values.append(try reader.readRaw()) }
    let classCounts: [Int32] = try reader.readRaw()
    let n = probe.sums.count
    guard counts.count == n, values.allSatisfy({ $0.count == n }),
      classCounts.count == probe.classCounts.count,
      counts.allSatisfy({ 0..<(1 << 40) ~= $0 }),
      classCounts.allSatisfy({ 0..<(1 << 30) ~= $0 })
    else { throw .refused("the checkpoint is of other detectors", file: reader.file) }
    for i in 0..<n {
      probe.sums[i] = DetectorProbe.Sums(
        count: counts[i], speed: values[0][i], slowness: values[1][i], occupied: values[2][i])
    }
    probe.classCounts.replace(with: classCounts)
  }
}

/// `detectors.geojson`: where the loops are, in the middle of their lane or of the carriageway.
struct DetectorPlaces: SummaryLayer {
  let network: RoadNetwork
  let sites: [DetectorSite]
  let summaryName = "detectors"

  func addSummary(to sink: inout some FeatureSink, at moment: Moment) {
    for site in sites {
      let lanes = network.lanes(of: site.link)
      let place =
        site.lane.map { network.lanePosition(LaneID(lanes.lowerBound + $0), site.offset) }
        ?? network.linkPosition(site.link, site.offset)
      sink.add(
        kind: "detector", id: site.id, shape: .point(place.point),
        properties: [
          Property("link", .text(network.linkExternalID[site.link])),
          Property("lane", site.lane.map { .integer(Int64($0)) } ?? .null),
          Property("position_m", .number(Double(site.offset), decimals: 2)),
          Property("length_m", .number(Double(site.length), decimals: 2)),
        ])
    }
  }
}

extension TrafficDomain {
  /// A table that counts at these sites, whose links and lanes must be those of the network. There
  /// is one such table in a run.
  public func detectorTable(_ sites: [DetectorSite]) -> any IntervalTable {
    let measures = DetectorMeasures(world, sites)
    detectors = measures
    return measures
  }
}
