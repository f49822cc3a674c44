import CityBase

/// The way on foot between a bay and the destination.
enum Walking {
  /// Metres of way for each metre in a straight line. On a square grid of streets it is 4/π = 1.27
  /// in the mean over all directions.
  static let detour = 1.3
  /// Metres a second, the mean of free walking (Weidmann 1993).
  static let speed = 1.34

  /// Metres on foot over a straight distance.
  static func meters(straight: Double) -> Double { straight * detour }
  /// Seconds on foot for some metres of way.
  static func seconds(meters: Double) -> Double { meters / speed }
}
