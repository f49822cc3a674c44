import CityBase
import CitySimulation
import CityText

extension Moment {
  /// The civil time at which this moment's state stands.
  public var instant: Instant { clock.instant(of: tick) }
}

/// Times in a damaged checkpoint must not overflow what is computed from them.
enum RunClockLimit {
  /// Some 35,000 years.
  static let milliseconds: Int64 = 1 << 50
}

/// Indented JSON with a line end.
enum JSONFile {
  static func encode(_ properties: [Property]) -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.beginObject()
    writer.members(properties)
    writer.endObject()
    writer.newline()
    return writer.bytes
  }

  /// An object for each group.
  static func encode(_ groups: [MetricGroup]) -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.beginObject()
    for group in groups {
      writer.key(group.name)
      writer.beginObject()
      writer.members(group.figures)
      writer.endObject()
    }
    writer.endObject()
    writer.newline()
    return writer.bytes
  }
}
