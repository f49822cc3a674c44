import CityBase

/// The time that cars stand in bays, summed over the measured window.
struct OccupancyMeter {
  /// Milliseconds from the epoch.
  let window: Range<Int64>
  /// Car-milliseconds within the window so far.
  private(set) var carMilliseconds: Int64 = 0
  /// Until when they are summed, in milliseconds from the epoch.
  private(set) var since: Int64 = 0

  init(window: Range<Int64>) { self.window = window }

  /// So many cars have stood there from the last call until now.
  mutating func add(cars: Int, until now: Int64) {
    carMilliseconds += Int64(cars) * Self.overlap(since..<max(since, now), window)
    since = max(since, now)
  }

  /// The mean number of cars over the part of the window that has passed by now.
  func mean(cars: Int, at now: Int64) -> Double {
    var copy = self
    copy.add(cars: cars, until: now)
    let passed = Self.overlap(0..<max(0, now), window)
    return passed > 0 ? Double(copy.carMilliseconds) / Double(passed) : 0
  }

  private static func overlap(_ a: Range<Int64>, _ b: Range<Int64>) -> Int64 {
    max(0, min(a.upperBound, b.upperBound) - max(a.lowerBound, b.lowerBound))
  }

  func encode(into writer: inout StateWriter) {
    writer.write(carMilliseconds)
    writer.write(since)
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    carMilliseconds = try reader.read()
    since = try reader.read()
    guard (0...1 << 60).contains(carMilliseconds), (0...1 << 50).contains(since) else {
      throw .refused("a sum of parked time is out of range", file: reader.file)
    }
  }
}
