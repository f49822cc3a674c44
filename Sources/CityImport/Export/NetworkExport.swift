import CityBase
import CityGIS
import CityNetwork
import CityText

/// Writes a road network as GeoJSON layers for people and other programs: what a planner looks at
/// in a GIS to see which lanes there are, which turns they may make and who has green together.
///
/// | file | a feature is |
/// |---|---|
/// | `links.geojson` | a directed road between two junctions, drawn along its carriageway |
/// | `lanes.geojson` | a lane of a link; 0 is the one at the kerb |
/// | `turns.geojson` | a permitted way from a lane over a junction to a lane |
/// | `junctions.geojson` | a junction |
/// | `signals.geojson` | the stop lines of one group of a controller, with its times |
/// | `network.json` | counts, the network's hash, and where it comes from |
///
/// Ids are those of the network: a link is called after the way it was made of, `123+0`, a lane
/// `123+0_1`, a junction after its smallest node. Coordinates are WGS 84.
public struct NetworkExport {
  /// The file that marks a folder of these layers.
  public static let markerFile = "network.json"
  static let formatName = "citytwin-network"

  let network: RoadNetwork
  let toDegrees: CoordinateTransform
  let cityName: String

  /// Prepares an export; `workingCRS` is the one that the network is drawn in, metres. Refused
  /// where PROJ does not know it.
  public init(_ network: RoadNetwork, cityName: String, workingCRS: String) throws(CityError) {
    self.network = network
    self.cityName = cityName
    toDegrees = try CoordinateTransform(from: workingCRS, to: "EPSG:4326")
  }

  /// Writes all files into a folder. Those of an earlier export are replaced, what else lies beside
  /// them is left alone; any other folder that is not empty is refused. Returns how many features
  /// each layer has, in the order written.
  @discardableResult
  public func write(to directory: String) throws(CityError) -> [(file: String, count: Int)] {
    try Self.prepare(directory)
    var counts: [(file: String, count: Int)] = []
    for layer in [links(), lanes(), turns(), junctions(), signals()] {
      try OutputFile.write(try bytes(of: layer), to: "\(directory)/\(layer.file)")
      counts.append((layer.file, layer.features.count))
    }
    // Last, so that a folder that has it is whole.
    try OutputFile.write(summary(counts), to: "\(directory)/\(Self.markerFile)")
    return counts
  }

  /// People keep their maps beside the layers, so that an earlier export is not emptied.
  private static func prepare(_ directory: String) throws(CityError) {
    let marker = "\(directory)/\(markerFile)"
    if let bytes = try? InputFile.read(path: marker),
      String(decoding: bytes, as: UTF8.self).contains(formatName)
    {
      return
    }
    try OutputFolder.prepare(path: directory, markerFile: markerFile, markerText: formatName)
  }

  private func summary(_ counts: [(file: String, count: Int)]) -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", Self.formatName)
    json.member("version", 1)
    json.member("city", cityName)
    json.member("drive", network.drivesOnRight ? "right" : "left")
    json.member("network_hash", Self.hex(network.networkHash))
    json.key("layers")
    json.beginArray()
    for layer in counts {
      json.beginObject()
      json.member("file", layer.file)
      json.member("features", layer.count)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.newline()
    return json.takeBytes()
  }

  private static func hex(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  // MARK: Layers

  struct Feature {
    enum Shape {
      case point(Point2)
      case points([Point2])
      case line([Point2])
    }
    var id: String
    var shape: Shape
    var properties: [Property]
  }

  struct Layer {
    var file: String
    var features: [Feature]
  }

  /// A layer in degrees; all its points are transformed at once, which is many times cheaper than
  /// one by one.
  private func bytes(of layer: Layer) throws(CityError) -> [UInt8] {
    var points: [Point2] = []
    for feature in layer.features {
      switch feature.shape {
      case .point(let p): points.append(p)
      case .points(let several), .line(let several): points += several
      }
    }
    let lost = try toDegrees.apply(&points)
    guard lost == 0 else {
      throw .failed("\(lost) points of \(layer.file) have no place in longitude and latitude")
    }
    var writer = GeoJSONWriter()
    writer.begin()
    var next = 0
    for feature in layer.features {
      let shape: GeoJSONWriter.Shape
      switch feature.shape {
      case .point:
        shape = .point(points[next])
        next += 1
      case .points(let several):
        shape = .multiPoint(Array(points[next..<(next + several.count)]))
        next += several.count
      case .line(let several):
        shape = .line(Array(points[next..<(next + several.count)]))
        next += several.count
      }
      writer.addFeature(
        id: feature.id, shape: shape,
        properties: [Property("id", .text(feature.id))] + feature.properties)
    }
    return writer.finish()
  }
}
