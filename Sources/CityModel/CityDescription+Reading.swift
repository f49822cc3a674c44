import CityBase
import CityText
import Foundation

extension CityDescription {
  /// Reads `city.json` in a city folder.
  ///
  /// Refused are, with file and JSON path: a missing file, unknown keys, wrong types, another format
  /// or version, an unknown time zone, a path that leaves the folder, fields that the kind does not
  /// have.
  public static func read(folder: String) throws(CityError) -> CityDescription {
    let file = path(of: fileName, in: folder)
    guard InputFile.exists(path: file) else {
      throw .refused("no such file; a city folder has a \(fileName)", file: file)
    }
    return try parse(try InputFile.read(path: file), file: file)
  }

  /// Reads the bytes of a `city.json`; `file` is for messages.
  public static func parse(_ bytes: [UInt8], file: String) throws(CityError) -> CityDescription {
    var reader = try JSONObjectReader(try JSONValue.parse(bytes, file: file), file: file)
    let format = try reader.string("format")
    guard format == Self.format else {
      throw reader.error("format", "expected \"\(Self.format)\", found \"\(format)\"")
    }
    let version = try reader.integer("version")
    guard version == Self.version else {
      throw reader.error("version", "this build reads version \(Self.version), found \(version)")
    }
    var description = CityDescription(
      name: try reader.string("name"),
      drivesOnRight: try reader.optionalChoice("drive", of: DrivingSide.self) != .left,
      timeZone: try reader.string("time_zone"),
      workingCRS: try reader.string("working_crs"),
      network: try reader.optionalString("network"),
      allowsTurnOnRed: try reader.optionalBool("turn_on_red") ?? false)
    guard TimeZone(identifier: description.timeZone) != nil else {
      throw reader.error(
        "time_zone",
        "expected a time zone such as \"Asia/Shanghai\", found \"\(description.timeZone)\"")
    }
    if let network = description.network { try checkPath(network, "network", reader) }
    for layer in try reader.objects("layers") { description.layers.append(try parseLayer(layer)) }
    try reader.finish()
    return description
  }

  private static func parseLayer(_ source: JSONObjectReader) throws(CityError) -> Layer {
    var reader = source
    let file = try reader.string("file")
    try checkPath(file, "file", reader)
    let kind = try reader.choice("kind", of: EntityKind.self)
    var layer = Layer(
      file: file, kind: kind, crs: try reader.optionalString("crs") ?? defaultLayerCRS)
    if var fields = try reader.optionalObject("fields") {
      for standard in kind.standardFields {
        if let own = try fields.optionalString(standard) {
          layer.fields.append(Field(standard: standard, own: own))
        }
      }
      try fields.finish()
    }
    try reader.finish()
    return layer
  }

  /// Refuses paths that are absolute, empty or lead out of the folder, so that a city that came from
  /// elsewhere reads nothing but its own files.
  private static func checkPath(
    _ path: String, _ key: String, _ reader: JSONObjectReader
  ) throws(CityError) {
    var depth = 0
    for part in path.split(separator: "/") where part != "." {
      depth += part == ".." ? -1 : 1
      if depth < 0 { break }
    }
    guard depth > 0, !path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw reader.error(key, "expected the path of a file in the city's folder, found \"\(path)\"")
    }
  }

  /// The bytes of a `city.json` that says the same; what `parse` reads back.
  public func encoded() -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", Self.format)
    json.member("version", Self.version)
    json.member("name", name)
    json.member("drive", (drivesOnRight ? DrivingSide.right : .left).rawValue)
    json.member("time_zone", timeZone)
    json.member("working_crs", workingCRS)
    if let network { json.member("network", network) }
    json.member("turn_on_red", allowsTurnOnRed)
    json.key("layers")
    json.beginArray()
    for layer in layers { Self.encode(layer, into: &json) }
    json.endArray()
    json.endObject()
    json.newline()
    return json.takeBytes()
  }

  private static func encode(_ layer: Layer, into json: inout JSONWriter) {
    json.beginObject()
    json.member("file", layer.file)
    json.member("kind", layer.kind.rawValue)
    json.member("crs", layer.crs)
    if !layer.fields.isEmpty {
      json.key("fields")
      json.beginObject()
      for field in layer.fields { json.member(field.standard, field.own) }
      json.endObject()
    }
    json.endObject()
  }
}
