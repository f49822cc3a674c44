/// Speed limits as OpenStreetMap writes them, in km/h.
enum SpeedLimit {
  /// Where a limit ends: the advisory speed of German motorways.
  static let unlimited = 130.0
  /// Walking pace, as German courts read it.
  static let walk = 7.0
  static let kmhPerMile = 1.609344

  /// Reads one value: `50`, `50 km/h`, `30 mph`, `none`, `walk`, `DE:urban`, `FR:zone30`; of
  /// several (`50;70`) the lowest. Nil where it says nothing usable (`signals`, `variable`).
  static func kmh(_ text: String) -> Double? {
    if text.utf8.contains(59) || text.utf8.contains(124) {
      return text.split(whereSeparator: { $0 == ";" || $0 == "|" })
        .compactMap { one(String($0.drop { $0 == " " })) }.min()
    }
    return one(text)
  }

  private static func one(_ text: String) -> Double? {
    switch text {
    case "none", "unlimited": return unlimited
    case "walk", "walking", "footwalk", "living_street": return walk
    default: break
    }
    if let number = OSMNumber.leading(text) { return withUnit(number, OSMNumber.unit(text)) }
    return zone(text)
  }

  private static func withUnit(_ number: Double, _ unit: String) -> Double? {
    let kmh: Double
    switch unit {
    case "", "km/h", "kmh", "kph", "kmph": kmh = number
    case "mph": kmh = number * kmhPerMile
    case "knots": kmh = number * 1.852
    default: return nil
    }
    // A limit of 0 or of 900 is a slip of the keyboard.
    return kmh >= 1 && kmh <= 200 ? kmh : nil
  }

  /// Country and zone, `DE:urban`, `DE:zone:30`: the general limits of the road codes.
  static func zone(_ text: String) -> Double? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    // ISO 3166: a country, or a part of it with laws of its own, `BE-VLG`.
    let place = text[..<colon].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let country = place.first.map(String.init), (1...3).contains(country.utf8.count),
      country.allSatisfy({ $0.isLetter }),
      place.count == 1 || (1...3).contains(place[1].utf8.count)
    else { return nil }
    let rest = text[text.index(after: colon)...].lowercased()
    if let digit = rest.firstIndex(where: \.isNumber) { return one(String(rest[digit...])) }
    let limits = CountryLimits(country, region: place.count > 1 ? String(place[1]) : "")
    switch rest {
    case "urban", "urban_primary", "urban_secondary", "built_up", "nsl_restricted":
      return limits.urban
    case "rural", "nsl_single": return limits.rural
    case "trunk", "nsl_dual": return limits.trunk
    case "motorway": return limits.motorway
    case "living_street", "living", "woonerf", "pedestrian_zone": return limits.livingStreet
    case "walk": return walk
    case "bicycle_road", "cycle_street": return 30
    default: return nil
    }
  }
}

/// The general limits for cars of a country's road code, in km/h, after the table "Speed limits by
/// country" of the OpenStreetMap wiki and the codes themselves; for countries not listed, the most
/// frequent values.
struct CountryLimits {
  var urban = 50.0
  var rural = 90.0
  var trunk = 100.0
  var motorway = 130.0
  var livingStreet = 20.0

  init(_ country: String, region: String = "") {
    switch (country + (region.isEmpty ? "" : "-") + region).uppercased() {
    // Since 2017 in Flanders and 2021 in Brussels; Wallonia has the older limit.
    case "BE-WAL": set(50, 90, 120, 120, 20)
    case "BE-BRU": set(30, 70, 120, 120, 20)
    // Since September 2023.
    case "GB-WLS":
      let mile = SpeedLimit.kmhPerMile
      set(20 * mile, 60 * mile, 70 * mile, 70 * mile, 20 * mile)
    default: setCountry(country)
    }
  }

  private mutating func setCountry(_ country: String) {
    switch country.uppercased() {
    case "DE": set(50, 100, 100, SpeedLimit.unlimited, SpeedLimit.walk)
    case "AT": set(50, 100, 100, 130, SpeedLimit.walk)
    case "CH", "LI": set(50, 80, 100, 120, 20)
    case "FR", "LU", "MC": set(50, 80, 110, 130, 20)
    case "BE": set(50, 70, 120, 120, 20)
    case "NL": set(50, 80, 100, 100, 15)
    case "GB", "UK":
      let mile = SpeedLimit.kmhPerMile
      set(30 * mile, 60 * mile, 70 * mile, 70 * mile, 20 * mile)
    case "IE": set(50, 80, 100, 120, 20)
    case "IT": set(50, 90, 110, 130, 30)
    case "ES", "PT", "AD": set(50, 90, 100, 120, 20)
    case "PL": set(50, 90, 120, 140, 20)
    case "CZ": set(50, 90, 110, 130, 20)
    case "HU", "HR", "SI", "SK", "RO", "GR", "BG", "RS":
      set(50, 90, 110, country == "BG" ? 140 : 130, 20)
    case "DK": set(50, 80, 80, 130, 15)
    case "SE": set(50, 70, 90, 110, SpeedLimit.walk)
    case "NO": set(50, 80, 80, 90, SpeedLimit.walk)
    case "FI": set(50, 80, 100, 120, 20)
    case "EE", "LV", "LT": set(50, 90, 110, 110, 20)
    case "RU": set(60, 90, 90, 110, 20)
    case "BY": set(60, 90, 90, 110, 20)
    case "UA": set(50, 90, 110, 130, 20)
    case "TR": set(50, 90, 110, 130, 20)
    case "CN": set(50, 70, 80, 120, 20)
    case "JP": set(60, 60, 60, 100, 20)
    case "AU", "NZ": set(50, 100, 100, country == "AU" ? 110 : 100, 10)
    default: break
    }
  }

  private mutating func set(
    _ urban: Double, _ rural: Double, _ trunk: Double, _ motorway: Double, _ living: Double
  ) {
    self.urban = urban
    self.rural = rural
    self.trunk = trunk
    self.motorway = motorway
    livingStreet = living
  }
}

/// The limits of one road in km/h, in its drawn direction and against it.
struct SpeedTags: Sendable, Equatable {
  var forward: Double
  var backward: Double

  /// In this order: the limit of the direction, that of the road, the zone it lies in, the class.
  init(_ tags: OSMTags, highway: HighwayClass, notes: inout [OSMNote]) {
    func limit(_ key: OSMKey) -> Double? {
      guard let text = tags[key] else { return nil }
      if let limit = SpeedLimit.kmh(text) { return limit }
      if text != "signals" && text != "variable" {
        notes.append(
          OSMNote("osm-maxspeed", "\(key.text)=\(text) is not known; the class decides"))
      }
      return nil
    }
    let zones: [OSMKey] = [.sourceMaxspeed, .maxspeedType, .zoneMaxspeed, .zoneTraffic]
    let general =
      limit(.maxspeed) ?? zones.lazy.compactMap { tags[$0].flatMap(Self.zone) }.first
      ?? (tags[.service] == "parking_aisle" ? 10 : highway.defaultSpeed)
    forward = max(5, min(limit(.maxspeedForward) ?? general, 150))
    backward = max(5, min(limit(.maxspeedBackward) ?? general, 150))
  }

  /// A zone such as `DE:urban`, `DE:30`, `30`; plain words like `sign` say nothing.
  private static func zone(_ text: String) -> Double? {
    text.utf8.count <= 24 ? SpeedLimit.kmh(text) : nil
  }
}
