import CityBase
import CityReporting
import CityScenario
import Foundation

/// `cim validate`.
enum ValidateCommand: Command {
  static let specification = CommandSpecification(
    name: "validate",
    summary: "Check a scenario and its city without running it.",
    operands: ["SCENARIO"],
    options: [
      OptionSpecification("--seed", "N", "Another seed than the scenario's."),
      RunOptionTexts.threads,
      OptionSpecification("--quiet", "Print nothing but errors."),
    ],
    discussion: """
      Reads everything that cim run would read, the scenario that a variant extends included, finds
      a way for every trip, and prints what would run (trips, bays, calls, units, policies) and all
      that was left out or repaired. Exit code 0 if it can run, 2 if not.
      """,
    examples: [
      ("cim validate Scenarios/morning-peak/scenario.json", "See what the morning peak would do.")
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let options = try RunOptionTexts.options(arguments)
    let loaded = try ScenarioLoader.load(path: arguments.operands[0], options: options)
    // Outputs are bound to the run too: a snapshot layer that does not exist is found here.
    _ = try ScenarioRunner(loaded, folder: RunFolder(existing: ""), options: options)
    guard !arguments.has("--quiet") else { return 0 }
    output.out(ScenarioDescription.full(loaded))
    return 0
  }
}
