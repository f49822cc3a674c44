import CityBase

/// Between which gates somebody would pass through the city.
///
/// Nobody drives in to come out where they came from: the gates lie `leastMeters` apart; the way is
/// at most `detour` times as long as the crow's flight, or a way around the city would be taken; and
/// it does not leave against the direction in which it came. All three are this engine's round
/// figures; 1.3 is what roads usually are longer than the crow's flight.
public struct ThroughRule: Sendable {
  public var leastMeters = 300.0
  public var detour = 1.7
  /// Cosine of the angle between coming in and going out below which one has turned back: -0.7 is
  /// an angle of 135 degrees.
  public var turnedBack = -0.7

  public init() {}

  /// Whether a way of so many metres is plausible between two gates.
  func allows(
    from: Point2, heading: Point2, to: Point2, leaving: Point2, meters: Double
  ) -> Bool {
    let straight = from.distance(to: to)
    return meters.isFinite && straight >= leastMeters && meters <= detour * straight
      && heading.dot(leaving) > turnedBack
  }
}
