import Foundation

/// Paths in a scenario are relative to its file.
public enum ScenarioPath {
  /// `path` as seen from the folder of `file`; absolute paths stay.
  public static func resolve(_ path: String, beside file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    let folder = String(file[...slash])
    guard path == "." || path == "./" else { return folder + path }
    return folder == "/" ? folder : String(folder.dropLast())
  }

  /// The last part of a path.
  public static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// One text for every path that leads to the same file, links followed.
  static func identity(of path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}
