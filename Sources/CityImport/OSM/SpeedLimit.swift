/// Speed limits as OpenStreetMap writes them, in km/h.
enum SpeedLimit {
  /// Where a limit ends: the advisory speed of German motorways.
  static let unlimited = 130.0
  /// Walking pace, as German courts read it.
  static let walk = 7.0

  /// Reads one value: `50`, `50 km/h`, `30 mph`, `none`, `walk`, `DE:urban`, `FR:zone30`; of
  /// several (`50;70`) the lowest. Nil where it says nothing usable (`signals`, `variable`).
  static func kmh(_ text: String, isMotorway: Bool = false) -> Double? {
    if text.utf8.contains(59) || text.utf8.contains(124) {
      return text.split(whereSeparator: { $0 == ";" || $0 == "|" })
        .compactMap { kmh(trimmed($0), isMotorway: isMotorway) }.min()
    }
    switch text {
    case "none", "unlimited": return unlimited
    case "walk", "walking", "footwalk": return walk
    case "living_street": return walk
    default: break
    }
    if let number = OSMNumber.leading(text) { return withUnit(number, OSMNumber.unit(text)) }
    return zone(text)
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " })
  }

  private static func withUnit(_ number: Double, _ unit: String) -> Double? {
    let kmh: Double
    switch unit {
    case "", "km/h", "kmh", "kph", "kmph": kmh = number
    case "mph": kmh = number * 1.609344
    case "knots": kmh = number * 1.852
    default: return nil
    }
    // A limit of 0 or of 900 is a slip of the keyboard.
    return kmh >= 1 && kmh <= 200 ? kmh : nil
  }

  /// Country and zone, `DE:urban`: general limits of the road codes.
  private static func zone(_ text: String) -> Double? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let country = text[..<colon]
    let rest = text[text.index(after: colon)...].lowercased()
    if let digit = rest.firstIndex(where: \.isNumber) { return kmh(String(rest[digit...])) }
    switch rest {
    case "urban", "urban_primary", "urban_secondary", "built_up":
      return country == "RU" || country == "BY" || country == "UA" ? 60 : 50
    case "living_street", "living": return country == "RU" || country == "FR" ? 20 : walk
    case "walk": return walk
    case "bicycle_road": return 30
    case "nsl_single", "nsl_restricted": return 60 * 1.609344
    case "nsl_dual": return 70 * 1.609344
    case "motorway": return country == "DE" ? unlimited : country == "CH" ? 120 : 130
    case "trunk": return country == "RU" ? 90 : 100
    case "rural":
      switch country {
      case "DE", "AT", "PL": return country == "PL" ? 90 : 100
      case "FR", "CH", "FI", "SE", "NO", "DK", "NL", "BE": return 80
      default: return 90
      }
    default: return nil
    }
  }
}
