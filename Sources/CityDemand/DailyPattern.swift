import CityBase

/// What people travel for at which hour, and how much.
///
/// `weekday` holds this engine's own round assumptions for car trips: two peaks, work and school in
/// the morning, the way home from the afternoon on. `survey` holds what national surveys found. A
/// city with a survey of its own should replace them.
public struct DailyPattern: Sendable, Hashable {
  /// Share of the day's trips that start in each of 24 hours; the sum is 1.
  public let hourShare: [Double]
  /// Share of each purpose, in the order of `TripPurpose`, among the trips of each of 24 hours.
  public let purposeShare: [[Double]]
  /// Of those on their way home in each of 24 hours, the share that comes from each purpose, in the
  /// order of `TripPurpose` (an hour in which nobody goes home has zeros); nil for the same round
  /// shares all day.
  public let originShare: [[Double]]?
  /// Whether business trips lead from one place of work to another, rather than from home.
  public let businessStartsAtWork: Bool

  /// Checks that there are 24 hours with a weight for each purpose, none below 0 and none without
  /// any; weights may be in any unit.
  public init(hourWeights: [Double], purposeWeights: [[Double]]) throws(CityError) {
    let purposes = TripPurpose.allCases.count
    guard hourWeights.count == 24, purposeWeights.count == 24,
      purposeWeights.allSatisfy({ $0.count == purposes }),
      ([hourWeights] + purposeWeights).allSatisfy(Self.isDistribution)
    else {
      throw .refused("expected 24 hours with \(purposes) weights of 0 or more in each")
    }
    self.init(validHours: hourWeights, validPurposes: purposeWeights)
  }

  private init(validHours: [Double], validPurposes: [[Double]]) {
    func normalized(_ w: [Double]) -> [Double] {
      let sum = w.reduce(0, +)
      return w.map { $0 / sum }
    }
    hourShare = normalized(validHours)
    purposeShare = validPurposes.map(normalized)
    originShare = nil
    businessStartsAtWork = false
  }

  init(_ survey: TravelSurvey.Type) {
    let hours = (0..<24).map { survey.starts(in: $0) }
    let home = Int(TripPurpose.home.rawValue)
    let totals = hours.map { $0.out.reduce(0, +) + $0.home.reduce(0, +) }
    let day = totals.reduce(0, +)
    hourShare = totals.map { $0 / day }
    purposeShare = hours.indices.map { h in
      var shares = hours[h].out
      shares[home] = hours[h].home.reduce(0, +)
      return shares.map { $0 / max(totals[h], .leastNormalMagnitude) }
    }
    originShare = hours.map { hour in
      let sum = hour.home.reduce(0, +)
      return hour.home.map { sum > 0 ? $0 / sum : 0 }
    }
    businessStartsAtWork = true
  }

  private static func isDistribution(_ w: [Double]) -> Bool {
    let sum = w.reduce(0, +)
    return w.allSatisfy { $0 >= 0 && $0.isFinite } && sum > 0 && sum.isFinite
  }

  /// The weekday described above.
  public static let weekday = DailyPattern(
    validHours: [
      4, 2, 2, 2, 5, 17, 45, 83, 75, 52, 50, 53,
      55, 55, 58, 65, 78, 85, 70, 50, 38, 28, 18, 10,
    ],
    // work, education, shopping, leisure, business, home, other
    validPurposes: [
      [10, 0, 2, 13, 3, 65, 7], [10, 0, 2, 13, 3, 65, 7], [10, 0, 2, 13, 3, 65, 7],
      [30, 0, 2, 13, 3, 45, 7], [60, 0, 2, 6, 5, 20, 7], [75, 2, 2, 3, 5, 8, 5],
      [65, 8, 3, 3, 6, 8, 7], [55, 17, 4, 3, 6, 7, 8], [42, 16, 9, 5, 8, 9, 11],
      [20, 4, 24, 9, 12, 15, 16], [10, 3, 28, 11, 13, 20, 15], [8, 2, 25, 12, 12, 28, 13],
      [9, 3, 18, 12, 12, 34, 12], [13, 4, 17, 12, 12, 30, 12], [10, 4, 19, 13, 11, 31, 12],
      [6, 3, 18, 14, 9, 38, 12], [4, 2, 15, 13, 7, 48, 11], [3, 1, 14, 15, 5, 52, 10],
      [3, 1, 14, 20, 3, 50, 9], [4, 1, 10, 25, 2, 50, 8], [4, 1, 6, 25, 2, 55, 7],
      [5, 0, 3, 22, 2, 62, 6], [6, 0, 2, 18, 2, 66, 6], [8, 0, 2, 16, 2, 66, 6],
    ])

  /// Of those on their way home within a profile, the share that comes from each purpose.
  func originShares(over profile: DepartureProfile, epoch: Instant) -> [Double] {
    let usual = TripPurpose.allCases.map(Self.awayShare)
    guard let originShare else { return usual }
    let home = Int(TripPurpose.home.rawValue)
    var sums = [Double](repeating: 0, count: TripPurpose.allCases.count)
    for piece in profile.intervals {
      let length = Double(piece.to - piece.from)
      for part in hours(from: piece.from, to: piece.to, epoch: epoch) {
        let weight =
          piece.share * Double(part.to - part.from) / length * purposeShare[part.hour][home]
        for p in sums.indices { sums[p] += weight * originShare[part.hour][p] }
      }
    }
    let total = sums.reduce(0, +)
    return total > 0 ? sums.map { $0 / total } : usual
  }

  /// How many of those on their way home come from each purpose in `weekday`.
  static func awayShare(_ purpose: TripPurpose) -> Double {
    switch purpose {
    case .work: 0.4
    case .shopping: 0.2
    case .leisure: 0.15
    case .education, .other: 0.1
    case .business: 0.05
    case .home: 0
    }
  }

  static let hourMilliseconds: Int64 = 3_600_000

  /// The departures of a whole stretch of time by the day's own shape.
  func profile(over window: Range<Int64>, epoch: Instant) throws(CityError) -> DepartureProfile {
    let even = try DepartureProfile.uniform(from: window.lowerBound, to: window.upperBound)
    return try weighted(even, epoch: epoch) { hourShare[$0] }
  }

  /// The pieces of a profile, cut at full hours of the local day, each share times a weight of its
  /// hour.
  func weighted(_ profile: DepartureProfile, epoch: Instant, by weight: (Int) -> Double)
    throws(CityError) -> DepartureProfile
  {
    var out: [DepartureProfile.Interval] = []
    for piece in profile.intervals {
      for part in hours(from: piece.from, to: piece.to, epoch: epoch) {
        let fraction = Double(part.to - part.from) / Double(piece.to - piece.from)
        out.append(
          DepartureProfile.Interval(
            from: part.from, to: part.to, share: piece.share * fraction * weight(part.hour)))
      }
    }
    return try DepartureProfile(out)
  }

  /// The day's share of trips that falls into a stretch of time; more than 1 over several days.
  func dayShare(of window: Range<Int64>, epoch: Instant) -> Double {
    hours(from: window.lowerBound, to: window.upperBound, epoch: epoch).reduce(0) {
      $0 + hourShare[$1.hour] * Double($1.to - $1.from) / Double(Self.hourMilliseconds)
    }
  }

  /// A stretch of time cut at full hours of the local day; at most 90 days of it.
  private func hours(from: Int64, to: Int64, epoch: Instant)
    -> [(from: Int64, to: Int64, hour: Int)]
  {
    var out: [(from: Int64, to: Int64, hour: Int)] = []
    var at = from
    while at < to, out.count < 24 * 90 {
      let ofDay = epoch.advanced(byMilliseconds: at).millisecondOfDay
      let next = min(to, at + Self.hourMilliseconds - ofDay % Self.hourMilliseconds)
      out.append((at, next, Int(ofDay / Self.hourMilliseconds) % 24))
      at = next
    }
    return out
  }
}
