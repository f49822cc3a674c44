import CityBase

/// What vehicles note when they come upon a link and when they have crossed a junction, so that
/// movements can be counted. Off until somebody asks for it; then it costs a note at each end of a
/// link, and nothing on the way.
///
/// The worker that takes a vehicle in on a lane writes the vehicle's entry and the sums of the
/// connector it came by, which leads to that lane. Sums are kept by connector, not by movement: to
/// look the movement up would cost as much as all the rest.
struct PassageProbe: BitwiseCopyable, @unchecked Sendable {
  /// When and how a vehicle came upon the link it is on.
  struct Entry: BitwiseCopyable {
    /// From the epoch; negative before it has.
    var seconds: Double
    /// m from the start of the link.
    var offset: Float
    /// m/s
    var speed: Float
  }

  /// Since the interval began.
  struct Sums: BitwiseCopyable {
    /// s of control delay of those `measured`.
    var delay = 0.0
    var volume: Int32 = 0
    var measured: Int32 = 0
  }

  let isOn: Bool
  /// Seconds from the epoch to the end of the tick under way.
  let now: RawColumn<Double>
  let stepSeconds: Float
  /// By vehicle.
  let entry: RawColumn<Entry>
  /// By connector.
  let sums: RawColumn<Sums>

  static let nowhere = Entry(seconds: -1, offset: 0, speed: 0)

  /// One that notes nothing.
  init() {
    isOn = false
    now = RawColumn(repeating: 0, count: 1)
    stepSeconds = 1
    entry = RawColumn(repeating: Self.nowhere, count: 0)
    sums = RawColumn([])
  }

  init(connectors: Int, vehicles: Int, stepSeconds: Float) {
    isOn = true
    now = RawColumn(repeating: 0, count: 1)
    self.stepSeconds = stepSeconds
    entry = RawColumn(repeating: Self.nowhere, count: vehicles)
    sums = RawColumn(repeating: Sums(), count: connectors)
  }

  func free() {
    now.free()
    entry.free()
    sums.free()
  }
}

extension TrafficWorld {
  /// A vehicle has come upon a link out of a connector: it has crossed the junction, and its
  /// approach begins. Both happened within the tick, at the moment that its way beyond the
  /// connector says.
  @inline(never) func notePassage(_ leaver: Leaver, through connector: Int, _ probe: PassageProbe) {
    let v = Int(leaver.vehicle)
    let back = leaver.moved > 0 ? min(1, leaver.position / leaver.moved) : 0
    let at = probe.now[0] - Double(back * probe.stepSeconds)
    let c = connector - topology.roadLanes
    let from = Int(topology.connectorFrom[c])
    let entry = probe.entry[v]
    var sums = probe.sums[c]
    sums.volume += 1
    if entry.seconds >= 0 {
      let desired = desiredSpeed(of: v, lane: from)
      let turning = min(desired, lanes.speedLimit[connector])
      let speedingUp = FreePassage.SpeedingUp(
        acceleration: predictedAcceleration(ofDriver: leaver.driver),
        isEven: speedsUpEvenly(leaver.driver))
      let free = FreePassage.seconds(
        metres: max(0, lanes.length[from] - entry.offset), entrySpeed: entry.speed,
        desired: desired, turning: turning, turnMetres: lanes.length[connector],
        speedingUp)
      let rest = FreePassage.lossOfSpeedingUp(from: leaver.speed, to: turning, speedingUp)
      sums.delay += at - entry.seconds + Double(rest - free)
      sums.measured += 1
    }
    probe.sums[c] = sums
    probe.entry[v] = PassageProbe.Entry(seconds: at, offset: 0, speed: leaver.speed)
  }

  /// A vehicle has pulled out into a lane.
  @inline(never) func noteDeparture(_ v: Int, at x: Float, speed: Float, _ probe: PassageProbe) {
    probe.entry[v] = PassageProbe.Entry(seconds: probe.now[0], offset: x, speed: speed)
  }
}
