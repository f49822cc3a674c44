import CityBase
import CityGIS
import CityText

extension CityMap {
  /// Loads the city in a folder with a `city.json`.
  ///
  /// One bad feature does not stop a city: what was left out or repaired is in the diagnostics.
  /// Refused are a `city.json` that `CityDescription.read` refuses, a missing layer or network file,
  /// a layer that is no GeoJSON, a CRS that PROJ does not know, a working CRS that is not in metres.
  public static func load(
    folder: String, diagnostics: inout Diagnostics
  ) throws(CityError) -> CityMap {
    let description = try CityDescription.read(folder: folder)
    try checkFiles(description, folder)
    var builder = try CityBuilder(description, folder: folder)
    for layer in description.layers {
      let path = CityDescription.path(of: layer.file, in: folder)
      let features = try GeoJSONReader.read(path: path, diagnostics: &diagnostics)
      try builder.add(features, layer: layer, diagnostics: &diagnostics)
    }
    return try builder.finish(&diagnostics)
  }

  /// Builds a city from features that were read elsewhere, one table for each layer of the
  /// description; `folder` is for messages and the network's path.
  public static func build(
    _ description: CityDescription, layers: [FeatureTable], folder: String,
    diagnostics: inout Diagnostics
  ) throws(CityError) -> CityMap {
    precondition(
      layers.count == description.layers.count, "a city has one feature table for each layer")
    var builder = try CityBuilder(description, folder: folder)
    for (features, layer) in zip(layers, description.layers) {
      try builder.add(features, layer: layer, diagnostics: &diagnostics)
    }
    return try builder.finish(&diagnostics)
  }

  /// Names every missing file before the first one is read.
  private static func checkFiles(
    _ description: CityDescription, _ folder: String
  ) throws(CityError) {
    let city = CityDescription.path(of: CityDescription.fileName, in: folder)
    for (i, layer) in description.layers.enumerated() {
      let path = CityDescription.path(of: layer.file, in: folder)
      guard InputFile.exists(path: path) else {
        throw .refused(
          "no such file: \(path), the layer of \(layer.kind.plural)", file: city,
          place: "$.layers[\(i)].file")
      }
    }
    guard let network = description.network else { return }
    let path = CityDescription.path(of: network, in: folder)
    guard InputFile.exists(path: path) else {
      throw .refused("no such file: \(path), the road network", file: city, place: "$.network")
    }
  }
}
