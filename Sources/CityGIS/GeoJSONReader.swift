import CityBase
import CityText

/// Reads GeoJSON layers (RFC 7946, and the `crs` member of its forerunner) into columns.
///
/// Bytes are scanned once, numbers go straight into the coordinate array, properties are only
/// remembered as places. Members may come in any order.
public enum GeoJSONReader {
  /// Reads the features of a file, plain or compressed with gzip: a FeatureCollection, a single
  /// Feature or geometry, or features in sequence (RFC 8142, or one a line in a file named
  /// `.geojsonl`, `.geojsons`, `.ndjson` or `.jsonl`).
  ///
  /// A feature that cannot be used is left out or loses its geometry, with a diagnostic that names
  /// it and its byte. A file that is not JSON, is cut off, nests more than 512 levels or has no
  /// GeoJSON at its root is refused with the byte.
  public static func read(
    path: String, diagnostics: inout Diagnostics
  ) throws(CityError) -> FeatureTable {
    try read(try CompressedInput.map(path: path), diagnostics: &diagnostics)
  }

  /// Reads the features out of bytes under a file's name.
  public static func parse(
    _ bytes: [UInt8], file: String, diagnostics: inout Diagnostics
  ) throws(CityError) -> FeatureTable {
    try read(MappedFile(bytes, path: file), diagnostics: &diagnostics)
  }

  static func read(
    _ source: MappedFile, diagnostics: inout Diagnostics
  ) throws(CityError) -> FeatureTable {
    var found = Diagnostics()
    defer { diagnostics.add(contentsOf: found) }
    return try source.withBytes { (raw: UnsafeRawBufferPointer) throws(CityError) -> FeatureTable in
      var scanner = GeoJSONScanner(raw, table: FeatureTable(source: source))
      defer { found = scanner.diagnostics }
      try scanner.readDocument()
      return scanner.table
    }
  }
}
