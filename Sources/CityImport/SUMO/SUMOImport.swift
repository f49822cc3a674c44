import CityBase
import CityModel
import CityNetwork
import CityScenario
import CityTraffic
import Foundation

/// What `cim import sumo` may be told beside the network and the folder.
public struct SUMOImportOptions: Sendable {
  /// Files with vehicles, trips, flows, routes and types.
  public var routes: [String]
  /// Files with detectors, parking areas, signal programs and more of the above.
  public var additional: [String]
  /// IANA name; nil for UTC, which the report then says.
  public var timeZone: String?
  /// Nil for the name of the file.
  public var name: String?
  public init(
    routes: [String] = [], additional: [String] = [], timeZone: String? = nil, name: String? = nil
  ) {
    self.routes = routes
    self.additional = additional
    self.timeZone = timeZone
    self.name = name
  }
}

/// The work of `cim import sumo`: a SUMO network with its demand to a city folder with a ready
/// scenario.
public enum SUMOImport {
  /// Imports a network and returns a report for people.
  ///
  /// Refused: a file that cannot be read or is not what it should be, a network without a road for
  /// cars, a target folder that is in use for something else. Unknown option values are wrong
  /// usage.
  public static func run(network path: String, out: String, options: SUMOImportOptions)
    throws(CityError) -> String
  {
    if let zone = options.timeZone, TimeZone(identifier: zone) == nil {
      throw .usage("--time-zone: expected an IANA name such as Europe/Berlin, found \"\(zone)\"")
    }
    if let name = options.name, name.isEmpty { throw .usage("--name: expected a name") }
    try CityFolderWriter.check(out)
    var (diagnostics, untaken) = (Diagnostics(), Untaken())
    let net = try SUMONetReader.read(path: path, diagnostics: &diagnostics, untaken: &untaken)
    var input = SUMOInputReader()
    // SUMO reads additional files before routes: types may stand in either.
    for file in options.additional + options.routes {
      try input.read(path: file, diagnostics: &diagnostics, untaken: &untaken)
    }
    let city: SUMOCity
    do {
      city = try SUMOCity(
        net, input, name: options.name ?? baseName(path), timeZone: options.timeZone ?? "UTC",
        diagnostics: diagnostics, untaken: untaken)
    } catch {
      throw CityError(error.kind, error.message, file: path, place: error.place)
    }
    try CityFolderWriter.write(
      city.draft, network: city.network, otherFiles: city.files, to: out)
    return SUMOReport(file: path, out: out, options: options, city: city).text
  }

  /// `town` for `data/town.net.xml.gz`.
  static func baseName(_ file: String) -> String {
    var name = file.split(separator: "/").last.map(String.init) ?? file
    for suffix in [".gz", ".xml", ".net"] where name.hasSuffix(suffix) && name.count > suffix.count
    {
      name.removeLast(suffix.count)
    }
    return name
  }
}

/// An imported network with its demand, ready to be written.
struct SUMOCity {
  var draft: CityDraft
  var network: RoadNetwork
  var place: SUMOPlace
  var trips: SUMOTrips
  var untaken: Untaken
  /// The signal programs in use.
  var programs: [SUMONet.Program]
  var scenario: SUMOScenario
  /// Edges that have become part of a junction.
  var absorbedEdges: Int
  var files: [(name: String, bytes: [UInt8])] = []
  /// The plan file of actuated signals, or nil where there is none.
  var plans: [UInt8]?

  static let planFile = "signals.json"

  /// Puts together what was read. Refuses a network without a road for cars, and figures that no
  /// network may have.
  init(
    _ read: SUMONet, _ input: SUMOInputReader, name: String, timeZone: String,
    diagnostics: Diagnostics, untaken: Untaken
  ) throws(CityError) {
    var (net, diagnostics, untaken) = (read, diagnostics, untaken)
    net.programs += input.furniture.programs
    place = SUMOPlace(net)
    var roads = SUMORoads(net, place, diagnostics: &diagnostics, untaken: &untaken)
    guard roads.source.links.contains(where: { $0.access.contains(.car) }) else {
      let reason = diagnostics.entries.first.map { "; \($0.place): \($0.message)" } ?? ""
      throw .refused("the network holds no edge that cars may use" + reason)
    }
    let signals = SUMOSignals(
      net, roads, switches: input.furniture.switches, untaken: &untaken)
    roads.setSignals(signals.controllers, groups: signals.groups)
    network = try NetworkBuilder.build(roads.source, diagnostics: &diagnostics)
    programs = signals.programs
    absorbedEdges = roads.absorbedEdges.count
    trips = SUMOTrips(
      input.demand, network, absorbedEdges: roads.absorbedEdges, untaken: &untaken)
    draft = CityDraft(
      name: name, timeZone: timeZone, workingCRS: place.workingCRS, layerCRS: "EPSG:4326")
    let entities = SUMOEntities(roads: roads, furniture: input.furniture)
    draft.roads = entities.roadLayer(drivesOnRight: roads.source.drivesOnRight)
    draft.entities = entities.signals(signals)
    draft.entities += entities.sensors(&untaken) + entities.parking(&untaken)
    draft.diagnostics = diagnostics
    let types = trips.settleTypes(
      input.demand.types, most: ScenarioFile.mostVehicleTypes, &untaken)
    let typeTable = types.isEmpty ? nil : SUMOVehicleTypes.table(types, &untaken)
    scenario = SUMOScenario(
      trips, hasTypes: typeTable != nil, name: name, timeZone: timeZone,
      loops: input.furniture.detectors.filter {
        CityLoops.types.contains($0.element) && (roads.lane($0.lane)?.link ?? -1) >= 0
      })
    self.untaken = untaken
    setSignals(signals)
    setFiles(typeTable)
    draft.notice = SUMOReport.notice(self)
  }

  /// What signals run that do not run their plan by the clock, for the scenario.
  private mutating func setSignals(_ signals: SUMOSignals) {
    var setup = SignalSetup()
    for signal in network.signals.ids {
      setup[signal] = signals.schedules[network.signals[signal].externalID]
    }
    guard !setup.signals.isEmpty else { return }
    plans = SignalPlanFile.bytes(for: network, setup, signals: setup.signals)
    scenario.signalPlans = Self.planFile
  }

  private mutating func setFiles(_ typeTable: [UInt8]?) {
    if !trips.rows.isEmpty {
      files.append((SUMOTables.tripFile, trips.table(midnight: scenario.midnight)))
      if let typeTable { files.append((SUMOTables.typeFile, typeTable)) }
      files.append(("scenario.json", scenario.bytes))
    } else {
      files.append(("scenario.json", ScenarioSeed(draft).bytes))
    }
    if let plans { files.append((Self.planFile, plans)) }
    if !programs.isEmpty {
      files.append((SUMOTables.programFile, SUMOTables.programs(programs)))
    }
  }
}
