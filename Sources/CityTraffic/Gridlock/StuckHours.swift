import CityBase

/// How much of their time vehicles hardly come on at all, standing or crawling: what a count of
/// gridlocks does not see where every queue moves by a car now and then.
///
/// Every five minutes it looks how far everybody has come since the last look; who was on the road
/// then and has come on by less than 30 m (0.1 m/s, slower than what counts as standing) has been
/// stuck for these five minutes. Five minutes as for gridlock; 30 m are four or five cars.
struct StuckHours {
  /// Seconds from one look to the next.
  static let window: Float = 300
  /// m
  static let stuckAdvance: Float = 30

  /// Windows in which a vehicle was stuck, summed over the vehicles.
  private(set) var windows: Int64 = 0
  /// By vehicle: the metres it had driven at the last look; not a number where it was not yet on
  /// the road.
  private var driven: [Float]

  init(vehicleCount: Int) { driven = Array(repeating: .nan, count: vehicleCount) }

  mutating func look(_ world: TrafficWorld) {
    world.forEachVehicle { s, lane, _ in
      let vehicle = Int(world.slots.vehicle[s])
      var now = world.vehicles.metres[vehicle] + world.slots.position[s]
      if lane >= world.topology.roadLanes {
        now += world.topology.linkLength[world.currentLink(of: vehicle)]
      }
      if now - driven[vehicle] < Self.stuckAdvance { windows += 1 }
      driven[vehicle] = now
    }
  }

  var hours: Double { Double(windows) * Double(Self.window) / 3600 }

  func encode(into writer: inout StateWriter) {
    writer.write(windows)
    writer.writeRaw(driven)
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    windows = try reader.read()
    let saved: [Float] = try reader.readRaw()
    guard windows >= 0, saved.count == driven.count else {
      throw .refused("the checkpoint is of another demand", file: reader.file)
    }
    driven = saved
  }
}
