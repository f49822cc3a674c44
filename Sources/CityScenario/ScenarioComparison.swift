import CityBase
import CityReporting
import Synchronization

/// What a comparison came to.
public struct ComparisonResult: Sendable {
  public var ending: RunEnding
  /// For each variant every figure; empty unless all runs have ended.
  public var rows: [FigureComparison]
  /// By scenario (the baseline first) and replication; nil where a run has not ended.
  public var runs: [[Replication?]]

  /// How many runs have ended.
  public var runCount: Int { runs.reduce(0) { $0 + $1.count { $0 != nil } } }
}

/// Who watches a comparison from outside, and may end it.
public struct ComparisonObserver {
  /// Asked on every thread, before every tick; true ends the comparison as an interruption.
  public var shouldStop: @Sendable () -> Bool
  /// Gets the runs that have ended and the share of all ticks done, several times a second.
  public var progress: (_ runs: Int, _ share: Double) -> Void

  public init(
    shouldStop: @escaping @Sendable () -> Bool = { false },
    progress: @escaping (_ runs: Int, _ share: Double) -> Void = { _, _ in }
  ) {
    self.shouldStop = shouldStop
    self.progress = progress
  }
}

/// Runs every scenario of a plan with every seed and holds the variants against the baseline.
///
/// A run is one value on one thread; so many at once as there are threads. What comes out does not
/// depend on how many.
public struct ScenarioComparison: Sendable {
  public let plan: ComparisonPlan

  public init(_ plan: ComparisonPlan) { self.plan = plan }

  /// Runs the comparison into its folder, which must have been prepared. An interruption keeps the
  /// runs that have ended, in `replications.csv`, and the manifest says so.
  public func run(into folder: ComparisonFolder, _ observer: ComparisonObserver)
    throws(CityError) -> ComparisonResult
  {
    let blank = [[Replication?]](
      repeating: Array(repeating: nil, count: plan.seeds.count), count: plan.candidates.count)
    // Whatever happens, the folder must be known for a comparison's.
    try folder.write(manifest(.interrupted, blank))
    do throws(CityError) {
      let result = try run(observer)
      try folder.write(labels: plan.labels, runs: result.runs)
      if result.ending == .complete { try folder.write(result.rows) }
      // Last, because it says that everything else is there.
      try folder.write(manifest(result.ending, result.runs))
      return result
    } catch {
      try? folder.write(manifest(.failed, blank))
      throw error
    }
  }

  /// Runs the comparison and writes nothing.
  public func run(_ observer: ComparisonObserver = ComparisonObserver()) throws(CityError)
    -> ComparisonResult
  {
    let runs = try replications(observer)
    guard runs.allSatisfy({ $0.allSatisfy { $0 != nil } }) else {
      return ComparisonResult(ending: .interrupted, rows: [], runs: runs)
    }
    let figures = runs.map { $0.compactMap { $0?.figures } }
    let rows = zip(plan.labels, figures).dropFirst().flatMap {
      FigureComparison.all(variant: $0, baseline: figures[0], value: $1)
    }
    return ComparisonResult(ending: .complete, rows: rows, runs: runs)
  }

  private func replications(_ observer: ComparisonObserver) throws(CityError) -> [[Replication?]] {
    let scenarios = plan.candidates.count
    let done = Progress()
    let total = plan.candidates.reduce(0) { $0 + Int($1.first.endTick) } * plan.seeds.count
    let stop = observer.shouldStop
    // One seed after the other, so that an interruption leaves whole pairs.
    let results = try JobQueue.run(
      count: plan.runCount, threads: plan.options.threads,
      watch: {
        let ticks = done.ticks.load(ordering: .relaxed)
        observer.progress(
          done.runs.load(ordering: .relaxed), total > 0 ? Double(ticks) / Double(total) : 1)
      },
      { job throws(CityError) in
        try replicate(job % scenarios, job / scenarios, shouldStop: stop, done)
      })
    return (0..<scenarios).map { scenario in
      plan.seeds.indices.map { results[$0 * scenarios + scenario] }
    }
  }

  private final class Progress: Sendable {
    let ticks = Atomic<Int>(0)
    let runs = Atomic<Int>(0)
  }

  /// One run from its first tick to its last; nil where it was asked to stop.
  private func replicate(
    _ scenario: Int, _ replication: Int, shouldStop: () -> Bool, _ done: Progress
  ) throws(CityError) -> Replication? {
    if shouldStop() { return nil }
    let loaded = try load(scenario, replication)
    // What an interval has counted so far is state: it must end as in a run that writes files.
    var intervals: IntervalEnds?
    let run = try CityRun(loaded, threads: 1) { domains, _ in
      let ends = IntervalEnds(
        intervalMilliseconds: loaded.scenario.outputs.intervalMilliseconds,
        sources: domains.flatMap(\.intervalSources))
      intervals = ends
      return [ends]
    }
    while !run.isOver {
      if shouldStop() { return nil }
      try run.simulation.step()
      done.ticks.add(1, ordering: .relaxed)
    }
    intervals?.finish(at: run.simulation.moment)
    done.runs.add(1, ordering: .relaxed)
    return Replication(
      seed: plan.seeds[replication], figures: RunFigures(run.metrics()),
      stateHash: run.simulation.stateHash())
  }

  private func load(_ scenario: Int, _ replication: Int) throws(CityError) -> LoadedScenario {
    let candidate = plan.candidates[scenario]
    if replication == 0 { return candidate.first }
    var options = plan.options
    options.seed = plan.seeds[replication]
    options.threads = 1
    return try ScenarioLoader.bind(
      candidate.scenario, to: candidate.city, inputs: candidate.inputs, options: options,
      diagnostics: candidate.diagnostics)
  }

  private func manifest(_ ending: RunEnding, _ runs: [[Replication?]]) -> ComparisonManifest {
    ComparisonManifest(
      ended: ending,
      scenarios: plan.candidates.map { candidate in
        ComparisonManifest.Scenario(
          label: candidate.label, networkHash: candidate.city.networkHash,
          settings: { candidate.scenario.write(to: &$0) }, inputs: candidate.inputs)
      },
      seeds: plan.seeds, end: plan.baseline.clock.instant(of: plan.baseline.endTick),
      remarks: plan.diagnostics.entries.map(\.message),
      stateHashes: runs.map { $0.map { $0?.stateHash } })
  }
}
