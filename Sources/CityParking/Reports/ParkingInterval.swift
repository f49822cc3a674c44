import CityBase
import CitySimulation

/// What has happened since the last row of the time series.
struct ParkingInterval {
  var parked = 0
  var refused = 0

  func encode(into writer: inout StateWriter) {
    writer.write(Int64(parked))
    writer.write(Int64(refused))
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    let parked: Int64 = try reader.read()
    let refused: Int64 = try reader.read()
    guard (0...1 << 40).contains(parked), (0...1 << 40).contains(refused) else {
      throw .refused("a count of parked cars is out of range", file: reader.file)
    }
    self.parked = Int(parked)
    self.refused = Int(refused)
  }
}

extension ParkingDomain: IntervalSource {
  public var intervalSources: [any IntervalSource] { [self] }

  /// Drivers who found a bay and refusals in the interval; cars in bays, and drivers under way who
  /// have been refused, at its end.
  public var intervalColumns: [String] { ["parked", "occupied", "searching", "refused"] }

  public func closeInterval(seconds: Double) -> [PropertyValue] {
    let searching = drivers.count {
      $0.refusals > 0 && ($0.state == .searching || $0.state == .bound)
    }
    let row: [PropertyValue] = [
      .integer(Int64(interval.parked)), .integer(Int64(bays.allOccupied)),
      .integer(Int64(searching)), .integer(Int64(interval.refused)),
    ]
    interval = ParkingInterval()
    return row
  }
}
