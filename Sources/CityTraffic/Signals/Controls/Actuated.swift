import CityBase
import CityText

/// Greens as long as vehicles come, within a minimum and a maximum: fully actuated control with one
/// loop a lane (FHWA Signal Timing Manual, 2008, chapter 5).
///
/// A green rests while nobody else is waiting. Once another stage is called, it ends when the time
/// since the last vehicle left a loop has reached the extension (gap-out), or when the call has
/// waited for the maximum green (max-out). The next stage is the first in the order of the plan that
/// is called; those that nobody waits for are skipped. Without `skip` every stage follows in turn,
/// whoever waits, and the maximum counts from the start of the green, as in SUMO's actuated programs.
public struct Actuated: SignalControl {
  public static let typeName = "actuated"

  /// Seconds without a vehicle on the loops after which a green may end: 3 s, the maximum allowable
  /// headway of the FHWA Signal Timing Manual, 2008, section 5.4.3, and SUMO's `max-gap`.
  public var extensionSeconds = 3.0
  /// Metres from the stop line to the end of the loop; nil for `detectorSeconds` of travel.
  public var detectorMeters: Double?
  /// The same as seconds of travel at the limit: 2 s, SUMO's `detector-gap`, so that who has passed
  /// the loop as the green ends is too near to stop.
  public var detectorSeconds = 2.0
  /// Metres of a loop along the lane. A line (0) may lie between two cars of a queue and then sees
  /// nobody, as SUMO's do.
  public var detectorLengthMeters = Double(SignalDetection.usualLoopLength)
  /// Whether stages that nobody waits for are left out.
  public var skips = true

  public init() {}

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    extensionSeconds = try reader.optionalNumber("extension_s", in: 0.5...30) ?? extensionSeconds
    detectorMeters = try reader.optionalNumber("detector_m", in: 0...500)
    if let seconds = try reader.optionalNumber("detector_s", in: 0...20) {
      guard detectorMeters == nil else {
        throw reader.error("detector_s", "expected \"detector_m\" or \"detector_s\", found both")
      }
      detectorSeconds = seconds
    }
    detectorLengthMeters =
      try reader.optionalNumber("detector_length_m", in: 0...50) ?? detectorLengthMeters
    skips = try reader.optionalBool("skip") ?? skips
  }

  public var parameters: [Property] {
    [
      Property("extension_s", .number(extensionSeconds, decimals: 3)),
      detectorMeters.map { Property("detector_m", .number($0, decimals: 3)) }
        ?? Property("detector_s", .number(detectorSeconds, decimals: 3)),
      Property("detector_length_m", .number(detectorLengthMeters, decimals: 3)),
      Property("skip", .bool(skips)),
    ]
  }

  public var detection: SignalDetection {
    SignalDetection(
      loopMeters: Float(detectorMeters ?? 0),
      loopSeconds: detectorMeters == nil ? Float(detectorSeconds) : 0,
      loopLength: Float(detectorLengthMeters), restsWhenEmpty: skips)
  }

  public func nextStage(_ view: SignalView) -> Int? {
    let hasGap = view.gap >= Int64((extensionSeconds * 1000).rounded())
    guard skips else {
      let isOver = hasGap || view.green >= view.maximumGreen(view.stage)
      return isOver ? view.plan.stage(after: view.stage) : nil
    }
    guard let next = view.nextCalled else { return nil }
    return hasGap || view.calledFor >= view.maximumGreen(view.stage) ? next : nil
  }
}
