import CityBase

/// How well a run agrees with counts, in the figures that traffic planners use.
///
/// GEH is the square root of 2 (m - c)² / (m + c) of hourly volumes m (model) and c (count), after
/// Geoffrey E. Havers; UK guidance (DMRB volume 12, section 2.1) asks for less than 5 at 85 % of the
/// sites. Counts over other than an hour are turned into hourly volumes first.
public struct CountComparison: Sendable {
  /// One site in one hour.
  public struct SiteHour: Sendable {
    public var site: String
    public var begin: Instant
    public var end: Instant
    /// Vehicles.
    public var observed: Double
    public var modelled: Double
    /// What part of the time between is counted, in hours.
    public var hours: Double

    public var observedPerHour: Double { observed / hours }
    public var modelledPerHour: Double { modelled / hours }
    public var geh: Double {
      CountComparison.geh(modelled: modelledPerHour, observed: observedPerHour)
    }
  }

  /// By site in the order of the table, hour after hour.
  public let siteHours: [SiteHour]
  /// Where the sites are, in degrees of longitude and latitude.
  public let places: [String: Point2]

  /// Vehicles an hour, 0 or more. Nobody counted and nobody modelled agree.
  public static func geh(modelled m: Double, observed c: Double) -> Double {
    m + c > 0 ? (2 * (m - c) * (m - c) / (m + c)).squareRoot() : 0
  }

  /// Refuses a site that the run does not know, and intervals that are not made up of whole ones of
  /// the run.
  public init(_ observed: ObservedCounts, _ run: ModelledCounts) throws(CityError) {
    var hours: [SiteHour] = []
    var open: [String: [Int64: Int]] = [:]
    var sites: [String: Int] = [:]
    var detectors: Set<String> = []
    var links: Set<String> = []
    for entry in observed.entries {
      let (value, isDetector) = try run.count(entry, in: observed.file)
      if isDetector { detectors.insert(entry.site) } else { links.insert(entry.site) }
      if sites[entry.site] == nil { sites[entry.site] = sites.count }
      let begin = run.epoch.advanced(byMilliseconds: entry.interval.lowerBound)
      let end = run.epoch.advanced(byMilliseconds: entry.interval.upperBound)
      let length =
        Double(entry.interval.upperBound - entry.interval.lowerBound) / 3_600_000
      // Shorter counts of one clock hour belong together.
      let hour = Self.hour(begin)
      if length < 1, Self.hour(end.advanced(byMilliseconds: -1)) == hour {
        if let i = open[entry.site]?[hour] {
          hours[i].observed += entry.count
          hours[i].modelled += value
          hours[i].hours += length
          hours[i].begin = min(hours[i].begin, begin)
          hours[i].end = max(hours[i].end, end)
          continue
        }
        open[entry.site, default: [:]][hour] = hours.count
      }
      hours.append(
        SiteHour(
          site: entry.site, begin: begin, end: end, observed: entry.count, modelled: value,
          hours: length))
    }
    siteHours = hours.sorted {
      (sites[$0.site] ?? 0, $0.begin.millisecondsSince1970)
        < (sites[$1.site] ?? 0, $1.begin.millisecondsSince1970)
    }
    places = try run.places(detectors: detectors, links: links)
  }

  init(siteHours: [SiteHour], places: [String: Point2] = [:]) {
    self.siteHours = siteHours
    self.places = places
  }

  /// The local clock hour, counted from some midnight.
  private static func hour(_ instant: Instant) -> Int64 {
    let local = instant.millisecondsSince1970 + Int64(instant.zoneSeconds) * 1000
    return (local - (local % 3_600_000 + 3_600_000) % 3_600_000) / 3_600_000
  }

  /// The figures of all hours of a site together, sites in the order of the table.
  public var bySite: [SiteHour] {
    var found: [SiteHour] = []
    for hour in siteHours {
      if found.last?.site == hour.site {
        let i = found.count - 1
        found[i].observed += hour.observed
        found[i].modelled += hour.modelled
        found[i].hours += hour.hours
        found[i].end = max(found[i].end, hour.end)
      } else {
        found.append(hour)
      }
    }
    return found
  }
}

extension CountComparison {
  /// How many site-hours have a GEH below a limit.
  public func count(below limit: Double) -> Int { siteHours.count { $0.geh < limit } }

  /// Vehicles an hour: the root of the mean squared difference.
  public var rmse: Double {
    let squares = siteHours.map { ($0.modelledPerHour - $0.observedPerHour) }.map { $0 * $0 }
    return siteHours.isEmpty
      ? 0 : (squares.reduce(0, +) / Double(squares.count)).squareRoot()
  }

  /// Percent of the mean observed volume; nil where nobody was counted.
  public var rmsePercent: Double? {
    let mean = siteHours.map(\.observedPerHour).reduce(0, +) / Double(max(1, siteHours.count))
    return mean > 0 ? rmse / mean * 100 : nil
  }

  /// The straight line through modelled over observed hourly volumes by least squares; nil where all
  /// observed volumes are the same.
  public var regression: (slope: Double, intercept: Double, r2: Double)? {
    let n = Double(siteHours.count)
    guard n > 1 else { return nil }
    let meanX = siteHours.map(\.observedPerHour).reduce(0, +) / n
    let meanY = siteHours.map(\.modelledPerHour).reduce(0, +) / n
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for hour in siteHours {
      let (x, y) = (hour.observedPerHour - meanX, hour.modelledPerHour - meanY)
      xx += x * x
      xy += x * y
      yy += y * y
    }
    guard xx > 0 else { return nil }
    let slope = xy / xx
    return (slope, meanY - slope * meanX, yy > 0 ? xy * xy / (xx * yy) : 1)
  }

  public var totalObserved: Double { siteHours.map(\.observed).reduce(0, +) }
  public var totalModelled: Double { siteHours.map(\.modelled).reduce(0, +) }
}
