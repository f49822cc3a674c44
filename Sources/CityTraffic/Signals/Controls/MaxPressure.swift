import CityBase
import CityText

/// The stage that presses most: max pressure (P. Varaiya, "Max pressure control of a network of
/// signalized intersections", Transportation Research Part C 36, 2013).
///
/// The pressure of a stage is the sum, over the turns that it lets go, of the saturation flow times
/// the queue before the stop line less the mean queue of the turns that follow on the link beyond.
/// What the paper knows of turning shares is not known here: all turns of a link beyond count alike.
/// The queue of a turn is every vehicle bound for it within `reach_m` of its stop line. A turn that
/// may only go yielding counts half. The greatest pressure is looked for after the minimum green,
/// and every interval from then on; the stage that is green keeps its place among equals. A stage
/// that has been called and red for `longest_red_s` goes first, so that nobody waits for ever, which
/// the paper's theorem does not promise. While nobody is before the signal, it stays as it is.
public struct MaxPressure: SignalControl {
  public static let typeName = "max_pressure"

  /// Seconds between two decisions (assumed; the paper has one a cycle, later work 5 to 20 s).
  public var intervalSeconds = 5.0
  /// Metres before a stop line within which vehicles count (assumed: two dozen cars in a queue).
  public var reachMeters = 150.0
  /// Seconds (assumed: the longest cycle of the built plans, and a half).
  public var longestRedSeconds = 180.0

  public init() {}

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    intervalSeconds = try reader.optionalNumber("interval_s", in: 1...300) ?? intervalSeconds
    reachMeters = try reader.optionalNumber("reach_m", in: 10...2000) ?? reachMeters
    longestRedSeconds =
      try reader.optionalNumber("longest_red_s", in: 30...3600)
      ?? longestRedSeconds
  }

  public var parameters: [Property] {
    [
      Property("interval_s", .number(intervalSeconds, decimals: 3)),
      Property("reach_m", .number(reachMeters, decimals: 3)),
      Property("longest_red_s", .number(longestRedSeconds, decimals: 3)),
    ]
  }

  /// Who waits is asked for at the stop line: a car's length before it.
  public var detection: SignalDetection {
    SignalDetection(loopMeters: 5, loopSeconds: 0, restsWhenEmpty: true)
  }

  public func nextStage(_ view: SignalView) -> Int? {
    let interval = max(view.step, Int64((intervalSeconds * 1000).rounded()))
    guard (view.green - view.minimumGreen(view.stage)) % interval < view.step else { return nil }
    let others = view.plan.stages.indices.filter { $0 != view.stage }
    let longest = Int64((longestRedSeconds * 1000).rounded())
    let patient = others.filter { view.red($0) >= longest && view.isCalled($0) }
    if let first = patient.max(by: { (view.red($0), $1) < (view.red($1), $0) }) { return first }
    var best = (stage: view.stage, pressure: view.pressure(view.stage, reach: Float(reachMeters)))
    for other in others {
      let pressure = view.pressure(other, reach: Float(reachMeters))
      if pressure > best.pressure { best = (other, pressure) }
    }
    return best.stage == view.stage ? nil : best.stage
  }
}
