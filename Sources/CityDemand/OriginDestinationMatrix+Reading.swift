import CityBase
import CityText

extension OriginDestinationMatrix {
  /// Reads a matrix from a table with the columns `origin`, `destination` (zone ids, or names where
  /// they are unique) and `trips` (0 or more, not necessarily whole).
  ///
  /// Rows with an unknown zone or an impossible number are dropped with a diagnostic that names the
  /// line; pairs that come twice are added up with a note. A missing column or a broken file is
  /// refused.
  public static func read(path: String, zones: ZoneSystem, diagnostics: inout Diagnostics)
    throws(CityError) -> OriginDestinationMatrix
  {
    try matrix(in: try CSVTable.read(path: path), zones: zones, diagnostics: &diagnostics)
  }

  /// The same for a table that is already in memory.
  public static func matrix(
    in table: CSVTable, zones: ZoneSystem, diagnostics: inout Diagnostics
  ) throws(CityError) -> OriginDestinationMatrix {
    let origin = try table.requiredColumn("origin")
    let destination = try table.requiredColumn("destination")
    let trips = try table.requiredColumn("trips")
    var cells: [Cell] = []
    var seen: Set<Int> = []
    for row in table.rows {
      let place = "line \(row.line)"
      func zone(_ column: Int) -> ZoneID? {
        let text = row[column].trimmed
        if let zone = zones.zone(text) { return zone }
        diagnostics.warn(
          "zone-unknown", file: table.file, place: place,
          "no zone has the id or the unique name \"\(text)\", or none of its roads can be used; "
            + "the row is left out")
        return nil
      }
      guard let from = zone(origin), let to = zone(destination) else { continue }
      guard let n = row.number(trips), n.isFinite, n >= 0 else {
        diagnostics.warn(
          "trips-number", file: table.file, place: place,
          "expected a number of trips of 0 or more, found \"\(row[trips].trimmed)\"; the row is "
            + "left out")
        continue
      }
      if !seen.insert(from.index * zones.count + to.index).inserted {
        diagnostics.note(
          "pair-repeated", file: table.file, place: place,
          "this pair was there before; the trips are added up")
      }
      cells.append(Cell(origin: from, destination: to, trips: n))
    }
    return OriginDestinationMatrix(cells)
  }
}
