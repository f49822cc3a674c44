import CityBase
import CityReporting
import CityScenario

/// A run under a command: progress on the terminal, signals, and the figures at the end.
enum RunSession {
  static func run(
    _ runner: ScenarioRunner, _ name: String, _ out: String, isQuiet: Bool,
    _ output: CommandOutput
  ) throws(CityError) -> Int32 {
    Interruption.listen()
    defer { Interruption.stopListening() }
    let observer = RunObserver(
      showsProgress: output.isTerminal && !isQuiet, shouldStop: { Interruption.isAsked },
      progress: output.err)
    let result = try runner.run(observer)
    if !isQuiet { output.out(RunSummary.text(result, folder: out)) }
    guard result.ending == .complete else {
      output.err("cim: interrupted at \(result.reached.iso8601); go on with: cim resume \(out)\n")
      return CityError.Kind.interrupted.rawValue
    }
    return 0
  }
}
