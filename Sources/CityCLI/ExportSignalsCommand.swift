import CityBase
import CityModel
import CityScenario
import CityText
import CityTraffic

/// `cim export signals`.
enum ExportSignalsCommand: Command {
  static let specification = CommandSpecification(
    name: "export signals",
    summary: "Write the plans of a city's signals, as a scenario runs them, for editing.",
    operands: ["SCENARIO_OR_CITY_DIR"],
    options: [
      OptionSpecification("--out", "FILE", "The plan file to write.", isRequired: true),
      OptionSpecification("--quiet", "Print nothing but errors."),
    ],
    discussion: """
      Writes stages, greens, intergreens, offsets, times of day and controls of every signal, in the
      format that a scenario takes back with "signals": {"plans": "FILE"}. Of a scenario, what its
      own plan file, controls and green waves come to; of a city folder, the built plans.
      """,
    examples: [
      (
        "cim export signals GeoData/haihe --out signals.json",
        "Then change a green in signals.json and name the file in a scenario."
      )
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let out = try arguments.requiredText("--out")
    let operand = arguments.operands[0]
    var diagnostics = Diagnostics()
    let isCity = InputFile.exists(
      path: CityDescription.path(of: CityDescription.fileName, in: InspectCommand.folder(operand)))
    let bytes: [UInt8]
    let count: Int
    if isCity {
      let map = try CityMap.load(folder: InspectCommand.folder(operand), diagnostics: &diagnostics)
      let network = try ScenarioLoader.loadNetwork(map, diagnostics: &diagnostics)
      bytes = SignalPlanFile.bytes(for: network, SignalSetup())
      count = network.signals.count
    } else {
      let loaded = try ScenarioLoader.loadSignals(path: operand, diagnostics: &diagnostics)
      bytes = SignalPlanFile.bytes(for: loaded.network, loaded.setup)
      count = loaded.network.signals.count
    }
    try OutputFile.write(bytes, to: out)
    guard !arguments.has("--quiet") else { return 0 }
    for entry in diagnostics.entries where entry.code == "green-wave" {
      output.out("\(entry.place): \(entry.message)\n")
    }
    output.out("\(Figures.grouped(count)) signals written to \(out)\n")
    return 0
  }
}
