import CityBase
import CityModel
import CityNetwork
import CityReporting
import CityText
import CityTraffic

/// `detectors.csv` and `detectors.geojson`, where the scenario has `"detectors"`: what induction
/// loops count.
///
/// Loops are those of the city's sensor layers (`"city": false` leaves them out) and those that the
/// scenario lists as `sites`.
struct DetectorsOutput: OutputWriter {
  struct Site: Sendable {
    var id: String
    var link: String
    var lane: Int?
    var position: Double
    var length: Double
    /// Its JSON path.
    var path: String
  }

  struct Settings: Sendable {
    var intervalMilliseconds: Int64
    var usesCity: Bool
    /// m; of loops that do not say how long they are.
    var loopLength: Double
    var sites: [Site]
  }

  let settings: Settings?
  private static let lengths = 0.0...100.0

  init(from reader: inout JSONObjectReader, intervalMilliseconds: Int64) throws(CityError) {
    guard var inner = try reader.optionalObject("detectors") else {
      settings = nil
      return
    }
    let interval = try inner.optionalDuration("interval", in: OutputSettings.intervals)
    let length =
      try inner.optionalNumber("loop_length_m", in: Self.lengths)
      ?? Double(DetectorSite.usualLength)
    let usesCity = try inner.optionalBool("city") ?? true
    var sites: [Site] = []
    for var part in try inner.objects("sites") {
      sites.append(try Self.site(&part, loopLength: length))
    }
    try inner.finish()
    for (i, site) in sites.enumerated()
    where sites.prefix(i).contains(where: { $0.id == site.id }) {
      throw .refused(
        "a detector \"\(site.id)\" stands further up", file: reader.file, place: site.path)
    }
    settings = Settings(
      intervalMilliseconds: interval ?? MovementsOutput.usualInterval, usesCity: usesCity,
      loopLength: length, sites: sites)
  }

  private static func site(_ part: inout JSONObjectReader, loopLength: Double) throws(CityError)
    -> Site
  {
    let site = Site(
      id: try part.string("id"), link: try part.string("link"),
      lane: try part.optionalInteger("lane", in: 0...63),
      position: try part.number("position_m", in: 0...1_000_000),
      length: try part.optionalNumber("length_m", in: lengths) ?? loopLength, path: part.path)
    try part.finish()
    if site.id.isEmpty { throw part.error("id", "expected a name") }
    return site
  }

  func write(to writer: inout JSONWriter) {
    writer.key("detectors")
    guard let settings else { return writer.null() }
    writer.beginObject()
    writer.member(
      "interval", .text(DurationText.text(milliseconds: settings.intervalMilliseconds)))
    writer.member("loop_length_m", .number(settings.loopLength, decimals: 3))
    writer.member("city", .bool(settings.usesCity))
    writer.key("sites")
    writer.beginArray()
    for site in settings.sites {
      writer.beginObject()
      writer.member("id", .text(site.id))
      writer.member("link", .text(site.link))
      writer.member("lane", site.lane.map { .integer(Int64($0)) } ?? .null)
      writer.member("position_m", .number(site.position, decimals: 3))
      writer.member("length_m", .number(site.length, decimals: 3))
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  func makeRecorder(for run: OutputSite) throws(CityError) -> (any RunRecorder)? {
    guard let settings else { return nil }
    var sites = try settings.sites.map { site throws(CityError) in
      try bind(site, run.network, file: run.scenarioPath)
    }
    if settings.usesCity {
      let own = Set(sites.map(\.id))
      sites += CityLoops.sites(of: run.map, run.network, loopLength: Float(settings.loopLength))
        .filter { !own.contains($0.id) }
    }
    guard !sites.isEmpty else {
      throw .refused(
        "expected \"sites\": the city has no induction loops on its roads", file: run.scenarioPath,
        place: "$.outputs.detectors")
    }
    return IntervalTableRecorder(
      folder: run.folder, intervalMilliseconds: settings.intervalMilliseconds,
      table: run.traffic.detectorTable(sites))
  }

  private func bind(_ site: Site, _ network: RoadNetwork, file: String) throws(CityError)
    -> DetectorSite
  {
    func refuse(_ key: String, _ message: String) -> CityError {
      .refused(message, file: file, place: "\(site.path).\(key)")
    }
    guard
      let link = network.linkExternalID.ids.first(where: {
        network.linkExternalID[$0] == site.link
      })
    else {
      throw refuse(
        "link",
        "expected the id of a link, found \"\(site.link)\""
          + (Spelling.nearest(to: site.link, among: network.linkExternalID.values)
            .map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    let lanes = network.lanes(of: link).count
    if let lane = site.lane, lane >= lanes {
      throw refuse("lane", "expected a lane from 0 to \(lanes - 1), found \(lane)")
    }
    let length = Double(network.linkLength[link])
    guard site.position <= length else {
      throw refuse(
        "position_m",
        "expected a place on the link of \(length.rounded()) m, found \(site.position)")
    }
    return DetectorSite(
      id: site.id, link: link, lane: site.lane, offset: Float(site.position),
      length: Float(site.length)
    ).within(network)
  }
}

extension DetectorSite {
  /// The loop cut off where its link ends.
  func within(_ network: RoadNetwork) -> DetectorSite {
    var site = self
    let end = network.linkLength[link]
    site.offset = max(0, min(offset, end))
    site.length = min(length, end - site.offset)
    return site
  }
}

/// The induction loops among the sensors of a city.
///
/// One that says its `link`, and perhaps its `lane` (0 at the kerb) and `offset_m`, is there; any
/// other one counts on all lanes of the nearest link within 30 m.
public enum CityLoops {
  /// What layers call a loop: this engine's own words, and SUMO's elements (those of its simulator,
  /// and `detectorDefinition` of its dfrouter).
  public static let types: Set<String> = [
    "loop", "induction_loop", "inductionLoop", "e1Detector", "instantInductionLoop",
    "detectorDefinition",
  ]
  /// m
  static let reach = 30.0

  static func sites(of map: CityMap, _ network: RoadNetwork, loopLength: Float) -> [DetectorSite] {
    let loops = Array(map.sensors.ids.filter { types.contains(map.sensors[$0].type) })
    if loops.isEmpty { return [] }
    var linkOfID: [String: LinkID] = [:]
    for link in network.linkExternalID.ids where linkOfID[network.linkExternalID[link]] == nil {
      linkOfID[network.linkExternalID[link]] = link
    }
    let index = LinkIndex(network)
    var names: Set<String> = []
    return loops.compactMap { id in
      let sensor = map.sensors[id]
      guard names.insert(sensor.externalID).inserted else { return nil }
      let source = map.sensors.sources[id]
      func number(_ name: String) -> Double? {
        map.rawText(source, name).flatMap { NumberText.parseDouble($0) }
      }
      if let link = map.rawText(source, "link").flatMap({ linkOfID[$0] }) {
        let lanes = network.lanes(of: link).count
        let lane = number("lane").flatMap { Int(exactly: $0) }.flatMap {
          0..<lanes ~= $0 ? $0 : nil
        }
        return DetectorSite(
          id: sensor.externalID, link: link, lane: lane,
          offset: Float(number("offset_m") ?? Double(network.linkLength[link]) / 2),
          length: number("length_m").map { Float(max(0, min(100, $0))) } ?? loopLength
        ).within(network)
      }
      guard let place = index.nearest(to: sensor.position, maxDistance: reach) else { return nil }
      return DetectorSite(
        id: sensor.externalID, link: place.access.link, lane: nil, offset: place.access.offset,
        length: loopLength
      ).within(network)
    }
  }
}
