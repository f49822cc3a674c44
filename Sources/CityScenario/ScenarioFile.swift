import CityBase
import CityEmergency
import CityParking
import CityPolicy
import CityText

/// A scenario as its file says it, after defaults and before it meets its city.
public struct ScenarioFile: Sendable {
  /// The path of the file, as the user named it.
  public let path: String
  public var name: String
  public var description: String
  /// The city folder, as the scenario names it, relative to the file in which it stands.
  public var city: String
  public var clock: ClockSettings
  public var seed: UInt64
  public var demand: [DemandEntry]
  /// How drivers choose their ways.
  public var routeChoice: RouteChoiceSettings
  /// What drives, and how.
  public var traffic: TrafficChoices
  /// Nil where all signals run their built plans by the clock.
  public var signals: SignalSettings?
  /// Nil where nobody looks for a space to park.
  public var parking: ParkingSettings?
  /// Nil where there are no emergencies.
  public var emergency: EmergencySettings?
  public var policies: [PolicyEntry]
  public var outputs: OutputSettings
  /// The file itself, then those it extends.
  let files: [ScenarioMembers.File]
  /// The file in which each member stands, by key.
  private let fileOfMember: [String: String]

  public static let format = "citytwin-scenario"
  public static let version = 1
  /// Seeds are kept to what every JSON reader can hold.
  public static let seedRange = 0...(1 << 53 - 1)

  /// A part of the demand, with the text it was read from.
  public struct DemandEntry: Sendable {
    public var settings: any DemandSettings
    /// What its trips are made with that do not say.
    var types: TypeShares
    public var source: JSONValue
    /// The file it stands in, and its JSON path there.
    public var file: String
    public var place: String
  }

  /// A policy under its name, with the text it was read from.
  public struct PolicyEntry: Sendable {
    public var name: String
    public var settings: any PolicySettings
    public var source: JSONValue
    /// The file it stands in, and its JSON path there.
    public var file: String
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
    var reader = try ScenarioMembers(bytes: bytes, path: path)
    try Self.checkFormat(&reader)
    self.path = path
    files = reader.files
    name = try reader.string("name")
    description = try reader.optionalString("description") ?? ""
    city = try reader.string("city")
    clock = try ClockSettings(try reader.object("clock"))
    seed = UInt64(try reader.optionalInteger("seed", in: Self.seedRange) ?? 1)
    demand = try Self.readDemand(&reader)
    routeChoice = try RouteChoiceSettings(try reader.optionalObject("route_choice"))
    traffic = try TrafficChoices(try reader.optionalObject("traffic"))
    if let value = try reader.optionalValue("signals") {
      signals = try SignalSettings(
        value, file: reader.file(of: "signals"), path: reader.path(of: "signals"))
    }
    parking = try Self.readParking(try reader.optionalObject("parking"))
    emergency = try Self.readEmergency(try reader.optionalObject("emergency"))
    policies = try Self.readPolicies(&reader)
    outputs = try OutputSettings(try reader.optionalObject("outputs"), clock: clock)
    // An editor finds the published schema by this key.
    _ = try reader.optionalString("$schema")
    try reader.finish()
    var fileOfMember: [String: String] = [:]
    let keys = ["city", "emergency", "outputs", "parking", "policies", "signals", "traffic"]
    for key in keys {
      fileOfMember[key] = reader.file(of: key)
    }
    self.fileOfMember = fileOfMember
    try checkPolicies()
  }

  /// The file in which a member stands: paths in it are relative to that one.
  func file(of member: String) -> String { fileOfMember[member] ?? path }

  /// The files it extends, from the nearest on, as seen from its folder.
  public var extendedFiles: [String] { files.dropFirst().map(\.name) }
  /// The keys of its own file that stand in place of what it extends.
  public var ownKeys: [String] {
    (files.first?.keys ?? []).filter { !["extends", "format", "version", "$schema"].contains($0) }
  }

  /// The city folder, seen from the current folder.
  var cityFolder: String { ScenarioPath.resolve(city, beside: file(of: "city")) }

  private static func checkFormat(_ reader: inout ScenarioMembers) throws(CityError) {
    let found = try reader.string("format")
    guard found == format else {
      throw reader.error("format", "expected \"\(format)\", found \"\(found)\"")
    }
    let number = try reader.integer("version")
    guard number == version else {
      throw reader.error("version", "this build reads version \(version), found \(number)")
    }
  }

  /// Refuses policies that act on a part of the city that is off here.
  private func checkPolicies() throws(CityError) {
    for entry in policies {
      let part = type(of: entry.settings).actsOn
      guard part == "parking" && parking == nil || part == "emergency" && emergency == nil else {
        continue
      }
      throw .refused(
        "\(type(of: entry.settings).typeName) acts on \(part ?? ""), which this scenario does not "
          + "have", file: entry.file, place: entry.place)
    }
  }

  private static func readParking(_ source: JSONObjectReader?) throws(CityError)
    -> ParkingSettings?
  {
    guard var reader = source else { return nil }
    let settings = try ParkingSettings(from: &reader, choices: Registry.parkingChoices)
    try reader.finish()
    return settings
  }

  private static func readEmergency(_ source: JSONObjectReader?) throws(CityError)
    -> EmergencySettings?
  {
    guard var reader = source else { return nil }
    let settings = try EmergencySettings(from: &reader, rules: Registry.dispatchRules)
    try reader.finish()
    return settings
  }

  private static func readDemand(_ reader: inout ScenarioMembers) throws(CityError)
    -> [DemandEntry]
  {
    let value = try reader.value("demand")
    let (file, path) = (reader.file(of: "demand"), reader.path(of: "demand"))
    guard let list = value.array else { return [try demandEntry(value, file: file, path: path)] }
    var entries: [DemandEntry] = []
    for (i, element) in list.enumerated() {
      entries.append(try demandEntry(element, file: file, path: "\(path)[\(i)]"))
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
    let types = try TypeShares(try reader.optionalObject("types"))
    try reader.finish()
    guard let found else {
      let words = Registry.demand.map { "\"\($0.key)\"" }.joined(separator: ", ")
      throw .refused("expected one of the keys \(words)", file: file, place: path)
    }
    return DemandEntry(settings: found, types: types, source: value, file: file, place: path)
  }

  private static func readPolicies(_ reader: inout ScenarioMembers) throws(CityError)
    -> [PolicyEntry]
  {
    var entries: [PolicyEntry] = []
    let list = try reader.optionalArray("policies") ?? []
    let file = reader.file(of: "policies")
    for (i, value) in list.enumerated() {
      let path = reader.path(of: "policies[\(i)]")
      var policy = try JSONObjectReader(value, file: file, path: path)
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
      entries.append(
        PolicyEntry(name: name, settings: settings, source: value, file: file, place: path))
    }
    return entries
  }
}
