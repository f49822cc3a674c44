import CityBase
import CityText

/// How a run ended.
public enum RunEnding: String, Sendable {
  case complete
  case interrupted
  case failed
}

/// One file a run was made from.
public struct InputRecord: Sendable, Equatable {
  /// The path as the scenario or city names it, never an absolute one.
  public var name: String
  public var byteCount: Int
  /// SHA-256 of the content, in hex.
  public var sha256: String

  public init(name: String, byteCount: Int, sha256: String) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}

extension InputRecord {
  /// Writes records as an array of objects.
  static func write(_ records: [InputRecord], to writer: inout JSONWriter) {
    writer.beginArray()
    for input in records {
      writer.beginObject()
      writer.members([
        Property("file", .text(input.name)),
        Property("bytes", .integer(Int64(input.byteCount))),
        Property("sha256", .text(input.sha256)),
      ])
      writer.endObject()
    }
    writer.endArray()
  }
}

/// What a run was made from and how it ended: the content of `manifest.json`. It names no thread
/// count, host, absolute path or wall time, so that equal runs have equal manifests.
public struct Manifest: Sendable {
  /// What the file says it is.
  public static let format = "citytwin-run"

  public var scenarioName: String
  public var ended: RunEnding
  public var seed: UInt64
  /// The start of the clock.
  public var epoch: Instant
  /// Where the run ends, or would have ended.
  public var end: Instant
  /// The simulated moment that was reached.
  public var reached: Instant
  public var crs: String
  public var networkHash: UInt64
  /// Nil until the run has ended.
  public var stateHash: UInt64?
  /// Writes the scenario's settings after defaults, as one JSON value.
  public var settings: @Sendable (inout JSONWriter) -> Void
  public var inputs: [InputRecord]
  /// How often each kind of diagnostic came while loading, in order of first appearance.
  public var diagnostics: [Property]

  public init(
    scenarioName: String, ended: RunEnding, seed: UInt64, epoch: Instant, end: Instant,
    reached: Instant, crs: String, networkHash: UInt64, stateHash: UInt64?,
    settings: @escaping @Sendable (inout JSONWriter) -> Void, inputs: [InputRecord],
    diagnostics: [Property]
  ) {
    self.scenarioName = scenarioName
    self.ended = ended
    self.seed = seed
    self.epoch = epoch
    self.end = end
    self.reached = reached
    self.crs = crs
    self.networkHash = networkHash
    self.stateHash = stateHash
    self.settings = settings
    self.inputs = inputs
    self.diagnostics = diagnostics
  }

  func encoded() -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.beginObject()
    writer.members([
      Property("format", .text(Self.format)),
      Property("version", .integer(1)),
      Property("engine", .text(EngineVersion.text)),
      Property("scenario", .text(scenarioName)),
      Property("ended", .text(ended.rawValue)),
      Property("seed", .integer(Int64(truncatingIfNeeded: seed))),
      Property("epoch", .text(epoch.iso8601)),
      Property("end", .text(end.iso8601)),
      Property("reached", .text(reached.iso8601)),
      Property("crs", .text(crs)),
      Property("network_hash", .text(Self.hex(networkHash))),
      Property("state_hash", stateHash.map { .text(Self.hex($0)) } ?? .null),
    ])
    writer.key("settings")
    settings(&writer)
    writer.key("inputs")
    InputRecord.write(inputs, to: &writer)
    writer.key("diagnostics")
    writer.beginObject()
    writer.members(diagnostics)
    writer.endObject()
    writer.endObject()
    writer.newline()
    return writer.bytes
  }

  /// Sixteen hexadecimal digits; JSON numbers cannot hold 64 bits.
  static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
