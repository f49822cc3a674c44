import CityBase
import CityModel
import CityNetwork
import CitySimulation
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityPolicy

/// A town of two by two crossings, 200 m apart, with two lanes a direction, two districts, five
/// parking facilities, a signal layer and a station; an hour from 07:00 in half seconds. A degree is
/// a kilometre here, so that places can be told by heart.
enum PolicyTown {
  static let network = GridNetwork(size: 2, lanes: 2).build()
  static let endTick: Tick = 7200
  private static let map: Result<CityMap, any Error> = Result { try loadMap() }

  static func site(
    _ network: RoadNetwork = PolicyTown.network, endTick: Tick = PolicyTown.endTick
  ) throws -> PolicySite {
    let start = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)
    let index = LinkIndex(network)
    return PolicySite(
      map: try map.get(), network: network,
      clock: Clock(epoch: start, stepMilliseconds: 500), endTick: endTick,
      locate: { abs($0.x) > 100 ? nil : Point2($0.x * 1000, $0.y * 1000) },
      nearest: { index.nearest(to: $0) })
  }

  /// The settings that a JSON object says, as a scenario would read them.
  static func settings<Settings: PolicySettings>(_ type: Settings.Type, _ json: String) throws
    -> Settings
  {
    let value = try JSONValue.parse(Array(json.utf8), file: "scenario.json")
    var reader = try JSONObjectReader(value, file: "scenario.json", path: "$.policies[0]")
    let settings = try Settings(from: &reader)
    try reader.finish()
    return settings
  }

  /// The same, bound to the town under the name `test`.
  static func policy(
    _ type: any PolicySettings.Type, _ json: String, on network: RoadNetwork = network
  ) throws -> any Policy {
    try settings(type, json).makePolicy(named: "test", on: site(network))
  }

  /// All that a policy commands in the hour, by tick.
  static func agenda(_ policy: any Policy) throws -> [Tick: [Command]] {
    let clock = try site().clock
    let overrides = CityOverrides(linkCount: network.linkCount)
    var agenda: [Tick: [Command]] = [:]
    for tick in 0..<endTick {
      let moment = Moment(
        tick: tick, clock: clock, random: RandomStream(seed: 1), overrides: overrides)
      let commands = policy.commands(Observation(moment: moment))
      if !commands.isEmpty { agenda[tick] = commands }
    }
    return agenda
  }

  /// The links of a street of the grid, ascending.
  static func links(ofRoad name: String) -> [LinkID] {
    network.linkName.ids.filter { network.linkName[$0] == name }
  }

  static func facility(_ id: String) throws -> ParkingFacilityID {
    try XCTUnwrap(site().map.parkingFacilities.find(id))
  }
}

/// One input that must be refused: where, and with which words.
struct Refusal {
  var json: String
  /// Behind `$.policies[0]`.
  var place: String
  var words: String
  init(_ json: String, _ place: String, _ words: String) {
    self.json = json
    self.place = place
    self.words = words
  }
}

/// Each input is refused at its place in the file with its words.
func assertRefused(
  _ type: any PolicySettings.Type, _ cases: [Refusal], line: UInt = #line
) {
  for test in cases {
    XCTAssertThrowsError(try PolicyTown.policy(type, test.json), test.json, line: line) { error in
      let city = error as? CityError
      XCTAssertEqual(city?.exitCode, 2, test.json, line: line)
      XCTAssertEqual(city?.file, "scenario.json", test.json, line: line)
      XCTAssertEqual(city?.place, "$.policies[0]" + test.place, test.json, line: line)
      XCTAssertTrue(
        city?.message.contains(test.words) ?? false, "\(test.json): \(error)", line: line)
    }
  }
}

extension PolicyTown {
  private static func loadMap() throws -> CityMap {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "policy-town-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var layers: [CityDescription.Layer] = []
    func write(_ kind: EntityKind, _ features: [String]) throws {
      let file = "\(kind.rawValue).geojson"
      let text = features.joined(separator: ",\n")
      try Data(#"{"type":"FeatureCollection","features":[\#(text)]}"#.utf8)
        .write(to: folder.appendingPathComponent(file))
      layers.append(CityDescription.Layer(file: file, kind: kind, crs: "EPSG:4548"))
    }
    try write(
      .district,
      [
        area("w", #""name":"West","code":"110""#, x: 0, width: 300),
        area("e", #""name":"East","code":"120""#, x: 300, width: 300),
        area("f", #""name":"Far","code":"130""#, x: 900, width: 300),
      ])
    try write(
      .parking,
      [
        point("g1", #""type":"garage","capacity":90,"price_cny_h":5"#, 100, 100),
        point("g2", #""type":"garage","capacity":50,"price_cny_h":5"#, 500, 100),
        point("k1", #""type":"kerb","capacity":8"#, 120, 210),
        point("k2", #""type":"kerb","capacity":9"#, 480, 410),
        point("s1", #""type":"surface","capacity":30"#, 350, 550),
      ])
    try write(.signal, [point("lamp-1", "", 205, 203), point("lamp-2", "", 590, 590)])
    try write(.ambulanceStation, [point("a1", #""ambulances":2"#, 10, 190)])
    let description = CityDescription(
      name: "Town", timeZone: "Asia/Shanghai", workingCRS: "EPSG:4548", layers: layers)
    try Data(description.encoded()).write(to: folder.appendingPathComponent("city.json"))
    var diagnostics = Diagnostics()
    return try CityMap.load(folder: folder.path, diagnostics: &diagnostics)
  }

  private static func area(_ id: String, _ properties: String, x: Int, width: Int) -> String {
    let ring = [[x, 0], [x + width, 0], [x + width, 600], [x, 600], [x, 0]]
    return feature(#"{"type":"Polygon","coordinates":[\#(ring)]}"#, id, properties)
  }

  private static func point(_ id: String, _ properties: String, _ x: Int, _ y: Int) -> String {
    feature(#"{"type":"Point","coordinates":[\#(x),\#(y)]}"#, id, properties)
  }

  private static func feature(_ geometry: String, _ id: String, _ properties: String) -> String {
    let rest = properties.isEmpty ? "" : "," + properties
    return #"{"type":"Feature","geometry":\#(geometry),"properties":{"id":"\#(id)"\#(rest)}}"#
  }
}
