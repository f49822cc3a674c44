import CityBase

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that are read whole.
public enum InputFile {
  /// All bytes of a file. Refused where it is missing, a folder or cannot be read.
  public static func read(path: String) throws(CityError) -> [UInt8] {
    let map = try MappedFile(path: path)
    return map.withBytes { Array($0) }
  }

  /// Whether a regular file, or anything a link to one leads to, is there.
  public static func exists(path: String) -> Bool {
    var s = stat()
    return stat(path, &s) == 0
  }

  /// What the last failed system call said.
  static func systemMessage() -> String { String(cString: strerror(errno)) }
}
