import CityBase
import CitySimulation

extension ParkingDomain {
  /// The group `parking`, over the trips due within the measured window:
  ///
  /// - `arrivals`: drivers whose search has ended, in a bay, in the lane or by giving up;
  /// - `mean_search_s`, `p50_search_s`, `p90_search_s`: from the first refusal to that end, 0 for
  ///   who was never refused, over the arrivals;
  /// - `cruising_share`: the share of arrivals refused at least once;
  /// - `mean_walk_m`: from the bay to the destination, over those who parked;
  /// - `mean_occupancy`: the share of bays with a car in them, over the window;
  /// - `turnover`: cars parked for each bay;
  /// - `refused`: how often a driver came upon a facility that was full or closed;
  /// - `gave_up`: drivers who left without a space; `violations`: those who double-parked;
  /// - `revenue_cny`: fees for the whole stays of those who parked.
  public func metrics() -> [MetricGroup] {
    let sums = ParkingSums(self)
    let bayCount = Double(max(1, bays.bayCount))
    let occupied = meter.mean(cars: bays.allOccupied, at: now)
    return [
      MetricGroup(
        "parking",
        [
          Property("arrivals", .integer(Int64(sums.searches.count))),
          Property("mean_search_s", .number(sums.meanSearch, decimals: 2)),
          Property("p50_search_s", .number(sums.search(percent: 50), decimals: 2)),
          Property("p90_search_s", .number(sums.search(percent: 90), decimals: 2)),
          Property("cruising_share", .number(sums.share(of: sums.cruised), decimals: 4)),
          Property("mean_walk_m", .number(sums.meanWalk, decimals: 1)),
          Property("mean_occupancy", .number(occupied / bayCount, decimals: 4)),
          Property("turnover", .number(Double(sums.parked) / bayCount, decimals: 4)),
          Property("refused", .integer(Int64(sums.refused))),
          Property("gave_up", .integer(Int64(sums.gaveUp))),
          Property("violations", .integer(Int64(sums.doubleParked))),
          Property("revenue_cny", .number(sums.revenue, decimals: 2)),
        ])
    ]
  }
}

/// Sums over the drivers whose trips were due within the measured window.
struct ParkingSums {
  /// Seconds of every arrival, ascending.
  private(set) var searches: [Double] = []
  private(set) var cruised = 0
  private(set) var parked = 0
  private(set) var doubleParked = 0
  private(set) var gaveUp = 0
  private(set) var refused = 0
  private(set) var revenue = 0.0
  private var walk = 0.0

  init(_ domain: ParkingDomain) {
    let step = domain.clock.stepSeconds
    for (v, driver) in domain.drivers.enumerated()
    where domain.meter.window.contains(domain.trips[v].departureMilliseconds) {
      refused += Int(driver.refusals)
      guard driver.outcome.isArrival else { continue }
      searches.append(Double(driver.searchTicks) * step)
      if driver.refusals > 0 { cruised += 1 }
      switch driver.outcome {
      case .parked:
        parked += 1
        walk += driver.walkMeters
        revenue += driver.feeCNY
      case .doubleParked: doubleParked += 1
      case .gaveUp: gaveUp += 1
      case .none, .nowhere: break
      }
    }
    searches.sort()
  }

  var meanSearch: Double {
    searches.isEmpty ? 0 : searches.reduce(0, +) / Double(searches.count)
  }
  var meanWalk: Double { parked > 0 ? walk / Double(parked) : 0 }

  func share(of count: Int) -> Double {
    searches.isEmpty ? 0 : Double(count) / Double(searches.count)
  }

  /// The least value that so many percent of the arrivals do not exceed (nearest rank).
  func search(percent: Int) -> Double {
    guard !searches.isEmpty else { return 0 }
    let rank = (searches.count * percent + 99) / 100
    return searches[max(1, min(searches.count, rank)) - 1]
  }
}
