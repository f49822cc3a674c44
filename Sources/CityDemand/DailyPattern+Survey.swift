import CityBase

/// When and why people drive, as surveys have it.
///
/// - How often: 3.1 trips a person and day, 43 % of them at the wheel of a car, so 1.33 car trips;
///   purposes as shares of all trips: work 16 %, business 11 %, education 7 %, shopping 16 %,
///   errands 14 %, leisure 28 %, taking others along 8 % (Nobis, C. and Kuhnimhof, T. (2018),
///   Mobilitaet in Deutschland 2017, Ergebnisbericht).
/// - How many of each purpose are driven: round figures of this engine that add up to the survey's
///   43 % (`driven`). Half of those who take others along take them to a school or kindergarten and
///   count as education, the others as errands.
/// - At which hour: shopping by the hour is table NTS0502b of England's National Travel Survey
///   (Department for Transport, 2025; Monday to Friday); the ways to and from work and school are
///   round shapes of this engine, drawn through that table's peaks (commuting 13.6 % at 17 h,
///   taking children to school 31.2 % at 15 h); leisure, errands and business are round shapes.
/// - Which way: every way out has its way home, later; business trips lead from one place of work
///   to another.
enum TravelSurvey {
  /// Car trips a person and day.
  static let carTripsPerPersonAndDay = 3.1 * 0.43

  struct Purpose: Sendable {
    var purpose: TripPurpose
    /// Percent of all trips, by all means of travel.
    var percent: Double
    /// Share of them at the wheel.
    var driven: Double
    /// Weight of each of 24 hours for the way there, and for the way home; empty where there is none.
    var out: [Double]
    var home: [Double]
  }

  static let purposes: [Purpose] = [
    Purpose(
      purpose: .work, percent: 16, driven: 0.58,
      out: [
        0.3, 0.2, 0.2, 0.5, 2, 6.5, 17, 27, 24, 9, 3, 2,
        2.5, 3, 2, 1, 0.6, 0.6, 0.5, 0.3, 0.3, 0.3, 0.2, 0.2,
      ],
      home: [
        0.5, 0.3, 0.2, 0.2, 0.3, 0.3, 0.6, 0.6, 0.5, 0.6, 1, 2,
        5, 5, 6, 10.5, 19, 28.2, 13, 5, 2.5, 2, 1.8, 1.1,
      ]),
    Purpose(
      purpose: .education, percent: 7, driven: 0.1,
      out: [
        0, 0, 0, 0, 0, 0.5, 4, 30, 48, 7, 2.5, 1.5,
        1.5, 1.5, 1, 0.8, 0.6, 0.5, 0.4, 0.2, 0, 0, 0, 0,
      ],
      home: [
        0, 0, 0, 0, 0, 0, 0, 0.2, 0.3, 0.5, 1, 3,
        7, 8, 10, 42, 13, 8, 3, 1.5, 1, 1, 0.4, 0.1,
      ]),
    // Who takes a child to school, or fetches one, is on the way home at once.
    Purpose(
      purpose: .education, percent: 4, driven: 0.5,
      out: [
        0, 0, 0, 0, 0, 0.2, 1.5, 9, 33, 4.5, 1, 2,
        3, 2, 5, 30.5, 5, 3, 1, 0.4, 0.2, 0.2, 0, 0,
      ],
      home: [
        0, 0, 0, 0, 0, 0.1, 0.5, 4, 35, 8, 1.5, 2,
        3, 2, 3, 34.2, 7, 3.5, 1.2, 0.5, 0.3, 0.2, 0, 0,
      ]),
    Purpose(
      purpose: .shopping, percent: 16, driven: 0.45,
      out: shopping.enumerated().map { $1 * shoppingOutbound[$0] },
      home: shopping.enumerated().map { $1 * (1 - shoppingOutbound[$0]) }),
    Purpose(
      purpose: .leisure, percent: 28, driven: 0.3,
      out: [
        0.3, 0.2, 0.1, 0.1, 0.2, 0.6, 1, 1.5, 2.5, 5, 7, 6.5,
        5, 6, 8, 8.5, 9, 11, 11.5, 9, 4, 1.5, 0.9, 0.6,
      ],
      home: [
        2.2, 1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 0.8, 1.5, 2.5, 3.5, 5.5,
        6, 5, 5, 6.5, 8, 9, 8.5, 7.5, 7.5, 8, 6.5, 4.1,
      ]),
    Purpose(
      purpose: .business, percent: 11, driven: 0.65,
      out: [
        0.2, 0.2, 0.2, 0.3, 0.6, 2, 5, 8.5, 10.5, 11, 10.5, 9.5,
        8, 8, 8, 7, 5, 3, 1.3, 0.6, 0.3, 0.2, 0.1, 0.1,
      ],
      home: []),
    Purpose(
      purpose: .other, percent: 14 + 4, driven: 0.455,
      out: [
        0.1, 0, 0, 0, 0.2, 0.8, 2.5, 7, 11, 13, 12, 8.5,
        5.5, 6, 8, 8, 6.5, 5, 3.2, 1.6, 0.6, 0.3, 0.1, 0.1,
      ],
      home: [
        0.3, 0.1, 0, 0, 0.1, 0.3, 0.8, 2.2, 5, 7.5, 10, 11.5,
        10, 7.5, 7, 8.5, 9, 8.5, 5.5, 3, 1.5, 1, 0.5, 0.2,
      ]),
  ]

  /// Percent of a weekday's shopping trips, there and back, that start in each hour (NTS0502b, 7 h
  /// to 21 h); what is left of 100 is spread over the hours around.
  static let shopping: [Double] = [
    0, 0, 0, 0, 0, 0.1, 0.3, 1.0, 3.2, 7.2, 11.6, 13.0,
    11.0, 10.0, 8.9, 7.6, 7.2, 6.2, 5.4, 4.4, 1.8, 0.8, 0.2, 0.1,
  ]
  /// Share of those in each hour that are on the way there: shopping takes about an hour.
  private static let shoppingOutbound: [Double] = [
    0.5, 0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9, 0.8, 0.75, 0.65, 0.52,
    0.43, 0.45, 0.48, 0.46, 0.44, 0.42, 0.41, 0.33, 0.2, 0.05, 0, 0,
  ]

  /// Car trips of each purpose, the way home included: percent of all trips.
  static func carPercent(_ purpose: Purpose) -> Double { purpose.percent * purpose.driven }

  /// Trips that start in an hour, in percent of all trips of the day: there by purpose, and home
  /// by the purpose they come from.
  static func starts(in hour: Int) -> (out: [Double], home: [Double]) {
    var out = [Double](repeating: 0, count: TripPurpose.allCases.count)
    var home = out
    for entry in purposes {
      let i = Int(entry.purpose.rawValue)
      let trips = carPercent(entry)
      let hasReturn = !entry.home.isEmpty
      out[i] += trips * (hasReturn ? 0.5 : 1) * entry.out[hour] / entry.out.reduce(0, +)
      if hasReturn { home[i] += trips * 0.5 * entry.home[hour] / entry.home.reduce(0, +) }
    }
    return (out, home)
  }
}

extension DailyPattern {
  /// A weekday as surveys have it; see `TravelSurvey` for sources and assumptions.
  public static let survey = DailyPattern(TravelSurvey.self)

  /// Car trips of a person on a weekday that go with `survey`: 3.1 trips, 43 % of them at the wheel
  /// (Mobilitaet in Deutschland 2017).
  public static let carTripsPerPersonAndDay = TravelSurvey.carTripsPerPersonAndDay
}
