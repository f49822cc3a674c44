import CityBase

/// Flow, density and speed of every link over the last minute, for snapshots.
struct RecentLinkMeasures {
  private(set) var flowPerHour: [Float]
  private(set) var densityPerKm: [Float]
  /// Metres per second; negative where nobody drove.
  private(set) var speed: [Float]
  private var before = LinkTotals()

  private let stepSeconds: Double

  init(linkCount: Int, stepSeconds: Double) {
    self.stepSeconds = stepSeconds
    flowPerHour = Array(repeating: 0, count: linkCount)
    densityPerKm = Array(repeating: 0, count: linkCount)
    speed = Array(repeating: -1, count: linkCount)
    before.vehicleTicks = Array(repeating: 0, count: linkCount)
    before.metres = Array(repeating: 0, count: linkCount)
  }

  /// Edie's definitions over the window just ended.
  mutating func update(_ world: TrafficWorld, seconds: Double) {
    let now = LinkTotals(world)
    for link in flowPerHour.indices {
      let length = Double(world.network.linkLength.values[link])
      let metres = now.metres[link] - before.metres[link]
      let ticks = Double(now.vehicleTicks[link] - before.vehicleTicks[link])
      flowPerHour[link] = Float(metres / length / seconds * 3600)
      // Ticks of this window over ticks in it: the mean number of vehicles.
      densityPerKm[link] = Float(ticks / windowTicks(seconds) / length * 1000)
      speed[link] = ticks > 0 ? Float(metres / (ticks * seconds / windowTicks(seconds))) : -1
    }
    before = now
  }

  private func windowTicks(_ seconds: Double) -> Double { seconds / stepSeconds }

  func encode(into writer: inout StateWriter) {
    writer.writeRaw(flowPerHour)
    writer.writeRaw(densityPerKm)
    writer.writeRaw(speed)
    writer.writeRaw(before.vehicleTicks)
    writer.writeRaw(before.metres)
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    let a: [Float] = try reader.readRaw()
    let b: [Float] = try reader.readRaw()
    let c: [Float] = try reader.readRaw()
    let d: [Int64] = try reader.readRaw()
    let e: [Double] = try reader.readRaw()
    let n = flowPerHour.count
    guard a.count == n, b.count == n, c.count == n, d.count == n, e.count == n else {
      throw .refused("the checkpoint is of another network", file: reader.file)
    }
    (flowPerHour, densityPerKm, speed) = (a, b, c)
    before.vehicleTicks = d
    before.metres = e
  }
}
