import CityBase
import CityDemand
import CityNetwork
import CityPolicy
import CityText
import CityTraffic

/// What a scenario says about the ways that drivers take: `{"model": "logit", "alternatives": 3,
/// "scale_per_min": 1, "pre_run": {"iterations": 8}, "guidance": {"share": 0.2}}`.
public struct RouteChoiceSettings: Sendable, Equatable {
  /// The names of the models.
  enum ModelName: String, CaseIterable {
    case logit
    case perturbed
  }

  /// How first routes are found.
  public var model = RouteModel.logit(LogitChoice())
  /// What drivers expect of the roads; without effect where the model is not a choice among ways.
  public var preRun = PreRun()
  /// Who looks for a better way while driving.
  public var guidance = GuidanceSettings()

  static let intervals: ClosedRange<Int64> = 60_000...86_400_000

  /// The defaults where there is no such member.
  init(_ source: JSONObjectReader?) throws(CityError) {
    guard var reader = source else { return }
    switch try reader.optionalChoice("model") ?? ModelName.logit {
    case .logit: model = .logit(try Self.logit(&reader))
    case .perturbed:
      model = .perturbed(spread: try reader.optionalNumber("spread", in: 0...0.9) ?? 0.15)
    }
    if case .logit = model, let source = try reader.optionalObject("pre_run") {
      preRun = try Self.preRun(source)
    }
    if let source = try reader.optionalObject("guidance") { guidance = try Self.guidance(source) }
    try reader.finish()
  }

  private static func logit(_ reader: inout JSONObjectReader) throws(CityError) -> LogitChoice {
    var choice = LogitChoice()
    choice.limits.count = try reader.optionalInteger("alternatives", in: 1...8) ?? 3
    if let x = try reader.optionalNumber("detour", in: 1...5) { choice.limits.detour = x }
    if let x = try reader.optionalNumber("overlap", in: 0...1) { choice.limits.overlap = x }
    if let x = try reader.optionalNumber("scale_per_min", in: 0...100) {
      choice.scalePerMinute = x
    }
    if let x = try reader.optionalNumber("path_size_weight", in: 0...10) {
      choice.pathSizeWeight = x
    }
    return choice
  }

  private static func preRun(_ source: JSONObjectReader) throws(CityError) -> PreRun {
    var reader = source
    var preRun = PreRun()
    preRun.iterations = try reader.optionalInteger("iterations", in: 0...100) ?? preRun.iterations
    preRun.targetGap = try reader.optionalNumber("target_gap", in: 0...1) ?? preRun.targetGap
    preRun.intervalMilliseconds =
      try reader.optionalDuration("interval", in: intervals) ?? preRun.intervalMilliseconds
    preRun.mostTrips =
      try reader.optionalInteger("most_trips", in: 100...10_000_000) ?? preRun.mostTrips
    try reader.finish()
    return preRun
  }

  private static func guidance(_ source: JSONObjectReader) throws(CityError) -> GuidanceSettings {
    var reader = source
    var guidance = GuidanceSettings()
    guidance.share = try reader.optionalNumber("share", in: 0...1) ?? guidance.share
    if let milliseconds = try reader.optionalDuration("interval", in: 30_000...3_600_000) {
      guidance.intervalSeconds = Float(milliseconds) / 1000
    }
    guidance.leastSaving =
      try reader.optionalNumber("least_saving", in: 0...1) ?? guidance.leastSaving
    try reader.finish()
    return guidance
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    switch model {
    case .perturbed(let spread):
      writer.member("model", .text(ModelName.perturbed.rawValue))
      writer.member("spread", .number(spread))
    case .logit(let choice):
      writer.member("model", .text(ModelName.logit.rawValue))
      writer.member("alternatives", .integer(Int64(choice.limits.count)))
      writer.member("detour", .number(choice.limits.detour))
      writer.member("overlap", .number(choice.limits.overlap))
      writer.member("scale_per_min", .number(choice.scalePerMinute))
      writer.member("path_size_weight", .number(choice.pathSizeWeight))
      writer.key("pre_run")
      writer.beginObject()
      writer.member("iterations", .integer(Int64(preRun.iterations)))
      writer.member("target_gap", .number(preRun.targetGap))
      writer.member(
        "interval", .text(DurationText.text(milliseconds: preRun.intervalMilliseconds)))
      writer.member("most_trips", .integer(Int64(preRun.mostTrips)))
      writer.endObject()
    }
    writer.key("guidance")
    writer.beginObject()
    writer.member("share", .number(guidance.share))
    writer.member(
      "interval",
      .text(DurationText.text(milliseconds: Int64((guidance.intervalSeconds * 1000).rounded()))))
    writer.member("least_saving", .number(guidance.leastSaving))
    writer.endObject()
    writer.endObject()
  }
}
