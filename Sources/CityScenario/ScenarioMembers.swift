import CityBase
import CityText

/// The top-level members of a scenario: those of its own file, and those it takes over from the
/// file it extends.
///
/// A file with `"extends": "scenario.json"` has every member of that file that it does not have
/// itself; a member is replaced whole, lists included, and one that is `null` is as if it were not
/// there. Each member is read as one of the file it stands in: errors name that file, and paths are
/// relative to it.
struct ScenarioMembers {
  /// A file that the scenario is made of.
  struct File: Sendable {
    /// The path to read it by.
    var path: String
    /// Its path as seen from the folder of the scenario.
    var name: String
    /// Its keys, in its own order.
    var keys: [String]
  }

  private struct Member {
    var content: JSONMember
    var file: String
    var key: String { content.key }
  }

  /// The most files that may extend one another.
  static let depthLimit = 8

  /// The scenario itself, then the file it extends, and so on.
  private(set) var files: [File] = []
  private var members: [Member] = []
  private var asked = ["extends"]

  /// Reads a scenario from its text, and from disk what it extends. Refuses what is no object, and
  /// files that extend each other in a circle or more than `depthLimit` deep.
  init(bytes: [UInt8], path: String) throws(CityError) {
    var next: (bytes: [UInt8], path: String, name: String)? = (
      bytes, path, ScenarioPath.lastComponent(path)
    )
    while let current = next {
      let value = try JSONValue.parse(current.bytes, file: current.path)
      var reader = try JSONObjectReader(value, file: current.path)
      let extended = try reader.optionalString("extends")
      files.append(File(path: current.path, name: current.name, keys: reader.keys))
      for member in value.members ?? [] where !members.contains(where: { $0.key == member.key }) {
        members.append(Member(content: member, file: current.path))
      }
      next = nil
      if let extended {
        let path = try checked(extended, reader)
        next = (
          try InputFile.read(path: path), path,
          extended.hasPrefix("/")
            ? ScenarioPath.lastComponent(extended)
            : ScenarioPath.resolve(extended, beside: current.name)
        )
      }
    }
  }

  /// The path of the file that the last one extends.
  private func checked(_ extended: String, _ reader: JSONObjectReader) throws(CityError) -> String {
    let path = ScenarioPath.resolve(extended, beside: reader.file)
    guard !extended.isEmpty, InputFile.exists(path: path) else {
      throw reader.error(
        "extends", "expected the path of a scenario file, found none at \(path)")
    }
    let place = ScenarioPath.identity(of: path)
    guard !files.contains(where: { ScenarioPath.identity(of: $0.path) == place }) else {
      throw reader.error("extends", "\(extended) comes to extend itself")
    }
    guard files.count <= Self.depthLimit else {
      throw reader.error(
        "extends", "more than \(Self.depthLimit) files extend one another here")
    }
    return path
  }

  /// Refuses the keys of any file that were never asked for.
  func finish() throws(CityError) {
    for file in files {
      for key in file.keys where !asked.contains(key) {
        let hint = Spelling.nearest(to: key, among: asked).map { "; did you mean \"\($0)\"?" } ?? ""
        throw .refused("unknown key \"\(key)\"\(hint)", file: file.path, place: "$")
      }
    }
  }

  /// The path of the file in which a member stands; the scenario's own for one that is absent.
  func file(of key: String) -> String {
    member(key)?.file ?? files.first?.path ?? ""
  }

  private func member(_ key: String) -> Member? { members.first { $0.key == key } }

  /// The JSON path of a member.
  func path(of key: String) -> String { "$.\(key)" }

  func error(_ key: String, _ message: String) -> CityError {
    .refused(message, file: file(of: key), place: path(of: key))
  }

  /// Reads one member with a reader that holds no other.
  private mutating func read<T>(
    _ key: String, _ body: (inout JSONObjectReader) throws(CityError) -> T
  ) throws(CityError) -> T {
    asked.append(key)
    let member = member(key)
    var reader = try JSONObjectReader(
      JSONValue(.object(member.map { [$0.content] } ?? [])), file: file(of: key))
    return try body(&reader)
  }
}

extension ScenarioMembers {
  mutating func optionalValue(_ key: String) throws(CityError) -> JSONValue? {
    try read(key) { reader throws(CityError) in reader.optionalValue(key) }
  }

  mutating func value(_ key: String) throws(CityError) -> JSONValue {
    try read(key) { reader throws(CityError) in try reader.value(key) }
  }

  mutating func string(_ key: String) throws(CityError) -> String {
    try read(key) { reader throws(CityError) in try reader.string(key) }
  }

  mutating func optionalString(_ key: String) throws(CityError) -> String? {
    try read(key) { reader throws(CityError) in try reader.optionalString(key) }
  }

  mutating func integer(_ key: String) throws(CityError) -> Int {
    try read(key) { reader throws(CityError) in try reader.integer(key) }
  }

  mutating func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(CityError)
    -> Int?
  {
    try read(key) { reader throws(CityError) in try reader.optionalInteger(key, in: range) }
  }

  mutating func object(_ key: String) throws(CityError) -> JSONObjectReader {
    try read(key) { reader throws(CityError) in try reader.object(key) }
  }

  mutating func optionalObject(_ key: String) throws(CityError) -> JSONObjectReader? {
    try read(key) { reader throws(CityError) in try reader.optionalObject(key) }
  }

  mutating func optionalArray(_ key: String) throws(CityError) -> [JSONValue]? {
    try read(key) { reader throws(CityError) in try reader.optionalArray(key) }
  }
}
