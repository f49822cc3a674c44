import CityBase

/// Whether drivers may turn towards the kerb at red, after they have stopped.
enum TurnOnRed {
  /// What is usual at a place, in degrees. In the United States all states allow it since 1980 (the
  /// Energy Policy and Conservation Act of 1975 asked for it), Canada and Mexico do so in general;
  /// hardly any other country does without a sign of its own at the junction, and where one does
  /// (China) a box of degrees cannot tell it from its neighbours. New York and Montreal, which forbid
  /// it, are not told apart.
  static func isUsual(at degrees: Point2) -> Bool {
    (14.5...72).contains(degrees.y) && (-168 ... -52).contains(degrees.x)
  }
}
