import CityBase

/// How departures spread over time: pieces, each with a share that falls evenly within it.
public struct DepartureProfile: Sendable, Hashable {
  public struct Interval: Sendable, Hashable {
    /// Milliseconds from the start of the run's clock.
    public var from: Int64
    /// Later than `from`.
    public var to: Int64
    /// 0 or more, in any unit: shares are taken relative to their sum.
    public var share: Double
    public init(from: Int64, to: Int64, share: Double) {
      self.from = from
      self.to = to
      self.share = share
    }
  }

  /// By time, without overlap.
  public let intervals: [Interval]
  private let choice: WeightedChoice

  /// Checks the pieces and puts them in order of time. Refuses no piece, a piece that ends before
  /// it begins, overlaps, shares below 0, and shares that are all 0.
  public init(_ intervals: [Interval]) throws(CityError) {
    let limit: Int64 = 1 << 50
    for (i, piece) in intervals.enumerated() {
      let place = "departure profile, piece \(i + 1)"
      guard piece.from < piece.to, piece.from > -limit, piece.to < limit else {
        throw .refused("expected an end after the begin", place: place)
      }
      guard piece.share.isFinite, piece.share >= 0 else {
        throw .refused("expected a share of 0 or more, found \(piece.share)", place: place)
      }
    }
    let sorted = intervals.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    for (a, b) in zip(sorted, sorted.dropFirst()) where a.to > b.from {
      throw .refused("two pieces of the departure profile overlap")
    }
    choice = WeightedChoice(sorted.map(\.share))
    guard choice.total > 0, choice.total.isFinite else {
      throw .refused("expected a departure profile with a share above 0")
    }
    self.intervals = sorted
  }

  /// Even departures over one stretch of time.
  public static func uniform(from: Int64, to: Int64) throws(CityError) -> DepartureProfile {
    try DepartureProfile([Interval(from: from, to: to, share: 1)])
  }

  /// Pieces of equal length from a start on, one for each weight.
  public static func weights(_ weights: [Double], from: Int64, pieceMilliseconds: Int64)
    throws(CityError) -> DepartureProfile
  {
    var at = from
    var intervals: [Interval] = []
    for w in weights {
      let (next, overflow) = at.addingReportingOverflow(pieceMilliseconds)
      guard !overflow else { throw .refused("the departure profile is too long") }
      intervals.append(Interval(from: at, to: next, share: w))
      at = next
    }
    return try DepartureProfile(intervals)
  }

  /// The first and the last moment.
  public var range: Range<Int64> {
    (intervals.first?.from ?? 0)..<(intervals.last?.to ?? 0)
  }

  /// The departure of someone whose random number is `unit`, in [0, 1): whole milliseconds. One
  /// number both chooses the piece and places the departure within it.
  public func milliseconds(at unit: Double) -> Int64 {
    guard let i = choice.pick(unit) else { return range.lowerBound }
    let piece = intervals[i]
    let before = i > 0 ? choice.cumulative[i - 1] : 0
    let share = choice.cumulative[i] - before
    let within = share > 0 ? Swift.min(1, Swift.max(0, (unit * choice.total - before) / share)) : 0
    let length = Double(piece.to - piece.from)
    return Swift.min(piece.to - 1, piece.from + Int64(within * length))
  }
}
