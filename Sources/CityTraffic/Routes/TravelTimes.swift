import CityBase
import CityNetwork

/// Travel times by link as drivers experience them, after Edie's definitions: the metres driven by
/// all vehicles present over the seconds they were there.
struct TravelTimes {
  /// Milliseconds, for shortest paths; never less than at the limit.
  private(set) var milliseconds: [Int32]
  private var freeFlow: [Int32]
  private let lengths: [Float]
  /// The sums of the last update by link.
  private var ticksBefore: [Int64]
  private var metresBefore: [Double]
  /// Milliseconds; a link on which nothing moves.
  static let longest: Int32 = 1_200_000
  /// Grows with every change, for those who keep something made of the times.
  private(set) var revision = 0

  init(_ network: RoadNetwork) {
    freeFlow = LinkCosts.freeFlow(network)
    milliseconds = freeFlow
    lengths = network.linkLength.values
    ticksBefore = Array(repeating: 0, count: network.linkCount)
    metresBefore = Array(repeating: 0, count: network.linkCount)
  }

  /// Takes in what happened since the last update. A link on which vehicles stood gets the time of
  /// a crawl, at most twenty minutes, so that a blocked link never looks free.
  mutating func update(_ world: TrafficWorld, stepSeconds: Double) {
    revision += 1
    world.countAsleep()
    for link in lengths.indices {
      var ticks: Int64 = 0
      var metres = 0.0
      for lane in world.topology.lanes(ofLink: link) {
        ticks += world.lanes.vehicleTicks[lane]
        metres += world.lanes.metres[lane]
      }
      let newTicks = ticks - ticksBefore[link]
      let newMetres = metres - metresBefore[link]
      ticksBefore[link] = ticks
      metresBefore[link] = metres
      var target = Double(freeFlow[link])
      if newTicks > 0 {
        let seconds = Double(newTicks) * stepSeconds
        let time = Double(lengths[link]) * seconds / max(newMetres, seconds * 0.05) * 1000
        target = min(Double(Self.longest), max(target, time))
      }
      // Half of the way to the new value: one red light is not a jam.
      let next = (Double(milliseconds[link]) + target) / 2
      milliseconds[link] = Int32(max(Double(freeFlow[link]), next).rounded())
    }
  }

  /// Takes over the limits as they are now; a lower limit is felt at once.
  mutating func follow(limits: (LinkID) -> Float) {
    revision += 1
    for link in lengths.indices {
      freeFlow[link] = LinkCosts.milliseconds(length: lengths[link], speed: limits(LinkID(link)))
      milliseconds[link] = max(milliseconds[link], freeFlow[link])
    }
  }

  func encode(into writer: inout StateWriter) {
    writer.writeRaw(milliseconds)
    writer.writeRaw(ticksBefore)
    writer.writeRaw(metresBefore)
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    let a: [Int32] = try reader.readRaw()
    let b: [Int64] = try reader.readRaw()
    let c: [Double] = try reader.readRaw()
    guard a.count == lengths.count, b.count == lengths.count, c.count == lengths.count else {
      throw .refused("the checkpoint is of another network", file: reader.file)
    }
    revision += 1
    milliseconds = a
    ticksBefore = b
    metresBefore = c
  }
}
