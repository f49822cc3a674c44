import CityBase
import CitySimulation
import CityText

/// Writes the city as it stands at every interval: a GeoJSON file each under `snapshots/`, and,
/// when asked for, all of them as one stream of features, `snapshots.geojsonl`.
public final class SnapshotRecorder: RunRecorder {
  public static let folderName = "snapshots"
  public static let streamName = "snapshots.geojsonl"

  private let folder: RunFolder
  private let intervalMilliseconds: Int64
  private let layers: [any SnapshotLayer]
  private let projection: OutputProjection
  private let writesStream: Bool
  /// Opened with the first snapshot, or by a resume at the offset of its checkpoint.
  private var stream: StreamFile?
  private var nextDue: Int64 = 0
  private var buffer = FeatureBuffer()

  /// A snapshot at the start of the clock and every `intervalMilliseconds` (above 0) from there,
  /// with the features of `layers` in their order.
  public init(
    folder: RunFolder, intervalMilliseconds: Int64, layers: [any SnapshotLayer],
    projection: OutputProjection, writesStream: Bool
  ) {
    self.folder = folder
    self.intervalMilliseconds = max(1, intervalMilliseconds)
    self.layers = layers
    self.projection = projection
    self.writesStream = writesStream
  }

  public func record(_ moment: Moment) throws(CityError) {
    guard moment.milliseconds >= nextDue else { return }
    nextDue = (moment.milliseconds / intervalMilliseconds + 1) * intervalMilliseconds
    buffer.removeAll()
    for layer in layers { layer.addFeatures(to: &buffer, at: moment) }
    try buffer.project(projection)
    let time = moment.instant
    try OutputFolder.create(path: folder.path(of: Self.folderName))
    try folder.write(
      buffer.collection(time: time), to: "\(Self.folderName)/\(time.compact).geojson")
    guard writesStream else { return }
    let stream = try openStream()
    try stream.append(buffer.sequence(time: time))
    // A checkpoint may keep the offset at any tick.
    try stream.flush()
  }

  public func finish(at moment: Moment, ending: RunEnding) throws(CityError) {
    guard writesStream, ending == .complete else { return }
    try openStream().finish()
  }

  private func openStream() throws(CityError) -> StreamFile {
    if let stream { return stream }
    let opened = try StreamFile(path: folder.path(of: Self.streamName))
    stream = opened
    return opened
  }
}

extension SnapshotRecorder {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("snapshots")
    writer.write(nextDue)
    writer.write(Int64(stream?.offset ?? 0))
  }

  public func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("snapshots")
    let due: Int64 = try reader.read()
    guard (0...RunClockLimit.milliseconds).contains(due) else {
      throw .refused("expected the time of a snapshot, found \(due)", file: reader.file)
    }
    nextDue = due
    let offset: Int64 = try reader.read()
    guard writesStream, offset > 0 else { return }
    stream = try StreamFile(
      resuming: folder.path(of: Self.streamName), at: Int(clamping: offset))
  }
}
