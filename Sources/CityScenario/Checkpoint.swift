import CityBase
import CityReporting
import CityText
import Foundation

/// What a checkpoint keeps beside the state: enough to put the same run together again.
struct Checkpoint {
  static let magic = "CIMC"
  static let version: UInt32 = 1
  static let folderName = "checkpoints"
  /// How many of the newest are kept.
  static let keptCount = 2

  /// The scenario file, as an absolute path.
  var scenarioPath: String
  var seed: UInt64
  /// The end of the run, after `--until`.
  var end: Instant
  var checkpointMilliseconds: Int64?
  var inputs: [InputRecord]
  var state: [UInt8]

  func encoded() -> [UInt8] {
    var writer = StateWriter()
    writer.section("run")
    writer.write(EngineVersion.text)
    writer.write(scenarioPath)
    writer.write(seed)
    writer.write(end.millisecondsSince1970)
    writer.write(checkpointMilliseconds ?? 0)
    writer.write(Int64(inputs.count))
    for input in inputs {
      writer.write(input.name)
      writer.write(Int64(input.byteCount))
      writer.write(input.sha256)
    }
    writer.write(state)
    return StateEnvelope.seal(writer.bytes, magic: Self.magic, version: Self.version)
  }

  init(
    scenarioPath: String, seed: UInt64, end: Instant, checkpointMilliseconds: Int64?,
    inputs: [InputRecord], state: [UInt8]
  ) {
    self.scenarioPath = scenarioPath
    self.seed = seed
    self.end = end
    self.checkpointMilliseconds = checkpointMilliseconds
    self.inputs = inputs
    self.state = state
  }

  /// Reads a checkpoint; refuses damaged ones and those of another version of the engine.
  init(bytes: [UInt8], file: String) throws(CityError) {
    let payload = try StateEnvelope.open(
      bytes, magic: Self.magic, version: Self.version, file: file)
    var reader = StateReader(payload, file: file)
    try reader.section("run")
    let engine = try reader.readString()
    guard engine == EngineVersion.text else {
      throw .refused("written by version \(engine), this is \(EngineVersion.text)", file: file)
    }
    scenarioPath = try reader.readString()
    seed = try reader.read()
    let endMilliseconds: Int64 = try reader.read()
    // The years that ISO 8601 can write.
    guard abs(endMilliseconds / 1000) < 1 << 40 else {
      throw .refused("expected the end of the run, found \(endMilliseconds)", file: file)
    }
    end = Instant(millisecondsSince1970: endMilliseconds)
    let interval: Int64 = try reader.read()
    checkpointMilliseconds = interval > 0 ? interval : nil
    let count: Int64 = try reader.read()
    guard (0...100_000).contains(count) else {
      throw .refused("expected a list of inputs, found \(count) of them", file: file)
    }
    inputs = []
    for _ in 0..<count {
      let name = try reader.readString()
      let byteCount: Int64 = try reader.read()
      inputs.append(
        InputRecord(
          name: name, byteCount: Int(clamping: byteCount), sha256: try reader.readString()))
    }
    state = try reader.readBytes()
  }
}

/// The checkpoints of a run folder, numbered in the order they were written.
struct CheckpointFolder {
  let run: RunFolder

  private var path: String { run.path(of: Checkpoint.folderName) }

  /// Writes the next one and removes all but the newest.
  func write(_ checkpoint: Checkpoint) throws(CityError) {
    try OutputFolder.create(path: path)
    let known = try numbers()
    let next = (known.last ?? 0) + 1
    try OutputFile.write(checkpoint.encoded(), to: path(of: next))
    for old in known.dropLast(Checkpoint.keptCount - 1) {
      try? FileManager.default.removeItem(atPath: path(of: old))
    }
  }

  /// The newest one that can be read. Refuses a folder without any, with the reason why the
  /// newest could not be read.
  func newest() throws(CityError) -> Checkpoint {
    guard InputFile.exists(path: path) else {
      throw .refused("has no checkpoint to resume from", file: run.path)
    }
    var firstError: CityError?
    for number in try numbers().reversed() {
      let file = path(of: number)
      do throws(CityError) {
        return try Checkpoint(bytes: try InputFile.read(path: file), file: file)
      } catch {
        firstError = firstError ?? error
      }
    }
    throw firstError ?? .refused("has no checkpoint to resume from", file: run.path)
  }

  private func path(of number: Int) -> String {
    let digits = String(number)
    return path + "/" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".cimc"
  }

  private func numbers() throws(CityError) -> [Int] {
    try OutputFolder.list(path).compactMap { name in
      name.hasSuffix(".cimc") ? Int(name.dropLast(5)) : nil
    }.filter { $0 > 0 }.sorted()
  }
}
