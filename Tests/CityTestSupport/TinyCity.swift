import Foundation

/// A whole city on disk for tests: `size` by `size` streets of 200 m as a plain road layer, a road
/// that nothing leads to, a hospital, and a scenario. The folder goes with its owner.
public final class TinyCity {
  public let url: URL
  public var path: String { url.path }
  public var scenarioPath: String { path + "/scenario.json" }

  /// What the scenario's `demand` is unless a test says otherwise: 120 trips in five minutes.
  public static let gravity =
    #"{"gravity": {"trips": 120, "departures": {"from": "07:00", "to": "07:05"}}}"#

  public init(size: Int = 3, scenario: String = TinyCity.scenario()) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "tiny-city-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try write(Self.description, to: "city.json")
    try write(Self.roads(size: size), to: "roads.geojson")
    try write(Self.hospital, to: "hospitals.geojson")
    try write(scenario, to: "scenario.json")
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(file))
  }

  /// A scenario over five minutes measured and three to clear; the parts are JSON texts.
  public static func scenario(
    demand: String = TinyCity.gravity, policies: String = "[]", seed: Int = 1,
    outputs: String =
      #"{"interval": "1min", "snapshots": {"interval": "2min", "layers": ["vehicles", "links", "facilities"]}, "geojsonl": true}"#
  ) -> String {
    """
    {
      "format": "citytwin-scenario",
      "version": 1,
      "name": "Tiny",
      "city": ".",
      "clock": {
        "start": "2026-03-02T07:00:00+08:00", "step": "0.5s", "measured": "5min",
        "cool_down": "3min"
      },
      "seed": \(seed),
      "demand": \(demand),
      "policies": \(policies),
      "outputs": \(outputs)
    }
    """
  }

  static let description = """
    {
      "format": "citytwin-city", "version": 1, "name": "Tiny", "drive": "right",
      "time_zone": "Asia/Shanghai", "working_crs": "EPSG:4548",
      "layers": [
        {"file": "roads.geojson", "kind": "road", "crs": "EPSG:4548"},
        {"file": "hospitals.geojson", "kind": "hospital", "crs": "EPSG:4548"}
      ]
    }
    """

  /// The grid's south-west corner in EPSG:4548: on the meridian of 117° E, near 39.1° N.
  static let origin = (x: 500_000.0, y: 4_330_000.0)

  static func roads(size: Int) -> String {
    var features: [String] = []
    for i in 1...size {
      let along = (0...size + 1).map { Double($0) * 200 }
      let across = Double(i) * 200
      features.append(road("row-\(i)", "Row \(i)", along.map { ($0, across) }))
      features.append(road("column-\(i)", "Column \(i)", along.map { (across, $0) }))
    }
    features.append(road("island", "Island Road", [(5000, 5000), (5300, 5000)]))
    return collection(features)
  }

  private static func road(_ id: String, _ name: String, _ points: [(Double, Double)]) -> String {
    let chain = points.map { "[\($0.0 + origin.x),\($0.1 + origin.y)]" }.joined(separator: ",")
    return """
      {"type":"Feature","geometry":{"type":"LineString","coordinates":[\(chain)]},"properties":\
      {"id":"\(id)","name":"\(name)","class":"secondary","lanes_forward":1,"lanes_backward":1,\
      "speed_kmh":50}}
      """
  }

  static let hospital = collection([
    """
    {"type":"Feature","geometry":{"type":"Point","coordinates":[500300,4330300]},"properties":\
    {"id":"h1","name":"First Hospital","beds":250,"emergency":"yes"}}
    """
  ])

  private static func collection(_ features: [String]) -> String {
    #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",\n") + "]}\n"
  }
}
