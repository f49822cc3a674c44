import CityBase
import CityText

extension GeoJSONScanner {
  /// Reads the whole file into the table.
  mutating func readDocument() throws(CityError) {
    if count >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF { at = 3 }
    let isSequence = peek() == Self.recordSeparator || Self.isSequence(name: table.file)
    repeat {
      while peek() == Self.recordSeparator { at += 1 }
      if isSequence && at == count && ordinal > 0 { break }
      try readRoot()
      _ = peek()
    } while isSequence && at < count
    guard at == count else {
      throw bad("expected the end of the file, found \(found(at: at))", at: at)
    }
    for (i, name) in table.propertyNames.enumerated() where table.keyOfName[name] == nil {
      table.keyOfName[name] = i
    }
  }

  static let recordSeparator: UInt8 = 0x1E

  static func isSequence(name: String) -> Bool {
    var name = Substring(name.lowercased())
    if name.hasSuffix(".gz") { name = name.dropLast(3) }
    return [".geojsonl", ".geojsons", ".ndjson", ".jsonl"].contains { name.hasSuffix($0) }
  }

  /// Reads a FeatureCollection as it comes; a Feature or geometry, whose type may come last, is
  /// skipped first and read when its type is known.
  mutating func readRoot() throws(CityError) {
    featureStart = at
    guard peek() == 0x7B else {
      throw bad("expected a GeoJSON object, found \(found(at: at))", at: at)
    }
    let start = at
    let before = Mark(table)
    var type: Token?
    var hasFeatures = false
    at += 1
    var goesOn = peek() != 0x7D
    if !goesOn { at += 1 }
    while goesOn {
      let key = try readKey()
      if token(key, is: "type") {
        guard peek() == 0x22 else { throw bad("expected a text as \"type\"", at: at) }
        if type != nil {
          note("duplicate-key", "the key \"type\" comes twice; the last one counts")
        }
        type = try readString()
      } else if token(key, is: "features"), !hasFeatures, type.map(isCollection) ?? true {
        hasFeatures = true
        try readFeatures()
      } else if token(key, is: "crs") {
        try readCRS()
      } else {
        try skipValue()
      }
      goesOn = try continues(0x7D)
    }
    guard let type else { throw bad("expected a GeoJSON object with a \"type\"", at: start) }
    if isCollection(type) {
      guard hasFeatures else { throw bad("expected an array \"features\"", at: start) }
      return
    }
    let end = at
    before.restore(&table)
    try readSingle(type, at: start)
    at = end
  }

  func isCollection(_ type: Token) -> Bool { token(type, is: "FeatureCollection") }

  /// Reads an object that is a Feature or a geometry itself.
  mutating func readSingle(_ type: Token, at start: Int) throws(CityError) {
    at = start
    if token(type, is: "Feature") { return try readFeature() }
    guard geometryType(type) != .unknown else {
      let word = JSONStringText.lenient(inside(type)).prefix(40)
      throw bad("unknown GeoJSON type \"\(word)\"", at: type.start)
    }
    beginFeature()
    let kind = try readGeometry()
    try commit(kind, id: FeatureTable.Slice())
  }

  mutating func readFeatures() throws(CityError) {
    guard peek() == 0x5B else {
      throw bad("expected an array \"features\", found \(found(at: at))", at: at)
    }
    at += 1
    if peek() == 0x5D {
      at += 1
      return
    }
    repeat {
      try readFeature()
    } while try continues(0x5D)
  }

  /// The `crs` member of GeoJSON 2008: `{"type": "name", "properties": {"name": "EPSG:4490"}}`.
  mutating func readCRS() throws(CityError) {
    _ = peek()
    let start = at
    try skipValue()
    let bytes = Array(UnsafeRawBufferPointer(rebasing: all[start..<at]))
    guard let value = try? JSONValue.parse(bytes, file: table.file, allowsDuplicateKeys: true),
      !value.isNull
    else { return }
    guard let name = value["properties"]?["name"]?.string else {
      diagnostics.warn(
        "crs-unknown", file: table.file, place: "byte \(start)",
        "a \"crs\" member without a name; it was ignored")
      return
    }
    let known = Self.plainName(ofCRS: name)
    table.declaredCRS = known
    diagnostics.note(
      "crs-member", file: table.file, place: "byte \(start)",
      "an old \"crs\" member names \(known); RFC 7946 has only longitude and latitude of WGS 84")
  }

  /// `EPSG:4490` for `urn:ogc:def:crs:EPSG::4490`, `EPSG:4326` for `CRS84`.
  static func plainName(ofCRS name: String) -> String {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let code = parts.last, parts.count > 1 else { return name }
    if code.uppercased() == "CRS84" { return "EPSG:4326" }
    if parts.count == 2 { return parts[0].uppercased() + ":" + code }
    guard parts.count == 7, parts[0].lowercased() == "urn" else { return name }
    return parts[4].uppercased() + ":" + code
  }
}

/// How long the arrays of a table are, to cut them back to.
struct Mark {
  var rows = 0
  var parts = 0
  var rings = 0
  var points = 0
  var entries = 0

  init() {}
  init(_ table: FeatureTable) {
    rows = table.kinds.count
    parts = table.firstRing.count
    rings = table.firstPoint.count
    points = table.coordinates.count
    entries = table.entries.count
  }

  func restoreGeometry(_ table: inout FeatureTable) {
    table.coordinates.removeLast(table.coordinates.count - points)
    table.firstPoint.removeLast(table.firstPoint.count - rings)
    table.firstRing.removeLast(table.firstRing.count - parts)
  }
  func restoreProperties(_ table: inout FeatureTable) {
    table.entries.removeLast(table.entries.count - entries)
  }
  func restore(_ table: inout FeatureTable) {
    restoreGeometry(&table)
    restoreProperties(&table)
    let extra = table.kinds.count - rows
    table.kinds.removeLast(extra)
    table.offsets.removeLast(extra)
    table.ordinals.removeLast(extra)
    table.identifiers.removeLast(extra)
    table.firstPart.removeLast(extra)
    table.firstEntry.removeLast(extra)
  }
}
