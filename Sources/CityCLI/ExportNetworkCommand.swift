import CityBase
import CityImport
import CityModel
import CityScenario

/// `cim export network`.
enum ExportNetworkCommand: Command {
  static let specification = CommandSpecification(
    name: "export network",
    summary: "Write a city's road network as GeoJSON: links, lanes, turns, junctions, signals.",
    operands: ["CITY_DIR"],
    options: [
      OptionSpecification(
        "--out", "DIR", "Where to write; an earlier export there is replaced.", isRequired: true),
      OptionSpecification("--quiet", "Print nothing but errors."),
    ],
    discussion: """
      Writes the network that vehicles drive on, as it was built from the roads, for a look in a
      GIS: every lane with the turns it may make, every permitted way over every junction with
      its speed and conflicts, and the stop lines and times of every signal group. Coordinates
      are WGS 84; ids are those of the road layer.
      """,
    examples: [
      (
        "cim export network GeoData/haihe --out network",
        "Then open network/lanes.geojson in QGIS and label it by turns."
      )
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let out = try arguments.requiredText("--out")
    var diagnostics = Diagnostics()
    let map = try CityMap.load(
      folder: InspectCommand.folder(arguments.operands[0]), diagnostics: &diagnostics)
    let network = try ScenarioLoader.loadNetwork(map, diagnostics: &diagnostics)
    let export = try NetworkExport(network, cityName: map.name, workingCRS: map.workingCRS)
    let layers = try export.write(to: out)
    guard !arguments.has("--quiet") else { return 0 }
    let width = layers.map { $0.file.count }.max() ?? 0
    output.out("\(map.name): road network written to \(out)\n")
    for layer in layers {
      output.out(
        "  \(layer.file.padded(to: width))  \(Figures.grouped(layer.count).rightAligned(to: 9))\n")
    }
    return 0
  }
}
