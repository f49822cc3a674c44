import CityBase

/// What shapes a gravity model.
public struct GravitySettings: Sendable {
  public enum Total: Sendable, Hashable {
    /// Exactly so many trips.
    case trips(Int)
    /// Car trips of a person on a whole day; the window takes its share by the `DailyPattern`.
    case perPersonAndDay(Double)
  }

  public enum Impedance: String, Sendable, CaseIterable {
    /// Minutes along the fastest way in an empty network.
    case travelTime = "travel_time"
    /// Kilometres along that way.
    case distance
  }

  public var total: Total
  /// When trips may start, in milliseconds from the start of the run's clock.
  public var window: Range<Int64>
  /// The shape within the window; nil takes that of the `DailyPattern`.
  public var profile: DepartureProfile?
  public var impedance = Impedance.travelTime
  /// How fast trips grow rare with impedance, for a minute or a kilometre: 0 or more. 0.1 a minute
  /// is a usual value of calibrated models for car trips in a city.
  public var beta = 0.1
  /// Where given, beta is found so that trips are so long on average. Metres along the road.
  public var meanDistanceMeters: Double?
  /// Pairs of zones nearer than this along the road exchange no trips. Metres.
  public var minimumDistanceMeters = 0.0
  /// Of the Furness balancing.
  public var iterations = 30
  /// The first part of every trip's name.
  public var prefix = "gravity"
  public var pattern = DailyPattern.weekday

  public init(total: Total, window: Range<Int64>) {
    self.total = total
    self.window = window
  }

  /// More trips than this are refused.
  public static let tripLimit = 20_000_000

  /// Refuses numbers that no model can have.
  func check() throws(CityError) {
    switch total {
    case .trips(let n):
      guard (0...Self.tripLimit).contains(n) else {
        throw .refused("expected 0 to \(Self.tripLimit) trips, found \(n)")
      }
    case .perPersonAndDay(let rate):
      guard (0...100).contains(rate) else {
        throw .refused("expected 0 to 100 trips per person and day, found \(rate)")
      }
    }
    guard beta >= 0, beta.isFinite else {
      throw .refused("expected a beta of 0 or more, found \(beta)")
    }
    if let mean = meanDistanceMeters, !(mean > 0 && mean <= 1e7) {
      throw .refused("expected a mean distance above 0 m and up to 10,000 km, found \(mean)")
    }
    guard minimumDistanceMeters >= 0, minimumDistanceMeters.isFinite else {
      throw .refused("expected a minimum distance of 0 m or more, found \(minimumDistanceMeters)")
    }
    guard !window.isEmpty, window.lowerBound > -(1 << 50), window.upperBound < 1 << 50 else {
      throw .refused("the window of departures is empty")
    }
  }
}

/// Distances and times between all pairs of zones, row by row.
public struct ZoneSkim: Sendable, Equatable {
  /// Metres along the fastest way; infinite where there is none.
  public var meters: [Double]
  /// Seconds along the fastest way in an empty network.
  public var seconds: [Double]
  public var zoneCount: Int

  /// Misfitting arrays are a programmer's mistake; they give a skim in which nothing is reachable.
  public init(zoneCount: Int, meters: [Double], seconds: [Double]) {
    let cells = zoneCount * zoneCount
    let fits = meters.count == cells && seconds.count == cells
    self.zoneCount = zoneCount
    self.meters = fits ? meters : Array(repeating: .infinity, count: cells)
    self.seconds = fits ? seconds : Array(repeating: .infinity, count: cells)
  }

  /// How much longer a way by road is than the crow's flight, where no network is asked.
  static let detour = 1.3

  /// Metres driven within a zone: the mean distance of two random points of a square is 0.5214 of
  /// its side (a classic of geometric probability), times the detour.
  static func metersWithin(_ zone: Zone) -> Double {
    0.5214 * zone.area.squareRoot() * detour
  }

  /// As the crow flies, times 1.3, at 30 km/h.
  public static func straight(_ zones: ZoneSystem) -> ZoneSkim {
    var meters: [Double] = []
    for (i, a) in zones.zones.values.enumerated() {
      for (j, b) in zones.zones.values.enumerated() {
        meters.append(i == j ? metersWithin(a) : a.center.distance(to: b.center) * detour)
      }
    }
    return ZoneSkim(
      zoneCount: zones.count, meters: meters, seconds: meters.map { $0 / (30 / 3.6) })
  }
}
