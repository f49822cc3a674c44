/// What a stay costs.
enum ParkingFee {
  /// A quarter of an hour in milliseconds.
  static let unit: Int64 = 900_000

  /// Yuan for a stay: every started quarter of an hour costs a quarter of the hourly price, as
  /// kerb parking in Chinese cities is mostly billed. Prices are yuan an hour.
  static func yuan(milliseconds: Int64, pricePerHour: Double) -> Double {
    let started = (max(0, milliseconds) + unit - 1) / unit
    return Double(started) * pricePerHour / 4
  }
}
