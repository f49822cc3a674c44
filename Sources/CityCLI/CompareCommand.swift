import CityBase
import CityReporting
import CityScenario

/// `cim compare`.
enum CompareCommand: Command {
  static let specification = CommandSpecification(
    name: "compare",
    summary: "Run scenarios side by side and tell effects from noise.",
    operands: ["BASELINE", "VARIANT..."],
    options: [
      OptionSpecification(
        "--replications", "N", "How many runs of each scenario, with as many seeds.",
        isRequired: true),
      OptionSpecification(
        "--out", "DIR", "Where to write; an earlier comparison there is replaced.",
        isRequired: true),
      OptionSpecification(
        "--seed", "N", "The first seed; the others count up from it. Default: the baseline's."),
      OptionSpecification(
        "--threads", "N", "How many runs at once; the result is the same. Default: all processors."),
      OptionSpecification(
        "--until", "T", "End every run at this time: 07:30, or ISO 8601."),
      RunOptionTexts.quiet,
    ],
    discussion: """
      Runs the baseline and every variant N times, each time with the same seed for all: the same
      people, calls and draws. Writes the difference of every figure of metrics.json to
      comparison.json and comparison.csv, with the interval that holds the true difference with
      95 % confidence (Student's t on paired differences), and all figures of all runs to
      replications.csv. Where the interval holds 0, the effect cannot be told from noise.
      """,
    examples: [
      (
        "cim compare scenario.json variant-price.json --replications 10 --out comparison",
        "Ten runs with the price, ten without."
      ),
      (
        "cim compare scenario.json variant-a.json variant-b.json --replications 5 --out c --quiet",
        "Two variants against one baseline, nothing on the screen."
      ),
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let folder = ComparisonFolder(path: try arguments.requiredText("--out"))
    _ = try arguments.requiredText("--replications")
    let replications =
      try arguments.integer("--replications", in: ComparisonPlan.replicationRange) ?? 1
    let options = try RunOptionTexts.options(arguments)
    try folder.checkReplaceable()
    let plan = try ComparisonPlan(
      baseline: arguments.operands[0], variants: Array(arguments.operands.dropFirst()),
      replications: replications, options: options)
    let isQuiet = arguments.has("--quiet")
    if !isQuiet { output.out(ComparisonTable.opening(plan)) }
    try folder.prepare()
    let result = try compare(plan, folder, isQuiet: isQuiet, output)
    guard result.ending == .complete else {
      output.err(
        "cim: interrupted after \(result.runCount) of \(plan.runCount) runs; those that ended are in "
          + "\(folder.path)/replications.csv, and there is no comparison\n")
      return CityError.Kind.interrupted.rawValue
    }
    if !isQuiet { output.out(ComparisonTable.text(result.rows, plan, folder: folder.path)) }
    return 0
  }

  private static func compare(
    _ plan: ComparisonPlan, _ folder: ComparisonFolder, isQuiet: Bool, _ output: CommandOutput
  ) throws(CityError) -> ComparisonResult {
    Interruption.listen()
    defer { Interruption.stopListening() }
    var line = JobLine(
      isShown: output.isTerminal && !isQuiet, jobCount: plan.runCount, write: output.err)
    defer { line.clear() }
    return try ScenarioComparison(plan).run(
      into: folder,
      ComparisonObserver(
        shouldStop: { Interruption.isAsked },
        progress: { line.update(jobs: $0, share: $1) }))
  }
}
