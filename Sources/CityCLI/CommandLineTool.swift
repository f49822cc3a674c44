import CityBase
import CityReporting
import CityText

/// The `cim` command: finds the command that the arguments name, runs it and tells how it went.
public enum CommandLineTool {
  static let commands: [any Command.Type] = [
    RunCommand.self, ResumeCommand.self, ValidateCommand.self, CompareCommand.self,
    CompareCountsCommand.self,
    ImportOSMCommand.self, ImportSUMOCommand.self, InspectCommand.self,
    ExportNetworkCommand.self, ExportSignalsCommand.self, GenerateCityCommand.self,
  ]

  /// Runs the command line `arguments` (without the program's own name) and returns the exit code:
  /// 0 done, 1 the run failed, 2 the input was refused, 64 wrong usage, 130 interrupted.
  public static func run(_ arguments: [String], _ output: CommandOutput) -> Int32 {
    do throws(CityError) {
      return try dispatch(arguments, output)
    } catch {
      output.err("cim: \(error)\n")
      if error.kind == .usage {
        let command = commands.first { arguments.starts(with: $0.specification.words) }
        let words = (["cim"] + (command?.specification.words ?? []) + ["--help"])
        output.err("\(words.joined(separator: " ")) explains how it is used.\n")
      }
      return error.exitCode
    }
  }

  private static func dispatch(_ arguments: [String], _ output: CommandOutput) throws(CityError)
    -> Int32
  {
    guard let first = arguments.first else {
      output.err(overview)
      return CityError.Kind.usage.rawValue
    }
    switch first {
    case "--help", "-h":
      output.out(overview)
      return 0
    case "--version":
      output.out("cim \(EngineVersion.text)\n")
      return 0
    case "help":
      return try help(Array(arguments.dropFirst()), output)
    default:
      let (command, rest) = try find(arguments)
      let parsed = try Arguments(rest, for: command.specification)
      if parsed.isHelpAsked {
        output.out(command.specification.help)
        return 0
      }
      return try command.run(parsed, output)
    }
  }

  private static func help(_ words: [String], _ output: CommandOutput) throws(CityError) -> Int32 {
    if words.isEmpty {
      output.out(overview)
    } else {
      output.out(try find(words).command.specification.help)
    }
    return 0
  }

  /// The command that the first words name, and what follows them.
  private static func find(_ arguments: [String]) throws(CityError)
    -> (command: any Command.Type, rest: ArraySlice<String>)
  {
    for command in commands {
      let words = command.specification.words
      if arguments.starts(with: words) { return (command, arguments.dropFirst(words.count)) }
    }
    throw .usage(unknown(arguments))
  }

  private static func unknown(_ arguments: [String]) -> String {
    let names = commands.map { $0.specification.name }
    let first = arguments.first ?? ""
    let continued = names.filter { $0.hasPrefix(first + " ") }
    if !continued.isEmpty {
      let words = continued.map { "cim \($0)" }.joined(separator: " or ")
      return "cim \(arguments.prefix(2).joined(separator: " ")) is not a command; there is \(words)"
    }
    let words = names.map { String($0.prefix { $0 != " " }) }
    let hint = Spelling.nearest(to: first, among: words).map { "; did you mean \($0)?" } ?? ""
    return "unknown command \"\(first)\"\(hint)"
  }

  static var overview: String {
    let width = commands.map { $0.specification.name.count }.max() ?? 0
    let list = commands.map {
      "  \($0.specification.name.padded(to: width))  \($0.specification.summary)\n"
    }
    return """
      cim: a digital twin of a city. It replays scenarios on a city's own GIS layers and writes
      what happened as GeoJSON, CSV and JSON.

      Usage: cim COMMAND ...

      Commands:
      \(list.joined())
      Options:
        --help      Show this text; cim COMMAND --help explains a command.
        --version   Show the version.

      First steps:
        cim run Scenarios/morning-peak/scenario.json --out run
            A morning peak in the demonstration city.
        cim compare Scenarios/bridge-closure/scenario.json Scenarios/bridge-closure/variant-*.json \\
            --replications 10 --out comparison
            What a measure changes, and whether that can be told from noise.
        cim import osm town.osm.gz --out town && cim run town/scenario.json --out run
            The same in a town of your own, from OpenStreetMap.

      """
  }
}

/// One command of `cim`.
protocol Command: Sendable {
  static var specification: CommandSpecification { get }
  /// Does the work; returns the exit code.
  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32
}
