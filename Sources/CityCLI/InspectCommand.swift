import CityBase
import CityModel
import CityNetwork
import CityScenario

/// `cim inspect`.
enum InspectCommand: Command {
  static let specification = CommandSpecification(
    name: "inspect",
    summary: "Show what is in a city folder, and what was wrong with it.",
    operands: ["CITY_DIR"],
    options: [],
    discussion: """
      Reads city.json, its layers and the road network, and prints how much of everything there is,
      in which coordinate reference system, and all that was left out or repaired.
      """,
    examples: [("cim inspect GeoData/haihe", "Look at the demonstration city.")])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    var diagnostics = Diagnostics()
    let map = try CityMap.load(
      folder: folder(arguments.operands[0]), diagnostics: &diagnostics)
    let network = try ScenarioLoader.loadNetwork(map, diagnostics: &diagnostics)
    output.out(CityReport.describe(map, diagnostics))
    output.out("\n" + NetworkDescription.text(network))
    return 0
  }

  /// The city folder that an operand names, be it by its `city.json`.
  static func folder(_ operand: String) -> String {
    let suffix = "/" + CityDescription.fileName
    return operand.hasSuffix(suffix) ? String(operand.dropLast(suffix.count)) : operand
  }
}
