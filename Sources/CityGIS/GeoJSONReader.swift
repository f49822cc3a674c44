import CityBase
import CityText

/// Reads GeoJSON layers into columns.
public enum GeoJSONReader {
  /// Reads the features of a file, plain or compressed with gzip.
  ///
  /// A feature that cannot be used is left out or loses its geometry, with a diagnostic that names
  /// it and its byte; a file that is no JSON is refused with the byte.
  public static func read(
    path: String, diagnostics: inout Diagnostics
  ) throws(CityError) -> FeatureTable {
    try read(try MappedFile(path: path), diagnostics: &diagnostics)
  }

  /// Reads the features out of bytes under a file's name.
  public static func parse(
    _ bytes: [UInt8], file: String, diagnostics: inout Diagnostics
  ) throws(CityError) -> FeatureTable {
    try read(MappedFile(bytes, path: file), diagnostics: &diagnostics)
  }

  static func read(
    _ source: MappedFile, diagnostics: inout Diagnostics
  ) throws(CityError) -> FeatureTable { FeatureTable(source: source) }
}
