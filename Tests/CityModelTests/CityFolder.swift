import CityBase
import CityModel
import Foundation

/// A small city folder in the temporary directory, removed with the value's owner.
final class CityFolder {
  let url: URL
  var path: String { url.path }

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "city-model-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(file))
  }

  /// Writes a `city.json` over layers that have been written, all in the working CRS unless named.
  func describe(_ description: CityDescription) throws {
    try Data(description.encoded()).write(to: url.appendingPathComponent("city.json"))
  }

  func writeLayer(_ file: String, _ features: [String]) throws {
    try write(
      #"{"type":"FeatureCollection","features":[\#n"# + features.joined(separator: ",\n") + "]}",
      to: file)
  }
}

/// A GeoJSON feature from the text of its geometry and properties.
func feature(_ geometry: String, _ properties: String = "") -> String {
  #"{"type":"Feature","geometry":\#(geometry),"properties":{\#(properties)}}"#
}

func point(_ x: Double, _ y: Double) -> String {
  #"{"type":"Point","coordinates":[\#(x),\#(y)]}"#
}

func line(_ points: [(Double, Double)]) -> String {
  #"{"type":"LineString","coordinates":\#(list(points))}"#
}

/// A polygon of one ring, which is closed here.
func polygon(_ points: [(Double, Double)]) -> String {
  #"{"type":"Polygon","coordinates":[\#(list(points + points.prefix(1)))]}"#
}

func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> String {
  polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
}

func list(_ points: [(Double, Double)]) -> String {
  "[" + points.map { "[\($0.0),\($0.1)]" }.joined(separator: ",") + "]"
}

/// A description whose layers are in the metric working CRS, so that coordinates stay as written.
func metric(_ layers: [(String, EntityKind)]) -> CityDescription {
  CityDescription(
    name: "Test", timeZone: "Asia/Shanghai", workingCRS: "EPSG:4548",
    layers: layers.map { CityDescription.Layer(file: $0.0, kind: $0.1, crs: "EPSG:4548") })
}
