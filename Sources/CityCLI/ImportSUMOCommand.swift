import CityBase
import CityImport

/// `cim import sumo`.
enum ImportSUMOCommand: Command {
  static let specification = CommandSpecification(
    name: "import sumo",
    summary: "Make a city folder with a ready scenario from a SUMO network and its demand.",
    operands: ["NET"],
    options: [
      OptionSpecification(
        "--out", "CITY_DIR", "Where to write; an earlier city there is replaced.",
        isRequired: true),
      OptionSpecification(
        "--routes", "FILES", "Route files with vehicles, trips and flows, with commas between them."
      ),
      OptionSpecification(
        "--additional", "FILES",
        "Additional files with detectors, parking areas, signal programs, vehicle types."),
      OptionSpecification("--name", "NAME", "What the city is called. Default: the name of NET."),
      OptionSpecification("--time-zone", "ZONE", "IANA name such as Asia/Shanghai. Default: UTC."),
      OptionSpecification("--quiet", "Print nothing but errors."),
    ],
    discussion: """
      Reads a network of netconvert, netgenerate or netedit (.net.xml) and, where given, SUMO's route
      and additional files; all may be gzipped. Edges, lanes, connections, right of way and signal
      programs are taken as they are, and so is the demand: vehicles keep their routes edge by edge.
      The report lists what is not taken over.
      """,
    examples: [
      (
        "cim import sumo town.net.xml --routes town.rou.xml --out town",
        "Then: cim run town/scenario.json --out run"
      )
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let out = try arguments.requiredText("--out")
    let options = SUMOImportOptions(
      routes: try files(arguments, "--routes"), additional: try files(arguments, "--additional"),
      timeZone: arguments.text("--time-zone"), name: arguments.text("--name"))
    let report = try SUMOImport.run(network: arguments.operands[0], out: out, options: options)
    if !arguments.has("--quiet") { output.out(report) }
    return 0
  }

  private static func files(_ arguments: Arguments, _ name: String) throws(CityError) -> [String] {
    guard let text = arguments.text(name) else { return [] }
    let files = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard files.allSatisfy({ !$0.isEmpty }) else {
      throw .usage("\(name) expects files with commas between them; found \"\(text)\"")
    }
    return files
  }
}
