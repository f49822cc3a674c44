import CityBase

/// What a city is made of and what was wrong with it, as lines of plain text.
public enum CityReport {
  /// The lines that `cim inspect` prints: the city's facts, its layers, how many entities of each
  /// kind there are, and the diagnostics summed up by code with one example each.
  public static func describe(_ map: CityMap, _ diagnostics: Diagnostics) -> String {
    let parts = [
      facts(map), layers(map), entities(map), problems(diagnostics),
    ]
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func facts(_ map: CityMap) -> [String] {
    let turn = map.allowsTurnOnRed ? ", may turn towards the kerb at red" : ""
    var rows: [[String]] = [
      ["name", map.name],
      ["folder", map.folder],
      ["drives", "on the \(map.drivesOnRight ? "right" : "left")\(turn)"],
      ["time zone", map.timeZoneName],
      ["working CRS", map.workingCRS],
    ]
    let box = map.bounds
    if box.isEmpty {
      rows.append(["bounds", "none: the city has no entities"])
    } else {
      let km = { (metres: Double) in NumberWords.text(metres / 1000, decimals: 2) }
      let metres = { (v: Double) in NumberWords.text(v, decimals: 1) }
      rows.append(
        [
          "bounds",
          "x \(metres(box.min.x)) to \(metres(box.max.x)) m, y \(metres(box.min.y)) to "
            + "\(metres(box.max.y)) m (\(km(box.width)) x \(km(box.height)) km)",
        ])
    }
    rows.append(["network", map.description.network ?? "none: built from the road layer"])
    return ["City"] + table(rows)
  }

  private static func layers(_ map: CityMap) -> [String] {
    var rows = [["file", "kind", "CRS", "features"]]
    for layer in map.layers {
      rows.append(
        [
          layer.description.file, layer.description.kind.rawValue, layer.description.crs,
          NumberWords.grouped(layer.features.count),
        ])
    }
    return ["Layers"] + (map.layers.isEmpty ? ["  none"] : table(rows))
  }

  private static func entities(_ map: CityMap) -> [String] {
    var rows: [[String]] = []
    for kind in EntityKind.allCases {
      rows.append([kind.plural, NumberWords.grouped(map.count(of: kind)), remark(map, kind)])
    }
    return ["Entities (\(NumberWords.grouped(map.entityCount)))"] + table(rows, rightAligned: 1)
  }

  /// The sum that says most about a kind.
  private static func remark(_ map: CityMap, _ kind: EntityKind) -> String {
    func sum<E>(_ catalogue: Catalogue<E>, _ unit: String, _ value: (E) -> Double?) -> String {
      let values = catalogue.entities.values.compactMap(value)
      guard !values.isEmpty else { return "" }
      return "\(grouped(values.reduce(0, +))) \(unit)"
    }
    switch kind {
    case .district: return sum(map.districts, "people") { $0.population }
    case .subdistrict: return sum(map.subdistricts, "people") { $0.population }
    case .building:
      let parts = [
        sum(map.buildings, "m² of floor") { $0.floorArea },
        sum(map.buildings, "people") { $0.population }, sum(map.buildings, "jobs") { $0.jobs },
      ]
      return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    case .road: return length(map.roads)
    case .footway: return length(map.footways)
    case .parking: return sum(map.parkingFacilities, "bays") { $0.capacity.map { Double($0) } }
    case .hospital: return sum(map.hospitals, "beds") { $0.beds.map { Double($0) } }
    case .fireStation: return sum(map.fireStations, "engines") { $0.engines.map { Double($0) } }
    case .policeStation: return sum(map.policeStations, "cars") { $0.cars.map { Double($0) } }
    case .ambulanceStation:
      return sum(map.ambulanceStations, "ambulances") { $0.ambulances.map { Double($0) } }
    case .gate: return sum(map.gates, "veh/h of capacity") { $0.capacity }
    case .place: return sum(map.places, "people") { $0.population }
    case .signal, .sensor: return ""
    }
  }

  private static func length<E>(_ catalogue: Catalogue<E>) -> String {
    guard !catalogue.isEmpty else { return "" }
    let metres = catalogue.ids.reduce(0.0) {
      $0 + (catalogue.shapes.form[$1] == .line ? catalogue.shapes.length(of: $1) : 0)
    }
    return "\(NumberWords.text(metres / 1000, decimals: 1)) km"
  }

  private static func grouped(_ value: Double) -> String {
    Int(exactly: value.rounded()).map { NumberWords.grouped($0) }
      ?? NumberWords.text(value, decimals: 0)
  }

  private static func problems(_ diagnostics: Diagnostics) -> [String] {
    guard !diagnostics.isEmpty else { return ["Problems", "  none"] }
    var lines = ["Problems (\(NumberWords.grouped(diagnostics.total)))"]
    for (code, count) in diagnostics.counts {
      lines.append("  \(code): \(NumberWords.grouped(count))")
      guard let example = diagnostics.entries.first(where: { $0.code == code }) else { continue }
      lines.append("    \(count > 1 ? "such as " : "")\(example)")
    }
    return lines
  }

  /// Rows in columns that are as wide as their longest cell.
  private static func table(_ rows: [[String]], rightAligned: Int = -1) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (i, cell) in row.enumerated() {
        if i == widths.count { widths.append(0) }
        widths[i] = max(widths[i], cell.count)
      }
    }
    return rows.map { row in
      var line = "  "
      for (i, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[i] - cell.count)
        line += i == rightAligned ? space + cell : i + 1 < row.count ? cell + space : cell
        if i + 1 < row.count { line += "  " }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
