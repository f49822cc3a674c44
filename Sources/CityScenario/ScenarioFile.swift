import CityBase
import CityPolicy
import CityText

/// A scenario as its file says it, after defaults and before it meets its city.
public struct ScenarioFile: Sendable {
  /// The path of the file, as the user named it.
  public let path: String
  public var name: String
  public var description: String
  /// The city folder, as the scenario names it.
  public var city: String
  public var clock: ClockSettings
  public var seed: UInt64
  public var demand: [DemandEntry]
  public var policies: [PolicyEntry]
  public var outputs: OutputSettings

  public static let format = "citytwin-scenario"
  public static let version = 1
  /// Seeds are kept to what every JSON reader can hold.
  public static let seedRange = 0...(1 << 53 - 1)

  /// A part of the demand, with the text it was read from.
  public struct DemandEntry: Sendable {
    public var settings: any DemandSettings
    public var source: JSONValue
    /// Its JSON path.
    public var place: String
  }

  /// A policy under its name, with the text it was read from.
  public struct PolicyEntry: Sendable {
    public var name: String
    public var settings: any PolicySettings
    public var source: JSONValue
    /// Its JSON path.
    public var place: String
  }

  /// Reads a scenario file strictly: unknown keys, wrong types and impossible values are refused
  /// with file, JSON path and what was expected.
  public static func read(path: String) throws(CityError) -> ScenarioFile {
    let inFolder = (path.hasSuffix("/") ? path : path + "/") + "scenario.json"
    guard !InputFile.exists(path: inFolder) else {
      throw .refused("this is a folder; did you mean \(inFolder)?", file: path)
    }
    return try ScenarioFile(bytes: try InputFile.read(path: path), path: path)
  }

  /// Reads a scenario from its text; `path` is for messages and for what it names by relative
  /// paths.
  public init(bytes: [UInt8], path: String) throws(CityError) {
    var reader = try JSONObjectReader(try JSONValue.parse(bytes, file: path), file: path)
    try Self.checkFormat(&reader)
    self.path = path
    name = try reader.string("name")
    description = try reader.optionalString("description") ?? ""
    city = try reader.string("city")
    clock = try ClockSettings(try reader.object("clock"))
    seed = UInt64(try reader.optionalInteger("seed", in: Self.seedRange) ?? 1)
    demand = try Self.readDemand(&reader)
    policies = try Self.readPolicies(&reader)
    outputs = try OutputSettings(try reader.optionalObject("outputs"), clock: clock)
    // An editor finds the published schema by this key.
    _ = try reader.optionalString("$schema")
    try reader.finish()
  }

  private static func checkFormat(_ reader: inout JSONObjectReader) throws(CityError) {
    let found = try reader.string("format")
    guard found == format else {
      throw reader.error("format", "expected \"\(format)\", found \"\(found)\"")
    }
    let number = try reader.integer("version")
    guard number == version else {
      throw reader.error("version", "this build reads version \(version), found \(number)")
    }
  }

  private static func readDemand(_ reader: inout JSONObjectReader) throws(CityError)
    -> [DemandEntry]
  {
    let value = try reader.value("demand")
    let path = reader.path(of: "demand")
    guard let list = value.array else {
      return [try demandEntry(value, file: reader.file, path: path)]
    }
    var entries: [DemandEntry] = []
    for (i, element) in list.enumerated() {
      entries.append(try demandEntry(element, file: reader.file, path: "\(path)[\(i)]"))
    }
    guard !entries.isEmpty else { throw reader.error("demand", "expected one part or more") }
    return entries
  }

  private static func demandEntry(_ value: JSONValue, file: String, path: String)
    throws(CityError) -> DemandEntry
  {
    var reader = try JSONObjectReader(value, file: file, path: path)
    var found: (any DemandSettings)?
    for type in Registry.demand {
      guard let body = reader.optionalValue(type.key) else { continue }
      guard found == nil else {
        throw .refused("expected one model in each part of the demand", file: file, place: path)
      }
      found = try type.init(body, file: file, path: reader.path(of: type.key))
    }
    try reader.finish()
    guard let found else {
      let words = Registry.demand.map { "\"\($0.key)\"" }.joined(separator: ", ")
      throw .refused("expected one of the keys \(words)", file: file, place: path)
    }
    return DemandEntry(settings: found, source: value, place: path)
  }

  private static func readPolicies(_ reader: inout JSONObjectReader) throws(CityError)
    -> [PolicyEntry]
  {
    var entries: [PolicyEntry] = []
    for (i, value) in (try reader.optionalArray("policies") ?? []).enumerated() {
      let path = reader.path(of: "policies[\(i)]")
      var policy = try JSONObjectReader(value, file: reader.file, path: path)
      let typeName = try policy.string("type")
      guard let type = Registry.policies.first(where: { $0.typeName == typeName }) else {
        let words = Registry.policies.map { "\"\($0.typeName)\"" }.joined(separator: ", ")
        throw policy.error("type", "expected one of \(words), found \"\(typeName)\"")
      }
      let name = try policy.optionalString("name") ?? "\(typeName)-\(i + 1)"
      guard !entries.contains(where: { $0.name == name }) else {
        throw policy.error("name", "two policies are named \"\(name)\"")
      }
      let settings = try type.init(from: &policy)
      try policy.finish()
      entries.append(PolicyEntry(name: name, settings: settings, source: value, place: path))
    }
    return entries
  }
}
