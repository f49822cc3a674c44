import CityBase
import CityText

/// A folder of results that is known by the `format` of its `manifest.json`.
struct MarkedFolder {
  static let markerFile = "manifest.json"

  let path: String
  /// What the marker says the folder holds.
  let format: String
  /// The word for it in messages: "run".
  let word: String

  /// Makes an empty folder; replaces an earlier one of the same kind, and refuses any other that is
  /// not empty.
  func prepare() throws(CityError) {
    try checkReplaceable()
    try OutputFolder.prepare(path: path, markerFile: Self.markerFile)
  }

  /// Refuses a folder that holds something else; changes nothing. Asked before long work, so that
  /// nobody waits for a refusal.
  func checkReplaceable() throws(CityError) {
    // Other programs have a manifest.json too, and theirs must not be taken for one to replace.
    if InputFile.exists(path: path(of: Self.markerFile)) {
      guard foundFormat == format else {
        throw .refused(
          "holds a \(Self.markerFile) that no \(word) has written: name another folder", file: path)
      }
    } else if let names = try? OutputFolder.list(path), !names.isEmpty {
      throw .refused(
        "is not empty and holds no \(word): name a new folder, or one of an earlier \(word)",
        file: path)
    }
  }

  /// What the marker says; nil where there is none that can be read.
  var foundFormat: String? {
    try? JSONValue.read(path: path(of: Self.markerFile))["format"]?.string
  }

  func path(of name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }
}
