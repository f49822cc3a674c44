import CityBase
import CityImport

/// `cim import osm`.
enum ImportOSMCommand: Command {
  static let specification = CommandSpecification(
    name: "import osm",
    summary: "Make a city folder with a ready scenario from OpenStreetMap data.",
    operands: ["FILE"],
    options: [
      OptionSpecification(
        "--out", "CITY_DIR", "Where to write; an earlier city there is replaced.",
        isRequired: true),
      OptionSpecification("--name", "NAME", "What the city is called. Default: the name of FILE."),
      OptionSpecification("--time-zone", "ZONE", "IANA name such as Asia/Shanghai. Default: UTC."),
      OptionSpecification("--drive", "SIDE", "left or right. Default: right."),
      OptionSpecification(
        "--turn-on-red", "ANSWER",
        "yes or no: may one turn towards the kerb at red? Default: yes in North America."),
      OptionSpecification(
        "--repair", "TOLERANCE_M",
        "Close gaps up to so many metres between roads that ought to meet. Default: none."),
      OptionSpecification(
        "--load", "LOAD",
        "Traffic of the scenario: light, moderate, heavy, or 0 to 2. Default: moderate."),
      OptionSpecification("--quiet", "Print nothing but errors."),
    ],
    discussion: """
      Reads OpenStreetMap data (.osm, .osm.gz or .osm.pbf), takes out roads, buildings, car parks,
      hospitals, stations and boundaries, builds the road network, and writes a city folder. The
      folder also gets a scenario.json with half an hour of morning traffic, so that it can be run
      at once. The report says which roads are cut off from the others, and why; they are in
      cut_off.geojson.
      """,
    examples: [
      (
        "cim import osm town.osm.gz --out town --time-zone Europe/Berlin",
        "Then: cim run town/scenario.json --out run"
      )
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let out = try arguments.requiredText("--out")
    let options = OSMImportOptions(
      timeZone: arguments.text("--time-zone"),
      drive: try arguments.choice("--drive", among: ["left", "right"]),
      turnOnRed: try arguments.choice("--turn-on-red", among: ["yes", "no"]).map { $0 == "yes" },
      name: arguments.text("--name"),
      repairTolerance: try arguments.number(
        "--repair", in: OSMImportOptions.repairTolerances) ?? 0,
      load: arguments.text("--load") ?? "moderate")
    let report = try OSMImport.run(file: arguments.operands[0], out: out, options: options)
    if !arguments.has("--quiet") { output.out(report) }
    return 0
  }
}
