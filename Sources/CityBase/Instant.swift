/// A moment in civil time: milliseconds since 1970-01-01T00:00:00Z and the zone it is shown in.
///
/// The zone is a plain offset: the simulated day of a city keeps one offset from its first moment
/// on, so that midnight is where a schedule expects it.
public struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var millisecondsSince1970: Int64
  /// Seconds east of UTC, -64800 to 64800.
  public var zoneSeconds: Int32

  public init(millisecondsSince1970: Int64, zoneSeconds: Int32 = 0) {
    self.millisecondsSince1970 = millisecondsSince1970
    self.zoneSeconds = zoneSeconds
  }

  public static func < (a: Instant, b: Instant) -> Bool {
    a.millisecondsSince1970 < b.millisecondsSince1970
  }

  public func advanced(byMilliseconds ms: Int64) -> Instant {
    Instant(millisecondsSince1970: millisecondsSince1970 + ms, zoneSeconds: zoneSeconds)
  }

  /// Milliseconds since local midnight.
  public var millisecondOfDay: Int64 {
    let local = millisecondsSince1970 + Int64(zoneSeconds) * 1000
    let day: Int64 = 86_400_000
    return ((local % day) + day) % day
  }

  /// The day of the week in local time: 0 is Monday, 6 Sunday.
  public var weekday: Int {
    let local = millisecondsSince1970 + Int64(zoneSeconds) * 1000
    let day: Int64 = 86_400_000
    let days = (local >= 0 ? local : local - day + 1) / day
    // The first of January 1970 was a Thursday.
    return Int(((days + 3) % 7 + 7) % 7)
  }

  /// Reads ISO 8601 with a zone: `2026-03-02T07:00:00+08:00`, `2026-03-02T07:00Z`, with or without
  /// seconds and a fraction of up to three digits. Nil where the text is anything else.
  public init?(iso8601 text: String) {
    var text = text
    guard let read = text.withUTF8({ Self.read(iso8601: $0) }) else { return nil }
    self = read
  }

  /// Where a text is being read.
  private struct Reader {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0

    @inline(__always) mutating func digits(_ n: Int) -> Int? {
      guard bytes.count - at >= n else { return nil }
      var value = 0
      for i in at..<(at + n) {
        let digit = bytes[i] &- 48
        guard digit <= 9 else { return nil }
        value = value &* 10 &+ Int(digit)
      }
      at += n
      return value
    }

    @inline(__always) mutating func take(_ c: UInt8) -> Bool {
      guard at < bytes.count, bytes[at] == c else { return false }
      at += 1
      return true
    }

    /// How many digits stand here.
    @inline(__always) var run: Int {
      var length = 0
      while at + length < bytes.count, bytes[at + length] &- 48 <= 9 { length += 1 }
      return length
    }
  }

  private static func read(iso8601 bytes: UnsafeBufferPointer<UInt8>) -> Instant? {
    let (dash, colon, dot, plus) = (UInt8(0x2D), UInt8(0x3A), UInt8(0x2E), UInt8(0x2B))
    let (tee, zed) = (UInt8(0x54), UInt8(0x5A))
    var reader = Reader(bytes: bytes)
    guard let y = reader.digits(4), reader.take(dash), let mo = reader.digits(2),
      reader.take(dash), let d = reader.digits(2), reader.take(tee), let h = reader.digits(2),
      reader.take(colon), let mi = reader.digits(2)
    else { return nil }
    var sec = 0
    var ms = 0
    if reader.take(colon) {
      guard let v = reader.digits(2) else { return nil }
      sec = v
      if reader.take(dot) {
        let length = reader.run
        guard (1...3).contains(length), let v = reader.digits(length) else { return nil }
        ms = length == 1 ? v * 100 : length == 2 ? v * 10 : v
      }
    }
    var zone = 0
    if !reader.take(zed) {
      let isWest = reader.take(dash)
      guard isWest || reader.take(plus), let zh = reader.digits(2), reader.take(colon),
        let zm = reader.digits(2), zm < 60, zh * 60 + zm <= 18 * 60
      else { return nil }
      zone = (isWest ? -1 : 1) * (zh * 3600 + zm * 60)
    }
    guard reader.at == bytes.count, (1...12).contains(mo), d >= 1,
      d <= Self.daysIn(month: mo, year: y),
      h < 24, mi < 60, sec < 60
    else { return nil }
    let days = Self.daysFromCivil(y, mo, d)
    let local = Int64(days) * 86400 + Int64(h * 3600 + mi * 60 + sec)
    return Instant(
      millisecondsSince1970: (local - Int64(zone)) * 1000 + Int64(ms), zoneSeconds: Int32(zone))
  }

  /// ISO 8601 with zone, `2026-03-02T07:00:00+08:00`; milliseconds only where there are any.
  public var iso8601: String {
    let (y, mo, d, h, mi, s, ms) = civil
    let zone = abs(Int(zoneSeconds))
    let longest = 48
    return String(unsafeUninitializedCapacity: longest) { buffer in
      var count = 0
      func put(_ c: Unicode.Scalar) {
        buffer[count] = UInt8(ascii: c)
        count += 1
      }
      func put(_ n: Int, _ width: Int) {
        var digits = width
        var rest = n
        for _ in 0..<width { rest /= 10 }
        while rest > 0 {
          digits += 1
          rest /= 10
        }
        rest = n
        for i in stride(from: digits - 1, through: 0, by: -1) {
          buffer[count + i] = 48 + UInt8(rest % 10)
          rest /= 10
        }
        count += digits
      }
      if y < 0 { put("-") }
      put(abs(y), 4)
      put("-")
      put(mo, 2)
      put("-")
      put(d, 2)
      put("T")
      put(h, 2)
      put(":")
      put(mi, 2)
      put(":")
      put(s, 2)
      if ms != 0 {
        put(".")
        put(ms, 3)
      }
      if zone == 0 {
        put("Z")
      } else {
        put(zoneSeconds < 0 ? "-" : "+")
        put(zone / 3600, 2)
        put(":")
        put(zone / 60 % 60, 2)
      }
      return count
    }
  }

  public var description: String { iso8601 }

  /// `HH:MM:SS` of the local day.
  public var timeOfDay: String {
    let (_, _, _, h, mi, s, _) = civil
    return "\(Self.pad(h, 2)):\(Self.pad(mi, 2)):\(Self.pad(s, 2))"
  }

  /// `YYYYMMDDTHHMMSS` in local time, for file names.
  public var compact: String {
    let (y, mo, d, h, mi, s, _) = civil
    return "\(Self.pad(y, 4))\(Self.pad(mo, 2))\(Self.pad(d, 2))T"
      + "\(Self.pad(h, 2))\(Self.pad(mi, 2))\(Self.pad(s, 2))"
  }

  var civil: (Int, Int, Int, Int, Int, Int, Int) {
    let local = millisecondsSince1970 + Int64(zoneSeconds) * 1000
    let day: Int64 = 86_400_000
    let days = (local >= 0 ? local : local - day + 1) / day
    let rest = Int(local - days * day)
    let (y, m, d) = Self.civilFromDays(Int(days))
    return (y, m, d, rest / 3_600_000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000)
  }

  static func pad(_ n: Int, _ width: Int) -> String {
    let s = String(n)
    return s.count >= width ? s : String(repeating: "0", count: width - s.count) + s
  }

  static func daysIn(month: Int, year: Int) -> Int {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    switch month {
    case 2: return leap ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar: years are taken from March on, so
  /// that the leap day comes last.
  static func daysFromCivil(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146097 + dayOfEra - 719468
  }

  static func civilFromDays(_ days: Int) -> (Int, Int, Int) {
    let z = days + 719468
    let era = (z >= 0 ? z : z - 146096) / 146097
    let dayOfEra = z - era * 146097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let mp = (5 * dayOfYear + 2) / 153
    let month = mp < 10 ? mp + 3 : mp - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
  }
}
