import CityBase

/// Trips between zones by a doubly constrained gravity model: T = A O B D exp(-beta c).
///
/// Wilson, A. G. (1967), "A statistical theory of spatial distribution models", Transportation
/// Research 1, 253-269; balanced after Furness (1965); beta calibrated to the mean trip length as
/// in Ortuzar and Willumsen, Modelling Transport, chapter 5. Each purpose has a matrix of its own:
/// it starts from where people live and ends where its activity is, and the way home the other way
/// round. All purposes share one beta.
public struct GravityModel: Sendable {
  public let settings: GravitySettings
  public let zones: ZoneSystem
  /// For a minute or a kilometre; that of the settings, or the calibrated one.
  public private(set) var beta: Double
  /// Metres along the road, over all trips of the model.
  public private(set) var meanDistanceMeters = 0.0
  /// How many trips it has.
  public private(set) var tripCount: Int
  /// Of all trips, when they depart.
  public let departures: DepartureProfile
  /// Traffic over the edge of the city, where the model has any.
  public let edge: EdgeTraffic?
  /// Vehicles an hour of trips within the city, as surveys have it: what `edge` is measured
  /// against.
  public let internalVehiclesPerHour: Double
  let skim: ZoneSkim
  /// Share of each purpose in the window, in the order of `TripPurpose`; the sum is 1.
  let purposeShares: [Double]
  let profiles: [DepartureProfile?]
  /// Of those on their way home, where they come from.
  private let originShares: [Double]
  /// The window's traffic an hour as a share of that in the busiest hour of the day.
  let edgeHourShare: Double
  /// Where trips of each purpose set out and end, in the order of `TripPurpose`.
  private var ends: (origins: [[Double]], destinations: [[Double]]) = ([], [])
  /// Balanced matrices by purpose, each with a sum of 1; empty where the purpose has no trips.
  private(set) var matrices: [[Double]] = []

  /// Builds and balances the model. Refuses settings that make no sense, a city without zones or
  /// whose pairs are all excluded, and a rate per person where nothing is known of people.
  ///
  /// With `edge`, a part of the trips comes in, goes out or passes through: each in its proportion
  /// to what residents drive within the city.
  public init(
    zones: ZoneSystem, skim: ZoneSkim, settings: GravitySettings, epoch: Instant,
    edge: EdgeTraffic? = nil, diagnostics: inout Diagnostics
  ) throws(CityError) {
    try settings.check()
    guard zones.count > 0, skim.zoneCount == zones.count else {
      throw .refused("the gravity model has no zones")
    }
    self.settings = settings
    self.zones = zones
    self.skim = skim
    beta = settings.beta
    let pattern = settings.pattern
    let whole: DepartureProfile
    if let given = settings.profile {
      whole = given
    } else {
      whole = try pattern.profile(over: settings.window, epoch: epoch)
    }
    var weights: [Double] = []
    var profiles: [DepartureProfile?] = []
    for purpose in TripPurpose.allCases.indices {
      let piece = try? pattern.weighted(whole, epoch: epoch) { pattern.purposeShare[$0][purpose] }
      profiles.append(piece)
      weights.append(piece?.intervals.reduce(0) { $0 + $1.share } ?? 0)
    }
    let sum = weights.reduce(0, +)
    purposeShares = weights.map { $0 / sum }
    self.profiles = profiles
    departures = whole
    self.edge = edge
    originShares = pattern.originShares(over: whole, epoch: epoch)
    let hours = Double(settings.window.upperBound - settings.window.lowerBound) / 3_600_000
    let dayShare = pattern.dayShare(of: settings.window, epoch: epoch)
    internalVehiclesPerHour =
      zones.population * DailyPattern.carTripsPerPersonAndDay * dayShare / hours
      * (edge.map { EdgeTraffic.internalShare($0.reachMeters) } ?? 1)
    edgeHourShare = dayShare / hours / max(pattern.hourShare.max() ?? 1, .leastNormalMagnitude)
    switch settings.total {
    case .trips(let n): tripCount = n
    case .perPersonAndDay(let rate):
      let n = zones.population * rate * dayShare
      guard n >= 0, n <= Double(GravitySettings.tripLimit) else {
        throw .refused("the gravity model has \(n) trips, more than \(GravitySettings.tripLimit)")
      }
      tripCount = Int(n.rounded())
      if !zones.populationIsKnown {
        diagnostics.note(
          "population-estimated",
          "the city has no figures of population; \(zones.population.rounded()) people are an "
            + "estimate from floor area or roads")
      }
    }
    try balance(diagnostics: &diagnostics)
  }

  private mutating func balance(diagnostics: inout Diagnostics) throws(CityError) {
    var solver = GravitySolver(
      zones: zones, skim: skim, settings: settings, purposeShares: purposeShares,
      originShares: originShares)
    ends = (solver.productions, solver.attractions)
    guard solver.hasPairs else {
      throw .refused(
        "no two zones are \(settings.minimumDistanceMeters) m or more apart along the road")
    }
    if let target = settings.meanDistanceMeters {
      beta = solver.calibrate(to: target, iterations: settings.iterations)
    }
    meanDistanceMeters = solver.balance(beta: beta, iterations: settings.iterations)
    matrices = solver.matrices
    if let target = settings.meanDistanceMeters,
      abs(meanDistanceMeters - target) > 0.02 * target
    {
      diagnostics.warn(
        "mean-distance",
        "trips of \(Int(target.rounded())) m on average do not fit this city; the nearest that the "
          + "gravity model reaches is \(meanDistanceMeters.rounded()) m")
    }
  }

  /// Weight of each zone as an origin, and as a destination, of trips of a purpose.
  func originWeights(_ purpose: TripPurpose) -> [Double] { ends.origins[Int(purpose.rawValue)] }
  func destinationWeights(_ purpose: TripPurpose) -> [Double] {
    ends.destinations[Int(purpose.rawValue)]
  }

  /// The same model with another number of trips, 0 to `GravitySettings.tripLimit`. Trip number k
  /// stays as it is.
  public func with(tripCount: Int) -> GravityModel {
    var other = self
    other.tripCount = max(0, min(tripCount, GravitySettings.tripLimit))
    return other
  }

  /// The trips of a purpose between two zones, as the balanced matrix has them.
  public func expectedTrips(_ purpose: TripPurpose, from: ZoneID, to: ZoneID) -> Double {
    let p = Int(purpose.rawValue)
    guard from.isSome, to.isSome, from.index < zones.count, to.index < zones.count,
      !matrices[p].isEmpty
    else { return 0 }
    return matrices[p][from.index * zones.count + to.index] * purposeShares[p] * Double(tripCount)
  }
}
