import CityBase
import CityDemand
import CityModel
import CityText

/// What drivers think a yuan, a minute and a step are worth.
public struct DriverSettings: Sendable, Hashable {
  /// Yuan an hour, the mean over drivers. The default is about half of an urban hourly wage, the
  /// usual rule for private trips (Small and Verhoef 2007, section 2.6).
  public var valueOfTimeCNYPerHour = 30.0
  /// The spread of the value of time: standard deviation over mean, of a lognormal distribution.
  public var valueOfTimeSpread = 0.5
  /// How many times worse walking is than driving. The default is what meta-analyses of the value
  /// of time find for walking, about 2 (Wardman 2004).
  public var walkingWeight = 2.0
  /// The scale of each driver's own taste for each facility, in yuan: Gumbel's distribution.
  public var tasteCNY = 1.0

  public init() {}

  init(_ reader: inout JSONObjectReader) throws(CityError) {
    valueOfTimeCNYPerHour =
      try reader.optionalNumber("value_of_time_cny_h", in: 0...10_000) ?? valueOfTimeCNYPerHour
    valueOfTimeSpread =
      try reader.optionalNumber("value_of_time_spread", in: 0...3) ?? valueOfTimeSpread
    walkingWeight = try reader.optionalNumber("walking_weight", in: 0...20) ?? walkingWeight
    tasteCNY = try reader.optionalNumber("taste_cny", in: 0...1000) ?? tasteCNY
    try reader.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("value_of_time_cny_h", valueOfTimeCNYPerHour)
    writer.member("value_of_time_spread", valueOfTimeSpread)
    writer.member("walking_weight", walkingWeight)
    writer.member("taste_cny", tasteCNY)
    writer.endObject()
  }
}

/// How long people stay at their destination.
public struct StaySettings: Sendable, Hashable {
  /// The form of the distribution around the mean of each purpose.
  public enum Form: String, Sendable, CaseIterable {
    /// With a standard deviation of `spread` means.
    case lognormal
    case exponential
  }

  public var form = Form.lognormal
  /// Standard deviation over mean of the lognormal form, 0 to 3.
  public var spread = 0.6
  /// Milliseconds by the raw value of the purpose. The defaults are round figures of this project
  /// in the range that household travel surveys report; a scenario with counts of its own should
  /// set them.
  public var meanMilliseconds: [Int64] = TripPurpose.allCases.map(Self.usualMean)

  public init() {}

  init(_ reader: inout JSONObjectReader) throws(CityError) {
    form = try reader.optionalChoice("form") ?? form
    spread = try reader.optionalNumber("spread", in: 0...3) ?? spread
    for purpose in TripPurpose.allCases {
      let i = Int(purpose.rawValue)
      meanMilliseconds[i] =
        try reader.optionalMilliseconds("\(purpose)", in: 1000...7 * 86_400_000)
        ?? meanMilliseconds[i]
    }
    try reader.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("form", form.rawValue)
    writer.member("spread", spread)
    for purpose in TripPurpose.allCases {
      writer.member(
        "\(purpose)", DurationText.text(milliseconds: meanMilliseconds[Int(purpose.rawValue)]))
    }
    writer.endObject()
  }

  private static func usualMean(_ purpose: TripPurpose) -> Int64 {
    let minute: Int64 = 60_000
    return switch purpose {
    case .work: 480 * minute
    case .education: 300 * minute
    case .shopping: 75 * minute
    case .leisure: 120 * minute
    case .business: 90 * minute
    case .home: 720 * minute
    case .other: 60 * minute
    }
  }
}

/// What those do who have found no space.
public struct DoubleParkingSettings: Sendable, Hashable {
  /// The share, 0 to 1, who stop in the lane at their destination; the others drive home.
  public var share = 0.2
  /// How long they stand there: the mean of an exponential distribution, in milliseconds.
  public var meanMilliseconds: Int64 = 600_000
  /// Metres of the lane that are left: a car of 1.8 m in a lane of 3 m.
  public var residualWidth = 1.2

  public init() {}

  init(_ reader: inout JSONObjectReader) throws(CityError) {
    share = try reader.optionalNumber("share", in: 0...1) ?? share
    meanMilliseconds =
      try reader.optionalMilliseconds("mean", in: 1000...86_400_000) ?? meanMilliseconds
    residualWidth = try reader.optionalNumber("residual_width_m", in: 0...10) ?? residualWidth
    try reader.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("share", share)
    writer.member("mean", DurationText.text(milliseconds: meanMilliseconds))
    writer.member("residual_width_m", residualWidth)
    writer.endObject()
  }
}

/// Cars that are parked when the run begins. They leave one after the other.
public struct InitialOccupancy: Sendable, Hashable {
  /// The share of bays taken, 0 to 1, by type.
  public var garage = 0.4
  public var surface = 0.4
  public var kerb = 0.6
  /// How long they stay on: the mean of an exponential distribution, in milliseconds.
  public var meanMilliseconds: Int64 = 7_200_000

  public init() {}

  init(_ reader: inout JSONObjectReader) throws(CityError) {
    garage = try reader.optionalNumber("garage", in: 0...1) ?? garage
    surface = try reader.optionalNumber("surface", in: 0...1) ?? surface
    kerb = try reader.optionalNumber("kerb", in: 0...1) ?? kerb
    meanMilliseconds =
      try reader.optionalMilliseconds("mean", in: 1000...7 * 86_400_000) ?? meanMilliseconds
    try reader.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("garage", garage)
    writer.member("surface", surface)
    writer.member("kerb", kerb)
    writer.member("mean", DurationText.text(milliseconds: meanMilliseconds))
    writer.endObject()
  }

  /// The cars in a facility at the start: its share of the bays, rounded.
  func cars(in supply: ParkingSupply) -> Int {
    let share: Double =
      switch supply.type {
      case .garage: garage
      case .surface: surface
      case .kerb: kerb
      }
    let capacity = supply.usableCapacity
    return Int(exactly: (min(1, max(0, share)) * Double(capacity)).rounded()) ?? 0
  }
}

extension JSONObjectReader {
  /// A duration such as `90s` in milliseconds within a range; nil where absent.
  mutating func optionalMilliseconds(_ key: String, in range: ClosedRange<Int64>)
    throws(CityError) -> Int64?
  {
    guard let text = try optionalString(key) else { return nil }
    guard let duration = DurationText.milliseconds(text), range.contains(duration) else {
      throw error(
        key,
        "expected a duration from \(DurationText.text(milliseconds: range.lowerBound)) to "
          + "\(DurationText.text(milliseconds: range.upperBound)), found \"\(text)\"")
    }
    return duration
  }
}
