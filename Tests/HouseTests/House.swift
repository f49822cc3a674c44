import Foundation

/// The house as its plan says it is: which target stands on which floor.
enum House {
  /// Imports only go to a lower floor; targets on one floor never import each other.
  static let floors: [String: Int] = [
    "CityBase": 0,
    "CitySpatial": 1, "CityText": 1,
    "CityGIS": 2,
    "CityModel": 3,
    "CityNetwork": 4,
    "CityDemand": 5,
    "CitySimulation": 6,
    "CityTraffic": 7, "CityParking": 7, "CityEmergency": 7, "CityReporting": 7,
    "CityPolicy": 8,
    "CityScenario": 9,
    "CityImport": 10,
    "CityTwin": 11,
    "CityCLI": 12,
    "cim": 13,
  ]
  /// What is written in C, and the one target that may import it.
  static let importersOfC = [
    "CGEOS": "CityGIS", "CPROJ": "CityGIS", "CZlib": "CityGIS", "CPrefetch": "CityTraffic",
    "CSHA256": "CityScenario",
  ]
  /// What comes with the toolchain.
  static let toolchain: Set<String> = ["Foundation", "Glibc", "Darwin", "Synchronization"]

  /// The root of the package.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// All files under a folder, as paths from the root, sorted.
  static func files(under folder: String, ending: String = "") -> [String] {
    let start = root.appendingPathComponent(folder)
    guard let walk = FileManager.default.enumerator(atPath: start.path) else { return [] }
    var found: [String] = []
    for case let name as String in walk {
      var isFolder: ObjCBool = false
      let path = start.appendingPathComponent(name).path
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue, name.hasSuffix(ending), !name.contains("__pycache__")
      else { continue }
      found.append("\(folder)/\(name)")
    }
    return found.sorted()
  }

  /// The folders of a folder.
  static func folders(of folder: String) -> [String] {
    Set(
      files(under: folder).compactMap { path -> String? in
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : nil
      }
    ).sorted()
  }

  /// What is wrong with an import of `module` in the target `target`; nil where it is fine.
  static func objection(to module: String, in target: String) -> String? {
    if toolchain.contains(module) { return nil }
    if let importer = importersOfC[module] {
      return target == importer ? nil : "\(target) imports \(module): only \(importer) may"
    }
    guard let own = floors[target] else { return "\(target) stands on no floor" }
    guard let other = floors[module] else { return "\(target) imports \(module), which is unknown" }
    return other < own
      ? nil : "\(target) (floor \(own)) imports \(module) (floor \(other)), which is not lower"
  }
}

/// Reads `import` lines in all their forms.
enum ImportLine {
  /// Attributes, an access level, and the kind of a single thing may surround the word.
  private static let form =
    #"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private|open)\s+)?"#
    + #"(?:@\w+(?:\([^)]*\))?\s+)*import\s+"#
    + #"(?:(?:typealias|struct|class|enum|protocol|let|var|func|actor)\s+)?`?(\w+)"#

  /// The modules that some source text imports, in order.
  static func modules(in text: String) throws -> [String] {
    let pattern = try NSRegularExpression(pattern: form)
    var found: [String] = []
    for line in text.split(whereSeparator: { $0.isNewline || $0 == ";" }) {
      let line = String(line)
      let whole = NSRange(line.startIndex..., in: line)
      guard let match = pattern.firstMatch(in: line, range: whole),
        let range = Range(match.range(at: 1), in: line)
      else { continue }
      found.append(String(line[range]))
    }
    return found
  }
}

/// The targets of `Package.swift` and what they declare to depend on.
enum ManifestText {
  struct Target {
    var name: String
    var dependencies: [String]
    var isTest: Bool
  }

  static func targets(in text: String) throws -> [Target] {
    let heads = try NSRegularExpression(
      pattern: #"\.(target|executableTarget|testTarget|systemLibrary)\("#)
    var found: [Target] = []
    for match in heads.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
      guard let head = Range(match.range, in: text) else { continue }
      let call = balanced(text[head.upperBound...])
      guard let name = strings(after: "name:", in: call).first else { continue }
      found.append(
        Target(
          name: name, dependencies: strings(after: "dependencies:", in: call),
          isTest: text[head].contains("testTarget")))
    }
    return found
  }

  /// The text up to the parenthesis that closes what is already open.
  private static func balanced(_ text: Substring) -> Substring {
    var depth = 1
    for i in text.indices {
      if text[i] == "(" { depth += 1 }
      if text[i] == ")" { depth -= 1 }
      if depth == 0 { return text[..<i] }
    }
    return text
  }

  /// The string after a label, or the strings of the list after it.
  private static func strings(after label: String, in call: Substring) -> [String] {
    guard let start = call.range(of: label) else { return [] }
    let rest = call[start.upperBound...].drop { $0 == " " || $0 == "\n" }
    let end = rest.first == "[" ? rest.firstIndex(of: "]") : rest.firstIndex(of: ",")
    let pieces = rest[..<(end ?? rest.endIndex)].split(
      separator: "\"", omittingEmptySubsequences: false)
    return stride(from: 1, to: pieces.count, by: 2).map { String(pieces[$0]) }
  }
}
