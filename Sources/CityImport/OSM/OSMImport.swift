import CityBase
import CityModel
import CityNetwork
import CitySpatial
import Foundation

/// What `cim import osm` may be told beside the file and the folder.
public struct OSMImportOptions: Sendable {
  /// IANA name; nil for UTC, which the report then says.
  public var timeZone: String?
  /// `left` or `right`; nil for right, which the report then says.
  public var drive: String?
  /// Whether drivers may turn towards the kerb at red; nil for what is usual at the place.
  public var turnOnRed: Bool?
  /// Nil for the name of the file.
  public var name: String?
  /// What `repairTolerance` may be, in metres.
  public static let repairTolerances = 0.0...100.0
  /// Metres within which gaps between roads are closed; 0 for none.
  public var repairTolerance: Double
  /// How full the roads of the ready scenario are: `light`, `moderate`, `heavy`, or a volume over
  /// capacity from 0 to 2.
  public var load: String
  public init(
    timeZone: String? = nil, drive: String? = nil, turnOnRed: Bool? = nil, name: String? = nil,
    repairTolerance: Double = 0, load: String = "moderate"
  ) {
    self.timeZone = timeZone
    self.drive = drive
    self.turnOnRed = turnOnRed
    self.name = name
    self.repairTolerance = repairTolerance
    self.load = load
  }
}

/// The work of `cim import osm`: OpenStreetMap data to a city folder with a ready scenario.
public enum OSMImport {
  /// Imports a file and returns a report for people.
  ///
  /// Refused: a file that cannot be read or holds no roads, a target folder that is in use for
  /// something else. Unknown option values are wrong usage.
  public static func run(file: String, out: String, options: OSMImportOptions) throws(CityError)
    -> String
  {
    let load = try check(options)
    try CityFolderWriter.check(out)
    var diagnostics = Diagnostics()
    let data = try OSMReader.read(path: file, diagnostics: &diagnostics)
    var draft = try draft(
      data, name: options.name ?? baseName(file), options: options, diagnostics: &diagnostics)
    guard !draft.roads.ways.isEmpty else {
      // What was left out may be the reason.
      let reason = diagnostics.entries.first.map { "; \($0.place): \($0.message)" } ?? ""
      throw .refused("holds no road open to motor traffic" + reason, file: file)
    }
    let network = NetworkBuilder.build(draft.roads, diagnostics: &diagnostics)
    let findings = ImportFindings(&draft, network, diagnostics: &diagnostics)
    nameJunctions(of: &draft, network)
    ExtractGates.add(to: &draft, network, cutOff: findings.cutOff, diagnostics: &diagnostics)
    let seed = ScenarioSeed(draft, load: load)
    try CityFolderWriter.write(
      draft, network: network, otherFiles: [("scenario.json", seed.bytes)], to: out)
    let loaded = try DemandSignals.retime(city: out)
    draft.diagnostics = diagnostics
    return ImportReport(
      file: file, out: out, options: options, draft: draft, network: network,
      findings: findings, trips: loaded.demand.trips.count,
      demand: [loaded.demandLine].compactMap { $0 } + loaded.thinningLines
    ).text
  }

  /// Drafts a city from an extract that was read: roads, entities and their raw tags.
  public static func draft(
    _ data: OSMData, name: String, options: OSMImportOptions = OSMImportOptions(),
    diagnostics: inout Diagnostics
  ) throws(CityError) -> CityDraft {
    let plane = try OSMPlane(data, diagnostics: &diagnostics)
    var draft = CityDraft(
      name: name, timeZone: options.timeZone ?? "UTC", workingCRS: plane.crs,
      layerCRS: "EPSG:4326")
    var roads = OSMRoads(
      plane, drivesOnRight: options.drive != "left", diagnostics: &diagnostics)
    if roads.roundaboutsRunTheOtherWay == true {
      diagnostics.warn(
        "osm-drive-side", file: data.file,
        "most roundabouts run \(roads.source.drivesOnRight ? "clockwise" : "counter-clockwise"):"
          + " does one drive on the other side here? See --drive")
    }
    let restrictions = TurnRestrictions(roads, data: data, diagnostics: &diagnostics)
    roads.setBans(restrictions.turns, restrictions.paths)
    draft.roads = roads.source
    draft.roads.allowsTurnOnRed =
      options.turnOnRed ?? TurnOnRed.isUsual(at: OSMPlane.middle(of: data.nodePosition))
    TurnLaneSpread.spread(&draft.roads)
    draft.evidence = roads.evidence()
    draft.edge = plane.edge
    if options.repairTolerance > 0 {
      draft.repairs = GapRepair.close(
        &draft.roads, tolerance: options.repairTolerance,
        untouched: Set(roads.edgeNodes + roads.barrierNodes))
    }
    draft.roadProperties = roads.properties
    draft.entities = OSMEntities.read(roads, diagnostics: &diagnostics)
    if let layer = StreetPoints.layer(plane) { draft.sideLayers.append(layer) }
    draft.notice = notice(name)
    roads.note(in: &diagnostics)
    return draft
  }

  /// Refuses impossible options; returns the load they ask for.
  @discardableResult
  static func check(_ options: OSMImportOptions) throws(CityError) -> ScenarioSeed.Load {
    if let zone = options.timeZone, TimeZone(identifier: zone) == nil {
      throw .usage("--time-zone: expected an IANA name such as Europe/Berlin, found \"\(zone)\"")
    }
    if let drive = options.drive, drive != "left" && drive != "right" {
      throw .usage("--drive: expected left or right, found \"\(drive)\"")
    }
    let tolerances = OSMImportOptions.repairTolerances
    if !tolerances.contains(options.repairTolerance) {
      throw .usage(
        "--repair: expected metres from 0 to \(Int(tolerances.upperBound)), found"
          + " \(options.repairTolerance)")
    }
    if let name = options.name, name.isEmpty { throw .usage("--name: expected a name") }
    guard let load = ScenarioSeed.Load(options.load) else {
      throw .usage(
        "--load: expected light, moderate, heavy or a volume over capacity from 0 to 2, found"
          + " \"\(options.load)\"")
    }
    return load
  }

  /// `town` for `data/town.osm.gz`.
  static func baseName(_ file: String) -> String {
    var name = file.split(separator: "/").last.map(String.init) ?? file
    for suffix in [".gz", ".pbf", ".osm", ".xml"]
    where name.hasSuffix(suffix) && name.count > suffix.count {
      name.removeLast(suffix.count)
    }
    return name
  }

  /// Tells each signal which junction of the network it belongs to: the nearest one with a
  /// controller within 60 m.
  private static func nameJunctions(of draft: inout CityDraft, _ network: RoadNetwork) {
    let controlled = network.signals.values.map { $0.junction }
      .filter { $0.isSome && $0.index < network.junctionCount }
      .map { (id: network.junctionExternalID[$0], place: network.junctionPosition[$0]) }
    let index = HilbertRTree(controlled.map { Box2(min: $0.place, max: $0.place) })
    for i in draft.entities.indices where draft.entities[i].kind == .signal {
      guard case .point(let p) = draft.entities[i].shape,
        let found = index.nearest(
          p, maxDistance: 60, distance: { p.distance(to: controlled[$0].place) }
        ).first
      else { continue }
      let nearest = controlled[found.index]
      let at = draft.entities[i].properties.first?.name == "name" ? 1 : 0
      draft.entities[i].properties.insert(Property("junction", .text(nearest.id)), at: at)
    }
  }

  private static func notice(_ name: String) -> String {
    """
    # \(name)

    This city was imported from OpenStreetMap by `cim import osm`.

    © OpenStreetMap contributors. The data in this folder is made available under the Open
    Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/: whoever passes it
    on, or makes a database from it, names OpenStreetMap and keeps the license.
    See https://www.openstreetmap.org/copyright.

    `city.json` describes the layers; `network.cimn` is the road network built from them. Standard
    fields come first in every feature; what follows are OpenStreetMap's own tags. Where a building
    has no tagged levels, a car park no capacity and a road no limit or lanes, the value is an
    assumption by kind. `street_points.geojson` (bus stops, crossings, kerbs, signs, humps, barriers),
    `cut_off.geojson` (roads that are not connected with the rest, and why) and `repairs.geojson`
    (gaps that were closed) are there for people; nothing is loaded from them.

    """
  }
}

extension OSMRoads {
  /// Notes how many ways with `highway=*` are not in the network, by reason.
  func note(in diagnostics: inout Diagnostics) {
    for reason in RoadTags.Rejection.allCases where reason != .notARoad {
      guard let count = rejected[reason], count > 0 else { continue }
      diagnostics.note(
        "osm-road-\(reason.rawValue)", "\(count) ways are left out of the network: \(reason.text)")
    }
    let restricted = isRestricted.count { $0 }
    if restricted > 0 {
      diagnostics.note(
        "osm-road-restricted",
        "\(restricted) ways for residents, customers or members only are in the network as"
          + " open roads")
    }
  }
}
