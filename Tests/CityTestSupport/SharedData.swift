import Foundation

/// Data that lies outside of the project; tests that need it say so and end where it is absent.
public enum SharedData {
  /// The path of a file: in the folder `CIM_SHARED_DATA` names, or in `shared/data` beside the
  /// project or above it. Nil, with a printed reason, where there is none.
  public static func path(_ name: String) -> String? {
    var folders: [String] = []
    if let named = ProcessInfo.processInfo.environment["CIM_SHARED_DATA"] { folders.append(named) }
    var above = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while above.path != "/" {
      folders.append(above.appendingPathComponent("shared/data").path)
      above.deleteLastPathComponent()
    }
    for folder in folders where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
      return "\(folder)/\(name)"
    }
    print("skipped: no \(name) in CIM_SHARED_DATA or ../shared/data")
    return nil
  }

  /// The files of a tar archive, by path, in order of their paths.
  public static func unpack(_ name: String) throws -> [(path: String, bytes: [UInt8])]? {
    guard let archive = path(name) else { return nil }
    let folder = Scratch.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "xzf", archive, "-C", folder]
    try tar.run()
    tar.waitUntilExit()
    guard tar.terminationStatus == 0 else {
      print("skipped: tar cannot unpack \(archive)")
      return nil
    }
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.sorted().compactMap { path in
      FileManager.default.contents(atPath: "\(folder)/\(path)").map { (path, Array($0)) }
    }
  }
}

/// Folders for the length of a test.
public enum Scratch {
  /// A new, empty folder.
  public static func folder() -> String {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }
}
