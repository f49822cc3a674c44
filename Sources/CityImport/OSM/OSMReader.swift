import CityBase
import CityGIS
import CityText

/// Reads OpenStreetMap data into columns: XML (`.osm`, `.osm.gz`) or PBF (`.osm.pbf`), told apart
/// by their first bytes.
///
/// Refused, with file and byte: truncated or damaged files, files of other formats (bzip2, change
/// files, history). Elements without a usable id or place are left out with a diagnostic; so are
/// repeats of an id.
///
/// A hostile file costs no more than memory in proportion to its size: about ten times what it
/// expands to, and expansion is held within 200 times (gzip) or 30 times (PBF) of the file's size.
public enum OSMReader {
  /// Reads a file.
  public static func read(path: String, diagnostics: inout Diagnostics) throws(CityError) -> OSMData
  {
    let file = try MappedFile(path: path)
    // Only what is compressed as a whole is copied.
    if file.withBytes({ $0.starts(with: [0x1F, 0x8B]) }) {
      return try parse(
        try CompressedInput.read(path: path), file: path, diagnostics: &diagnostics)
    }
    return try file.withBytes { parse($0, file: path, diagnostics: &diagnostics) }.get()
  }

  /// Reads bytes in memory, not compressed as a whole; `file` is named in messages.
  public static func parse(_ bytes: [UInt8], file: String, diagnostics: inout Diagnostics)
    throws(CityError) -> OSMData
  {
    try bytes.withUnsafeBytes { raw in parse(raw, file: file, diagnostics: &diagnostics) }.get()
  }

  private static func parse(
    _ raw: UnsafeRawBufferPointer, file: String, diagnostics: inout Diagnostics
  ) -> Result<OSMData, CityError> {
    do throws(CityError) {
      if raw.starts(with: "BZh".utf8) {
        throw .refused(
          "bzip2 is not supported; convert it first (osmium cat \(file) -o city.osm.pbf)",
          file: file)
      }
      if file.hasSuffix(".pbf") || OSMPBFReader.isPBF(raw) {
        return .success(try OSMPBFReader.read(raw, file: file, &diagnostics))
      }
      return .success(try OSMXMLReader.read(raw, file: file, &diagnostics))
    } catch { return .failure(error) }
  }
}
