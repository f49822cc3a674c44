import CityBase
import CityGIS
import CityText

/// What a run has counted, read from its folder: by detector (`detectors.csv`), or by link the
/// vehicles that left it over its end (`movements.csv`).
public struct ModelledCounts {
  /// The counts of one site, its intervals one after the other.
  struct Series {
    /// Milliseconds from the start of the run.
    var ends: [Int64] = []
    var counts: [Double] = []
    /// The start of the first interval.
    var start: Int64 = 0
  }

  public let epoch: Instant
  public let path: String
  private let folder: RunFolder
  private var detectors: [String: Series] = [:]
  private var links: [String: Series] = [:]
  /// What a link has over whose end nobody went.
  private var empty = Series()
  /// Links of the run over whose end nobody went.
  private var emptyLinks: Set<String> = []
  /// Links that somebody came onto and nobody left over their end: everybody's way ended there.
  private var lastLinks: Set<String> = []
  private let hasDetectors: Bool
  private let hasMovements: Bool

  /// Reads the counts of a run. Refuses a folder without a complete run, and a run that has counted
  /// nothing.
  public init(run path: String) throws(CityError) {
    self.path = path
    folder = RunFolder(existing: path)
    guard try folder.isComplete() else {
      throw .refused("expected a run that went to its end; cim resume ends it", file: path)
    }
    let manifest = try JSONValue.read(path: folder.path(of: RunFolder.markerFile))
    guard let text = manifest["epoch"]?.string, let epoch = Instant(iso8601: text) else {
      throw .refused(
        "expected the epoch of the run", file: folder.path(of: RunFolder.markerFile),
        place: "$.epoch")
    }
    self.epoch = epoch
    hasDetectors = InputFile.exists(path: folder.path(of: "detectors.csv"))
    hasMovements = InputFile.exists(path: folder.path(of: "movements.csv"))
    guard hasDetectors || hasMovements else {
      throw .refused(
        "expected detectors.csv or movements.csv: ask for \"detectors\" or \"movements\" under the "
          + "outputs of the scenario", file: path)
    }
    if hasDetectors {
      detectors = try Self.read(folder.path(of: "detectors.csv"), "detector", "count", epoch)
    }
    if hasMovements { try setLinks(manifest) }
  }

  private static func read(
    _ path: String, _ siteColumn: String, _ countColumn: String, _ epoch: Instant
  ) throws(CityError) -> [String: Series] {
    let table = try CSVTable.read(path: path)
    let site = try table.requiredColumn(siteColumn)
    let begin = try table.requiredColumn("begin")
    let end = try table.requiredColumn("end")
    let count = try table.requiredColumn(countColumn)
    var found: [String: Series] = [:]
    for row in 0..<table.rowCount {
      guard let from = Instant(iso8601: table.text(row, begin)),
        let to = Instant(iso8601: table.text(row, end)), let value = table.number(row, count)
      else { throw table.error(row: row, "expected two times and a count") }
      let ends = (
        from.millisecondsSince1970 - epoch.millisecondsSince1970,
        to.millisecondsSince1970 - epoch.millisecondsSince1970
      )
      found[table.text(row, site), default: Series(start: ends.0)].add(value, ends)
    }
    return found
  }

  /// Movements nobody made have no row, and neither have intervals in which nobody moved: every link
  /// has all intervals from the start of the table to the end of the run. They are as long as the
  /// manifest says, or as the shortest row.
  private mutating func setLinks(_ manifest: JSONValue) throws(CityError) {
    let path = folder.path(of: "movements.csv")
    var found = try Self.read(path, "from_link", "volume", epoch)
    let warmUp = manifest["settings"]?["clock"]?["warm_up"]?.string
      .flatMap { DurationText.milliseconds($0) }
    let start = min(warmUp ?? 0, found.values.map(\.start).min() ?? .max)
    let asked = manifest["settings"]?["outputs"]?["movements"]?["interval"]?.string
      .flatMap { DurationText.milliseconds($0) }
    var known = Set(found.values.flatMap(\.ends))
    let length = asked ?? 0
    let end = manifest["reached"]?.string.flatMap { Instant(iso8601: $0) }
      .map { $0.millisecondsSince1970 - epoch.millisecondsSince1970 }
    if length > 0, let end = end, end > start, (end - start) / length <= 1_000_000 {
      known.formUnion(stride(from: start + length, through: end, by: Int(length)).map { $0 })
      known.insert(end)
    }
    let ends = known.sorted()
    for link in found.keys {
      guard let own = found[link] else { continue }
      let counts = Dictionary(zip(own.ends, own.counts)) { a, _ in a }
      found[link] = Series(ends: ends, counts: ends.map { counts[$0] ?? 0 }, start: start)
    }
    links = found
    empty = Series(ends: ends, counts: ends.map { _ in 0 }, start: start)
    try setOtherLinks(path)
  }

  /// The links without a movement: those of `links.geojson`, and those that movements lead to.
  private mutating func setOtherLinks(_ path: String) throws(CityError) {
    let table = try CSVTable.read(path: path)
    let to = try table.requiredColumn("to_link")
    for row in 0..<table.rowCount where links[table.text(row, to)] == nil {
      lastLinks.insert(table.text(row, to))
    }
    let file = folder.path(of: "links.geojson")
    guard InputFile.exists(path: file) else { return }
    var diagnostics = Diagnostics()
    let features = try GeoJSONReader.read(path: file, diagnostics: &diagnostics)
    for i in 0..<features.count {
      guard let id = features.text(i, "id"), features.text(i, "kind") == "link", links[id] == nil,
        !lastLinks.contains(id)
      else { continue }
      emptyLinks.insert(id)
    }
  }

  /// How many vehicles passed a site in an interval of an observation, and whether the site is a
  /// detector. Refuses a site that the run does not know and an interval that is not made up of
  /// whole ones of the run.
  func count(_ entry: ObservedCounts.Entry, in file: String) throws(CityError)
    -> (value: Double, isDetector: Bool)
  {
    let place = "line \(entry.line)"
    let detector = detectors[entry.site]
    if detector == nil && lastLinks.contains(entry.site) {
      throw .refused(
        "expected a link that is left over its end, found \"\(entry.site)\", on which all ways end "
          + "that lead onto it; place a detector there, or count at the links before it",
        file: file,
        place: place)
    }
    let isEmpty = emptyLinks.contains(entry.site)
    guard let series = detector ?? links[entry.site] ?? (isEmpty ? empty : nil) else {
      // The spelling of the nearest must not hang on the order of keys.
      let known = detectors.keys.sorted() + links.keys.sorted() + emptyLinks.sorted()
      let near = Spelling.nearest(to: entry.site, among: known)
      throw .refused(
        "expected a detector of the run or a link of its movements, found \"\(entry.site)\""
          + (near.map { "; did you mean \"\($0)\"?" } ?? ""), file: file, place: place)
    }
    guard let value = series.sum(entry.interval) else {
      func text(_ ms: Int64) -> String { epoch.advanced(byMilliseconds: ms).iso8601 }
      throw .refused(
        "expected begin and end where intervals of the run begin and end (from "
          + "\(text(series.start)), every \(series.lengthText), to "
          + "\(text(series.ends.last ?? series.start))), found \(text(entry.interval.lowerBound)) to "
          + text(entry.interval.upperBound), file: file, place: place)
    }
    return (value, detector != nil)
  }

  /// Longitude and latitude of sites: of detectors from `detectors.geojson`, of links the middle of
  /// their lines in `links.geojson`. Sites without a place are left out.
  func places(detectors ids: Set<String>, links: Set<String>) throws(CityError)
    -> [String: Point2]
  {
    var places: [String: Point2] = [:]
    for (file, wanted) in [("detectors.geojson", ids), ("links.geojson", links)]
    where !wanted.isEmpty && InputFile.exists(path: folder.path(of: file)) {
      var diagnostics = Diagnostics()
      let table = try GeoJSONReader.read(path: folder.path(of: file), diagnostics: &diagnostics)
      for i in 0..<table.count {
        guard let id = table.text(i, "id"), wanted.contains(id) else { continue }
        let points = Array(table.points(i))
        places[id] = Polyline.locate(points, at: Polyline.length(points) / 2).point
      }
    }
    return places
  }
}

extension ModelledCounts.Series {
  mutating func add(_ count: Double, _ interval: (Int64, Int64)) {
    if ends.last == interval.1 {
      counts[counts.count - 1] += count
    } else {
      if ends.isEmpty { start = interval.0 }
      ends.append(interval.1)
      counts.append(count)
    }
  }

  /// The sum over whole intervals that make up another one; nil where they do not.
  func sum(_ interval: Range<Int64>) -> Double? {
    let starts = [start] + ends.dropLast()
    guard let first = starts.firstIndex(of: interval.lowerBound),
      let last = ends.firstIndex(of: interval.upperBound), first <= last
    else { return nil }
    return counts[first...last].reduce(0, +)
  }

  var lengthText: String {
    DurationText.text(milliseconds: max(0, (ends.first ?? start) - start))
  }
}
