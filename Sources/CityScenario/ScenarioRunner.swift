import CityBase
import CityReporting
import CitySimulation
import CityText
import Foundation

/// What a run came to.
public struct RunResult: Sendable {
  public var ending: RunEnding
  public var metrics: [MetricGroup]
  public var performance: Performance
  public var stateHash: UInt64
  /// The simulated moment that was reached.
  public var reached: Instant
}

/// Who watches a run from outside, and may end it.
public struct RunObserver {
  /// Asked before every tick; true ends the run as an interruption.
  public var shouldStop: () -> Bool
  /// Whether a progress line may be shown.
  public var showsProgress: Bool
  /// Gets the progress line as it is, without a line end.
  public var progress: (String) -> Void

  public init(
    showsProgress: Bool = false, shouldStop: @escaping () -> Bool = { false },
    progress: @escaping (String) -> Void = { _ in }
  ) {
    self.shouldStop = shouldStop
    self.showsProgress = showsProgress
    self.progress = progress
  }
}

/// Runs a loaded scenario into a run folder: from the first tick to the last, or on from a
/// checkpoint.
public final class ScenarioRunner {
  let loaded: LoadedScenario
  let options: RunOptions
  let folder: RunFolder
  let cityRun: CityRun
  let recorders: [any RunRecorder]
  let projection: OutputProjection
  let checkpointTicks: Int64?
  private var meter = PerformanceMeter()
  private var simulation: Simulation { cityRun.simulation }

  /// Puts the run together. Refuses outputs that this run cannot show; writes nothing.
  public init(_ loaded: LoadedScenario, folder: RunFolder, options: RunOptions) throws(CityError) {
    self.loaded = loaded
    self.options = options
    self.folder = folder
    let projection = try OutputProjection(from: loaded.map.workingCRS)
    self.projection = projection
    var recorders: [any RunRecorder] = []
    cityRun = try CityRun(loaded, threads: options.threads) {
      domains, traffic throws(CityError) in
      let layers = domains.flatMap(\.snapshotLayers)
      let parking = layers.first { $0.layerName == "parking" }
      let site = OutputSite(
        scenarioPath: loaded.scenario.file(of: "outputs"), folder: folder, projection: projection,
        layers: layers + [FacilitiesLayer(map: loaded.map, parking: parking)],
        intervalSources: domains.flatMap(\.intervalSources),
        intervalTables: domains.flatMap(\.intervalTables), map: loaded.map, traffic: traffic)
      for output in loaded.scenario.outputs.outputs {
        if let recorder = try output.makeRecorder(for: site) { recorders.append(recorder) }
      }
      return recorders
    }
    self.recorders = recorders
    let interval = options.checkpointMilliseconds ?? loaded.scenario.outputs.checkpointMilliseconds
    checkpointTicks = interval.map { max(1, loaded.clock.tick(atOrAfter: $0)) }
  }

  /// Runs to the end, or until it is interrupted; writes every file of the run folder either way.
  public func run(_ observer: RunObserver = RunObserver()) throws(CityError) -> RunResult {
    let stopTick = try stopTick()
    do throws(CityError) {
      if simulation.tick == 0 {
        // A run that is killed has not ended, and its folder must still be known for a run's.
        try folder.writeManifest(manifest(.interrupted, stateHash: nil))
        try simulation.record()
      }
      let ending = try advance(until: stopTick, observer)
      return try finish(ending)
    } catch {
      try? folder.writeManifest(manifest(.failed, stateHash: nil))
      throw error
    }
  }

  private func advance(until stopTick: Tick, _ observer: RunObserver) throws(CityError)
    -> RunEnding
  {
    let clock = loaded.clock
    var line = ProgressLine(
      isShown: observer.showsProgress, clock: clock, firstTick: simulation.tick,
      endTick: loaded.endTick, write: observer.progress)
    defer { line.clear() }
    while simulation.tick < loaded.endTick {
      if simulation.tick >= stopTick || observer.shouldStop() {
        try writeCheckpoint()
        return .interrupted
      }
      try simulation.step()
      meter.count(vehicles: cityRun.vehiclesOnRoad)
      line.update(tick: simulation.tick, vehicles: cityRun.vehiclesOnRoad)
      if let checkpointTicks, simulation.tick % checkpointTicks == 0,
        simulation.tick < loaded.endTick
      {
        try writeCheckpoint()
      }
    }
    return .complete
  }

  private func stopTick() throws(CityError) -> Tick {
    guard let stopAt = options.stopAt else { return .max }
    let milliseconds = stopAt.milliseconds(from: loaded.clock.epoch)
    guard milliseconds > loaded.clock.milliseconds(of: simulation.tick) else {
      throw .usage(
        "--stop-at lies before \(simulation.moment.instant.iso8601), where the run starts")
    }
    return loaded.clock.tick(atOrAfter: milliseconds)
  }

  private func finish(_ ending: RunEnding) throws(CityError) -> RunResult {
    let moment = simulation.moment
    for recorder in recorders { try recorder.finish(at: moment, ending: ending) }
    for domain in cityRun.domains {
      for table in domain.tables(clock: loaded.clock) { try folder.writeTable(table) }
      for layer in domain.summaryLayers {
        try folder.writeSummary(layer, at: moment, projection: projection)
      }
    }
    try folder.writeTable(
      RefusedTable(trips: loaded.refused, network: loaded.network, clock: loaded.clock))
    let metrics = cityRun.metrics()
    try folder.writeMetrics(metrics)
    let performance = meter.reading(
      stepSeconds: loaded.clock.stepSeconds, threads: options.threads)
    try folder.writePerformance(performance)
    let stateHash = simulation.stateHash()
    // Last, because it says that everything else is there.
    try folder.writeManifest(manifest(ending, stateHash: stateHash))
    return RunResult(
      ending: ending, metrics: metrics, performance: performance, stateHash: stateHash,
      reached: moment.instant)
  }

  private func manifest(_ ending: RunEnding, stateHash: UInt64?) -> Manifest {
    let scenario = loaded.scenario
    return Manifest(
      scenarioName: scenario.name, ended: ending, seed: loaded.seed, epoch: loaded.clock.epoch,
      end: loaded.clock.instant(of: loaded.endTick), reached: simulation.moment.instant,
      crs: loaded.map.workingCRS, networkHash: loaded.networkHash, stateHash: stateHash,
      settings: { scenario.write(to: &$0) }, inputs: loaded.inputs,
      diagnostics: loaded.diagnostics.counts.map { Property($0.code, .integer(Int64($0.count))) })
  }
}

extension ScenarioRunner {
  private func writeCheckpoint() throws(CityError) {
    var writer = StateWriter()
    simulation.encodeState(into: &writer)
    let checkpoint = Checkpoint(
      scenarioPath: Self.absolutePath(loaded.scenario.path), seed: loaded.seed,
      end: loaded.clock.instant(of: loaded.endTick),
      checkpointMilliseconds: options.checkpointMilliseconds
        ?? loaded.scenario.outputs.checkpointMilliseconds,
      inputs: loaded.inputs, state: writer.bytes)
    try CheckpointFolder(run: folder).write(checkpoint)
  }

  private static func absolutePath(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// Puts a run together again from the newest checkpoint of its folder. `options` may name
  /// threads, a moment to stop at and another interval of checkpoints; the rest is the run's own.
  /// Refuses inputs that have changed.
  public static func resume(runFolder path: String, options: RunOptions) throws(CityError)
    -> ScenarioRunner
  {
    let folder = RunFolder(existing: path)
    let checkpoint = try CheckpointFolder(run: folder).newest()
    var all = options
    all.seed = checkpoint.seed
    all.until = .instant(checkpoint.end)
    all.checkpointMilliseconds = options.checkpointMilliseconds ?? checkpoint.checkpointMilliseconds
    let loaded = try ScenarioLoader.load(
      path: checkpoint.scenarioPath, options: all, expecting: checkpoint.inputs, runFolder: path)
    let runner = try ScenarioRunner(loaded, folder: folder, options: all)
    var reader = StateReader(checkpoint.state, file: folder.path(of: Checkpoint.folderName))
    try runner.simulation.decodeState(from: &reader)
    guard reader.isAtEnd, runner.simulation.tick <= loaded.endTick else {
      throw .refused("the checkpoint does not fit this run", file: path)
    }
    return runner
  }
}

extension ScenarioRunner {
  /// The simulated moment as it stands.
  public var now: Instant { simulation.moment.instant }
  public var scenarioName: String { loaded.scenario.name }
}
