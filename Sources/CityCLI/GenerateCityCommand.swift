import CityBase
import CityImport

/// `cim generate city`.
enum GenerateCityCommand: Command {
  static let specification = CommandSpecification(
    name: "generate city",
    summary: "Draw a city of any size from a seed.",
    operands: [],
    options: [
      OptionSpecification(
        "--out", "CITY_DIR", "Where to write; an earlier city there is replaced.",
        isRequired: true),
      OptionSpecification(
        "--seed", "N", "Of all draws; the same seed gives the same city. Default: 1."),
      OptionSpecification("--name", "NAME", "What the city is called. Default: haihe."),
      OptionSpecification("--size", "KM", "Diameter in kilometres, 2 to 200. Default: 6."),
      OptionSpecification(
        "--links", "N",
        "Instead of --size: about so many directed links, 200 to 2,000,000. A million are a\n"
          + "region of 157 km."),
      OptionSpecification(
        "--detail", "D",
        "buildings: draw every one; blocks: one house for each use of a block; streets: none.\n"
          + "Default: buildings up to 50 km across (100,000 links), blocks beyond."),
      OptionSpecification(
        "--streets", "S",
        "simple: one line each; full: divided arterials, bays for turning left, an elevated\n"
          + "expressway, roundabouts, streets of one direction. Default: full."),
      OptionSpecification(
        "--population", "N", "Residents. Default: 11,000 for each square kilometre."),
      OptionSpecification("--quiet", "Print nothing but errors."),
    ],
    discussion: """
      Makes a river metropolis at Tianjin's longitude: bridges, ring and radial roads, divided
      arterials, an elevated expressway with ramps, roundabouts, streets of one direction, blocks,
      signals, buildings, car parks, hospitals, fire, police and ambulance stations, districts and
      people. Coordinates are CGCS2000 (EPSG:4490 in the layers, EPSG:4548 inside). The folder also
      gets a scenario.json with half an hour of morning traffic, so that it can be run at once.
      """,
    examples: [
      ("cim generate city --out mycity --seed 7 --size 4", "A city of four kilometres across."),
      ("cim generate city --out big --links 200000", "A region of 200,000 links."),
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let out = try arguments.requiredText("--out")
    var options = CityGeneratorOptions()
    if let seed = try arguments.integer("--seed", in: 0...UInt64.max) { options.seed = seed }
    if let name = arguments.text("--name") { options.name = name }
    if let size = try arguments.number("--size", in: 2...200) { options.sizeKilometers = size }
    options.links = try arguments.integer("--links", in: 200...2_000_000)
    if options.links != nil, arguments.text("--size") != nil {
      throw .usage("--size and --links both say how large the city is: give one of them")
    }
    if let detail = try arguments.choice(
      "--detail", among: CityGeneratorOptions.Detail.allCases.map(\.rawValue))
    {
      options.detail = CityGeneratorOptions.Detail(rawValue: detail)
    }
    if let streets = try arguments.choice(
      "--streets", among: CityGeneratorOptions.Streets.allCases.map(\.rawValue))
    {
      options.streets = CityGeneratorOptions.Streets(rawValue: streets) ?? .full
    }
    options.population = try arguments.integer("--population", in: 0...100_000_000)
    let report = try GenerateCommand.run(options, out: out)
    if !arguments.has("--quiet") { output.out(report) }
    return 0
  }
}
