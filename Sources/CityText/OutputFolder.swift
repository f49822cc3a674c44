import CityBase

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Folders that a command writes its results into.
public enum OutputFolder {
  /// Makes a folder ready for new results: creates it with its parents, or empties one that an
  /// earlier command of the same kind wrote, which its marker file tells.
  ///
  /// A file of the marker's name that lacks `markerText` does not count: web projects have a
  /// `manifest.json` too. Any other folder that is not empty is refused (exit code 2) and left untouched; one that cannot
  /// be made or written fails (exit code 1).
  public static func prepare(path: String, markerFile: String, markerText: String? = nil)
    throws(CityError)
  {
    var s = stat()
    if stat(path, &s) == 0 {
      guard s.st_mode & S_IFMT == S_IFDIR else {
        throw .refused("expected a folder, found a file", file: path)
      }
      let entries = try list(path)
      if !entries.isEmpty {
        guard entries.contains(markerFile), isMarker("\(path)/\(markerFile)", markerText) else {
          throw .refused(
            "is not empty and holds no \(markerFile) of an earlier run: name a new folder or one that an earlier"
              + " command wrote", file: path)
        }
        guard access(path, W_OK | X_OK) == 0 else {
          throw .failed("cannot be written: \(InputFile.systemMessage())", file: path)
        }
        // The marker goes last, so that a half emptied folder is still known as ours.
        for name in entries where name != markerFile { try remove("\(path)/\(name)") }
        try remove("\(path)/\(markerFile)")
      }
    } else {
      try create(path: path)
    }
    guard access(path, W_OK | X_OK) == 0 else {
      throw .failed("cannot be written: \(InputFile.systemMessage())", file: path)
    }
  }

  private static func isMarker(_ path: String, _ text: String?) -> Bool {
    guard let text else { return true }
    guard let bytes = try? InputFile.read(path: path) else { return false }
    return String(decoding: bytes, as: UTF8.self).contains(text)
  }

  /// Creates a folder and its parents where they are missing.
  public static func create(path: String) throws(CityError) {
    var sofar = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      sofar += sofar.isEmpty || sofar == "/" ? String(part) : "/\(part)"
      if mkdir(sofar, 0o755) != 0 && errno != EEXIST {
        throw .failed("cannot be created: \(InputFile.systemMessage())", file: path)
      }
    }
    var s = stat()
    guard stat(path, &s) == 0, s.st_mode & S_IFMT == S_IFDIR else {
      throw .failed("cannot be created: a file is in the way", file: path)
    }
  }

  /// The names in a folder, sorted, without `.` and `..`.
  public static func list(_ path: String) throws(CityError) -> [String] {
    guard let dir = opendir(path) else {
      throw .failed("cannot be read: \(InputFile.systemMessage())", file: path)
    }
    defer { closedir(dir) }
    var names: [String] = []
    while let entry = readdir(dir) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, a link (never what it leads to) or a folder with all that is in it.
  static func remove(_ path: String) throws(CityError) {
    var s = stat()
    guard lstat(path, &s) == 0 else { return }
    if s.st_mode & S_IFMT == S_IFDIR {
      for name in try list(path) { try remove("\(path)/\(name)") }
      guard rmdir(path) == 0 else {
        throw .failed("cannot be removed: \(InputFile.systemMessage())", file: path)
      }
    } else {
      guard unlink(path) == 0 else {
        throw .failed("cannot be removed: \(InputFile.systemMessage())", file: path)
      }
    }
  }
}
