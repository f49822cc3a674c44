import CityBase
import CityPolicy
import CityReporting
import CitySimulation
import CityText

/// `snapshots/*.geojson`, and with `"geojsonl": true` the same as one stream.
struct SnapshotOutput: OutputWriter {
  struct Settings: Sendable {
    var intervalMilliseconds: Int64
    /// In the order the scenario names them.
    var layers: [String]
  }

  let snapshots: Settings?
  let writesStream: Bool

  init(from reader: inout JSONObjectReader, intervalMilliseconds: Int64) throws(CityError) {
    if var inner = try reader.optionalObject("snapshots") {
      let interval = try inner.optionalDuration("interval", in: OutputSettings.intervals)
      let layers = try inner.strings("layers")
      try inner.finish()
      for (i, layer) in layers.enumerated() where layers.firstIndex(of: layer) != i {
        throw inner.error("layers[\(i)]", "\"\(layer)\" is named twice")
      }
      snapshots = Settings(
        intervalMilliseconds: interval ?? intervalMilliseconds,
        layers: layers.isEmpty ? ["vehicles"] : layers)
    } else {
      snapshots = nil
    }
    writesStream = try reader.optionalBool("geojsonl") ?? false
    if writesStream, snapshots == nil {
      throw reader.error("geojsonl", "expected \"snapshots\" beside it, to know what to stream")
    }
  }

  func write(to writer: inout JSONWriter) {
    writer.key("snapshots")
    if let snapshots {
      writer.beginObject()
      writer.member(
        "interval", .text(DurationText.text(milliseconds: snapshots.intervalMilliseconds)))
      writer.key("layers")
      writer.beginArray()
      for layer in snapshots.layers { writer.value(layer) }
      writer.endArray()
      writer.endObject()
    } else {
      writer.null()
    }
    writer.member("geojsonl", .bool(writesStream))
  }

  func makeRecorder(for run: OutputSite) throws(CityError) -> (any RunRecorder)? {
    guard let snapshots else { return nil }
    var layers: [any SnapshotLayer] = []
    let known = run.layers.map(\.layerName)
    for (i, name) in snapshots.layers.enumerated() {
      guard let layer = run.layers.first(where: { $0.layerName == name }) else {
        let words = known.map { "\"\($0)\"" }.joined(separator: ", ")
        throw .refused(
          "expected one of \(words), found \"\(name)\"", file: run.scenarioPath,
          place: "$.outputs.snapshots.layers[\(i)]")
      }
      layers.append((layer as? FacilitiesLayer)?.beside(snapshots.layers) ?? layer)
    }
    return SnapshotRecorder(
      folder: run.folder, intervalMilliseconds: snapshots.intervalMilliseconds, layers: layers,
      projection: run.projection, writesStream: writesStream)
  }
}
