import Foundation

/// The bytes of every file of a run that must not differ between two equal runs.
struct RunBytes {
  var files: [String: Data] = [:]

  init(_ folder: String) throws {
    let url = URL(fileURLWithPath: folder)
    for case let file as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      if file == "performance.json" || file.hasPrefix("checkpoints") { continue }
      var isFolder: ObjCBool = false
      let path = url.appendingPathComponent(file)
      _ = FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder)
      if !isFolder.boolValue { files[file] = try Data(contentsOf: path) }
    }
  }

  /// The names of the files that one has and the other has not, or that differ.
  func differences(from other: RunBytes) -> [String] {
    Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
  }
}
