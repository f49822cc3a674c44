import CityBase
import CityText

/// What a comparison was made from and how it ended: the content of its `manifest.json`. It names no
/// thread count, host, absolute path or wall time, so that equal comparisons have equal manifests.
public struct ComparisonManifest: Sendable {
  /// What the file says it is.
  public static let format = "citytwin-comparison"

  /// One of the scenarios that are compared.
  public struct Scenario: Sendable {
    /// The word for it in every file of the comparison.
    public var label: String
    public var networkHash: UInt64
    /// Writes the scenario's settings after defaults, as one JSON value.
    public var settings: @Sendable (inout JSONWriter) -> Void
    public var inputs: [InputRecord]

    public init(
      label: String, networkHash: UInt64,
      settings: @escaping @Sendable (inout JSONWriter) -> Void, inputs: [InputRecord]
    ) {
      self.label = label
      self.networkHash = networkHash
      self.settings = settings
      self.inputs = inputs
    }
  }

  public var ended: RunEnding
  /// The baseline first.
  public var scenarios: [Scenario]
  public var seeds: [UInt64]
  /// Where all runs end.
  public var end: Instant
  /// What keeps the scenarios from being the same people in the same city, in words.
  public var remarks: [String]
  /// State hashes by scenario and replication; nil where a run has not ended.
  public var stateHashes: [[UInt64?]]

  public init(
    ended: RunEnding, scenarios: [Scenario], seeds: [UInt64], end: Instant, remarks: [String],
    stateHashes: [[UInt64?]]
  ) {
    self.ended = ended
    self.scenarios = scenarios
    self.seeds = seeds
    self.end = end
    self.remarks = remarks
    self.stateHashes = stateHashes
  }

  func encoded() -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.beginObject()
    writer.members([
      Property("format", .text(Self.format)),
      Property("version", .integer(1)),
      Property("engine", .text(EngineVersion.text)),
      Property("ended", .text(ended.rawValue)),
      Property("baseline", .text(scenarios.first?.label ?? "")),
      Property("replications", .integer(Int64(seeds.count))),
      Property("confidence", .number(PairedDifference.confidence)),
      Property("end", .text(end.iso8601)),
    ])
    writer.key("seeds")
    writer.beginArray()
    for seed in seeds { writer.value(seed) }
    writer.endArray()
    writer.key("remarks")
    writer.beginArray()
    for remark in remarks { writer.value(remark) }
    writer.endArray()
    writer.key("scenarios")
    writer.beginArray()
    for (i, scenario) in scenarios.enumerated() {
      write(scenario, hashes: i < stateHashes.count ? stateHashes[i] : [], to: &writer)
    }
    writer.endArray()
    writer.endObject()
    writer.newline()
    return writer.bytes
  }

  private func write(_ scenario: Scenario, hashes: [UInt64?], to writer: inout JSONWriter) {
    writer.beginObject()
    writer.members([
      Property("label", .text(scenario.label)),
      Property("network_hash", .text(Manifest.hex(scenario.networkHash))),
    ])
    writer.key("state_hashes")
    writer.beginArray()
    for hash in hashes { writer.append(hash.map { .text(Manifest.hex($0)) } ?? .null) }
    writer.endArray()
    writer.key("settings")
    scenario.settings(&writer)
    writer.key("inputs")
    InputRecord.write(scenario.inputs, to: &writer)
    writer.endObject()
  }
}
