import CityBase
import CityText

/// Numbers as people read them.
enum Figures {
  /// A whole number with commas between thousands.
  static func grouped(_ number: some BinaryInteger) -> String {
    var out: [Character] = []
    let digits = String(number.magnitude)
    for (i, digit) in digits.reversed().enumerated() {
      if i > 0, i % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return (number < 0 ? "-" : "") + String(out.reversed())
  }

  /// A number with so many decimals, zeros kept.
  static func decimal(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "-" }
    var bytes: [UInt8] = []
    NumberText.append(value, maxDecimals: decimals, to: &bytes)
    var text = String(decoding: bytes, as: UTF8.self)
    guard decimals > 0 else { return text }
    if !text.contains(".") { text += "." }
    let shown =
      text.distance(from: text.firstIndex(of: ".") ?? text.endIndex, to: text.endIndex) - 1
    return text + String(repeating: "0", count: max(0, decimals - shown))
  }

  /// Minutes and seconds.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return "-" }
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }

  /// Sixteen hexadecimal digits.
  static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
