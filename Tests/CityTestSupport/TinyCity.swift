import Foundation

/// A whole city on disk for tests: `size` by `size` streets of 200 m as a plain road layer, a road
/// that nothing leads to, a hospital, stations, a few bays to park in, two induction loops, and a
/// scenario. The folder goes with its owner.
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
    for (file, text) in Self.places { try write(text, to: file + ".geojson") }
    try write(scenario, to: "scenario.json")
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(file))
  }

  /// Bays that are soon full, and stays that end within the run.
  public static let parking = """
    {"max_tries": 2, "stays": {"form": "exponential", "other": "2min", "work": "2min",
      "shopping": "1min", "leisure": "1min", "business": "1min", "education": "1min"},
      "double_parking": {"share": 0.5, "mean": "1min"}, "at_start": {"kerb": 1, "mean": "3min"}}
    """
  /// A dozen calls of every kind, with a minute or two for each.
  public static let emergency = """
    {"draw": {"count": 12, "from": "07:00", "until": "07:05",
        "kinds": {"medical": 3, "fire": 1, "police": 1, "accident": 3}},
      "turnout": {"ambulance": "5s", "fire_engine": "5s", "police": "5s"},
      "on_scene": {"medical": "40s", "fire": "60s", "police": "30s", "accident": "60s"},
      "transport": {"share": 0.5, "handover": "20s"}}
    """
  /// What to pass as `parts` for a run with all domains.
  public static let allDomains = "\"parking\": \(parking), \"emergency\": \(emergency),"
  /// Policies on every domain, all of them within the run.
  public static let policiesOnAll = """
    [{"type": "link_closure", "name": "works", "links": [{"road": "Row 2"}], "from": "07:01",
        "until": "07:03"},
      {"type": "parking_price", "name": "dear", "facilities": ["p1"], "cny_per_hour": 20,
        "from": "07:02"},
      {"type": "parking_guidance", "name": "signs", "share": 0.5, "from": "07:01:30"},
      {"type": "unit_post", "name": "north-post", "kind": "ambulance", "count": 1,
        "at": [117.0046, 39.109], "from": "07:02"},
      {"type": "privileges_off", "name": "calm", "which": ["pass_red"], "from": "07:03"}]
    """

  /// A scenario over five minutes measured and three to clear; the parts are JSON texts. `parts`
  /// are further members, each with a comma behind it.
  public static func scenario(
    demand: String = TinyCity.gravity, parts: String = "", policies: String = "[]", seed: Int = 1,
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
      \(parts)
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
        {"file": "hospitals.geojson", "kind": "hospital", "crs": "EPSG:4548"},
        {"file": "parking.geojson", "kind": "parking", "crs": "EPSG:4548"},
        {"file": "ambulances.geojson", "kind": "ambulance_station", "crs": "EPSG:4548"},
        {"file": "fire.geojson", "kind": "fire_station", "crs": "EPSG:4548"},
        {"file": "police.geojson", "kind": "police_station", "crs": "EPSG:4548"},
        {"file": "loops.geojson", "kind": "sensor", "crs": "EPSG:4548"}
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

  /// Layers by the name of their file, without the ending.
  static let places: [(String, String)] = [
    (
      "parking",
      collection([
        point(
          "p1", 310, 210, #""name":"First Garage","type":"garage","capacity":8,"price_cny_h":6"#),
        point("p2", 590, 390, #""name":"Yard","type":"surface","capacity":4,"price_cny_h":3"#),
        point("k1", 410, 500, #""name":"Kerb","type":"kerb","capacity":3"#),
        point("k2", 210, 590, #""name":"Other Kerb","type":"kerb","capacity":3"#),
      ])
    ),
    ("ambulances", collection([point("a1", 100, 210, #""name":"Rescue","ambulances":2"#)])),
    ("fire", collection([point("f1", 700, 590, #""name":"Fire","engines":1"#)])),
    (
      "loops",
      collection([
        point("c1", 300, 198, #""name":"Row 1","type":"loop""#),
        point("c2", 398, 300, #""name":"Column 2","type":"loop""#),
      ])
    ),
    ("police", collection([point("s1", 410, 100, #""name":"Police","cars":2"#)])),
  ]

  private static func point(_ id: String, _ x: Double, _ y: Double, _ properties: String) -> String
  {
    """
    {"type":"Feature","geometry":{"type":"Point","coordinates":[\(x + origin.x),\(y + origin.y)]},\
    "properties":{"id":"\(id)",\(properties)}}
    """
  }

  private static func collection(_ features: [String]) -> String {
    #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",\n") + "]}\n"
  }
}
