import CityBase
import CityText

/// The folder that a comparison with counts writes into: `counts.csv`, a row a site and hour;
/// `counts.geojson`, a point a site, coloured by GEH; `manifest.json` with the figures over all.
public struct CountFolder: Sendable {
  static let format = "citytwin-counts"
  public let path: String

  public init(path: String) { self.path = path }

  private var marked: MarkedFolder {
    MarkedFolder(path: path, format: Self.format, word: "comparison with counts")
  }

  /// Refuses a folder that holds something else; changes nothing.
  public func checkReplaceable() throws(CityError) { try marked.checkReplaceable() }

  /// Makes the folder anew and writes all files.
  public func write(_ comparison: CountComparison) throws(CityError) {
    try marked.prepare()
    try OutputFile.write(Self.table(comparison), to: marked.path(of: "counts.csv"))
    try OutputFile.write(Self.points(comparison), to: marked.path(of: "counts.geojson"))
    try OutputFile.write(Self.figures(comparison), to: marked.path(of: MarkedFolder.markerFile))
  }

  static func table(_ comparison: CountComparison) -> [UInt8] {
    var csv = CSVWriter(columns: [
      "site", "begin", "end", "observed", "modelled", "observed_veh_h", "modelled_veh_h", "geh",
    ])
    for hour in comparison.siteHours {
      csv.append(row: [
        .text(hour.site), .text(hour.begin.iso8601), .text(hour.end.iso8601),
        .number(hour.observed, decimals: 3), .number(hour.modelled, decimals: 3),
        .number(hour.observedPerHour, decimals: 2), .number(hour.modelledPerHour, decimals: 2),
        .number(hour.geh, decimals: 3),
      ])
    }
    return csv.takeBytes()
  }

  static func points(_ comparison: CountComparison) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("type", "FeatureCollection")
    json.key("features")
    json.beginArray()
    for site in comparison.bySite {
      guard let place = comparison.places[site.site] else { continue }
      json.newline()
      json.beginObject()
      json.member("type", "Feature")
      json.member("id", site.site)
      json.key("geometry")
      json.beginObject()
      json.member("type", "Point")
      json.key("coordinates")
      json.beginArray()
      json.value(place.x)
      json.value(place.y)
      json.endArray()
      json.endObject()
      json.key("properties")
      json.beginObject()
      json.members(properties(of: site, comparison))
      json.endObject()
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.newline()
    return json.takeBytes()
  }

  private static func properties(
    of site: CountComparison.SiteHour, _ comparison: CountComparison
  ) -> [Property] {
    let hours = comparison.siteHours.filter { $0.site == site.site }
    return [
      Property("site", .text(site.site)),
      Property("begin", .text(site.begin.iso8601)),
      Property("end", .text(site.end.iso8601)),
      Property("observed_veh_h", .number(site.observedPerHour, decimals: 2)),
      Property("modelled_veh_h", .number(site.modelledPerHour, decimals: 2)),
      Property("geh", .number(site.geh, decimals: 3)),
      Property("worst_geh", .number(hours.map(\.geh).max() ?? 0, decimals: 3)),
      // A name that map programs know from Mapbox's simplestyle 1.1.0.
      Property("marker-color", .text(colour(geh: site.geh))),
    ]
  }

  /// Green below 5, amber below 10, red from there on.
  static func colour(geh: Double) -> String {
    geh < 5 ? "#1a9850" : geh < 10 ? "#fdae61" : "#d73027"
  }

  static func figures(_ comparison: CountComparison) -> [UInt8] {
    let n = Double(max(1, comparison.siteHours.count))
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", format)
    json.member("version", 1)
    json.member("engine", EngineVersion.text)
    json.member("sites", comparison.bySite.count)
    json.member("site_hours", comparison.siteHours.count)
    json.member("geh_below_5", comparison.count(below: 5))
    json.member("geh_below_10", comparison.count(below: 10))
    json.member("share_below_5", Double(comparison.count(below: 5)) / n, decimals: 4)
    json.member("share_below_10", Double(comparison.count(below: 10)) / n, decimals: 4)
    json.member("rmse_veh_h", comparison.rmse, decimals: 3)
    json.member(
      "rmse_pct", comparison.rmsePercent.map { .number($0, decimals: 3) } ?? .null)
    let line = comparison.regression
    json.member("slope", line.map { .number($0.slope, decimals: 5) } ?? .null)
    json.member("intercept_veh_h", line.map { .number($0.intercept, decimals: 3) } ?? .null)
    json.member("r2", line.map { .number($0.r2, decimals: 5) } ?? .null)
    json.member("observed_total", comparison.totalObserved, decimals: 3)
    json.member("modelled_total", comparison.totalModelled, decimals: 3)
    json.endObject()
    json.newline()
    return json.takeBytes()
  }
}
