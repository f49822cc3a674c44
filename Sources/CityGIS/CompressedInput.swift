import CZlib
import CityBase
import CityText

/// Files that may be compressed.
public enum CompressedInput {
  /// The bytes of a plain or gzip-compressed file, told apart by their first bytes.
  ///
  /// Refused, with the byte, where the compressed data is damaged or cut off, or grows beyond 8 GB.
  public static func read(path: String) throws(CityError) -> [UInt8] {
    try InputFile.read(path: path)
  }
}
