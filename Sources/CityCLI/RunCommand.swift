import CityBase
import CityReporting
import CityScenario
import Foundation

/// `cim run`.
enum RunCommand: Command {
  static let specification = CommandSpecification(
    name: "run",
    summary: "Run a scenario and write a run folder.",
    operands: ["SCENARIO"],
    options: [
      OptionSpecification(
        "--out", "DIR", "Where to write; an earlier run there is replaced.",
        isRequired: true),
      OptionSpecification(
        "--seed", "N", "Another seed than the scenario's: other people, other trips."),
      RunOptionTexts.threads,
      OptionSpecification(
        "--until", "T",
        "End the run at this time, as if the scenario ended there:\n07:30, or ISO 8601."),
      RunOptionTexts.checkpointEvery,
      RunOptionTexts.stopAt,
      RunOptionTexts.quiet,
    ],
    discussion: """
      Reads SCENARIO (a scenario.json) and the city it names, simulates every vehicle, and writes
      metrics.json, timeseries.csv, trips.csv, links.geojson, snapshots and a manifest.json that
      says what they were made from; with parking also parking.csv, with emergencies responses.csv
      and units.csv. The same scenario and seed give the same bytes, on any number of threads.
      Ctrl-C ends a run so that cim resume can go on with it.
      """,
    examples: [
      (
        "cim run Scenarios/morning-peak/scenario.json --out run",
        "The morning peak, written to the folder run."
      ),
      (
        "cim run scenario.json --out run-7 --seed 7 --until 07:30 --threads 2 --quiet",
        "Another draw of people, the first half hour only, nothing on the screen."
      ),
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let out = try arguments.requiredText("--out")
    let options = try RunOptionTexts.options(arguments)
    let path = arguments.operands[0]
    let folder = RunFolder(existing: out)
    try folder.checkReplaceable()
    let loaded = try ScenarioLoader.load(path: path, options: options)
    let isQuiet = arguments.has("--quiet")
    if !isQuiet { output.out(ScenarioDescription.opening(loaded)) }
    let runner = try ScenarioRunner(loaded, folder: folder, options: options)
    _ = try RunFolder.prepare(path: out)
    return try RunSession.run(runner, loaded.scenario.name, out, isQuiet: isQuiet, output)
  }
}

/// `cim resume`.
enum ResumeCommand: Command {
  static let specification = CommandSpecification(
    name: "resume",
    summary: "Go on with a run that was interrupted.",
    operands: ["RUN_DIR"],
    options: [
      RunOptionTexts.threads, RunOptionTexts.checkpointEvery, RunOptionTexts.stopAt,
      RunOptionTexts.quiet,
    ],
    discussion: """
      Reads the newest checkpoint in RUN_DIR, checks that the scenario and the city are still what
      they were, and runs to the end. Every file is then the same, byte for byte, as if the run had
      never been interrupted.
      """,
    examples: [("cim resume run", "Go on with the run in the folder run.")])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let options = try RunOptionTexts.options(arguments)
    let path = arguments.operands[0]
    let isQuiet = arguments.has("--quiet")
    if try RunFolder(existing: path).isComplete() {
      if !isQuiet { output.out("The run in \(path) is complete; there is nothing to resume.\n") }
      return 0
    }
    let runner = try ScenarioRunner.resume(runFolder: path, options: options)
    if !isQuiet { output.out("Resuming at \(runner.now.timeOfDay)\n") }
    return try RunSession.run(runner, runner.scenarioName, path, isQuiet: isQuiet, output)
  }
}

/// Options that `run` and `resume` share.
enum RunOptionTexts {
  static let threads = OptionSpecification(
    "--threads", "N", "How many threads work; the result is the same. Default: all processors.")
  static let checkpointEvery = OptionSpecification(
    "--checkpoint-every", "D", "Keep a checkpoint every so often, such as 15min of simulated time.")
  static let stopAt = OptionSpecification(
    "--stop-at", "T", "Interrupt the run at this time, to be resumed later: 07:30, or ISO 8601.")
  static let quiet = OptionSpecification("--quiet", "Print nothing but errors.")

  static func options(_ arguments: Arguments) throws(CityError) -> RunOptions {
    RunOptions(
      seed: try arguments.integer("--seed", in: 0...UInt64(ScenarioFile.seedRange.upperBound)),
      threads: try arguments.integer("--threads", in: 1...1024)
        ?? min(1024, max(1, ProcessInfo.processInfo.activeProcessorCount)),
      until: try arguments.time("--until"), stopAt: try arguments.time("--stop-at"),
      checkpointMilliseconds: try arguments.duration("--checkpoint-every"))
  }
}
