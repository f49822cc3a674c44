import CityText

/// Numbers as they stand in messages and reports.
enum NumberWords {
  /// At most some decimals, without trailing zeros.
  static func text(_ value: Double, decimals: Int = 3) -> String {
    var bytes: [UInt8] = []
    NumberText.append(value, maxDecimals: decimals, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A whole number with a comma every three digits.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var out = value < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return out
  }
}
