import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport

@testable import CityTraffic

/// One signalised crossing with arms of 400 m at 50 km/h, and cars that all want to drive at the
/// limit.
struct SignalCrossing {
  static let spacing = 400.0
  let network: RoadNetwork
  let run: StreetRun
  /// Ticks at which something else was shown than before, with what was shown.
  private(set) var changes: [(second: Double, states: [SignalState])] = []

  /// Where one drives to and from, by the points of the compass.
  enum Arm {
    case west, east, south, north
    var direction: Point2 {
      switch self {
      case .west: Point2(-1, 0)
      case .east: Point2(1, 0)
      case .south: Point2(0, -1)
      case .north: Point2(0, 1)
      }
    }
  }

  /// The link from an arm's end to the crossing, or from the crossing there.
  static func link(_ network: RoadNetwork, _ arm: Arm, inwards: Bool) -> LinkID {
    let middle = Point2(spacing, spacing)
    let end = middle + arm.direction * spacing
    return network.link(from: inwards ? end : middle, to: inwards ? middle : end) ?? .none
  }

  /// A car from one arm to another, from so many metres before the crossing's middle at a second.
  static func journey(
    _ network: RoadNetwork, _ second: Double, _ from: Arm, _ to: Arm, before: Float = 390
  ) -> StreetRun.Journey {
    let out = link(network, to, inwards: false)
    return StreetRun.Journey(
      second: second,
      from: AccessPoint(link: link(network, from, inwards: true), offset: 400 - before),
      to: AccessPoint(link: out, offset: network.linkLength[out] - 20))
  }

  static func network(lanes: Int = 1) -> RoadNetwork {
    GridNetwork(size: 1, spacing: spacing, lanes: lanes).build()
  }

  /// The stage of the plan that lets an arm go straight on.
  static func stage(_ network: RoadNetwork, _ arm: Arm) -> Int {
    let plan = StagedPlan(network.signals[SignalID(0)])
    let lane = network.lanes(of: link(network, arm, inwards: true)).lowerBound
    let groups = network.connectors(from: LaneID(lane)).map { ConnectorID($0) }
      .filter { network.connectorTurn[$0] == .through }.map { Int(network.connectorGroup[$0]) }
    return plan.stages.firstIndex { $0.states[groups[0]] == .green } ?? -1
  }

  init(
    _ network: RoadNetwork, _ journeys: [StreetRun.Journey], _ control: any SignalControl,
    limits: SignalProgram.Limits
  ) {
    self.network = network
    let built = network.signals[SignalID(0)]
    var setup = SignalSetup()
    setup[SignalID(0)] = SignalSchedule(programs: [
      SignalProgram(
        name: "only", plan: built,
        limits: StagedPlan(built).stages.map { _ in limits }, control: control)
    ])
    var settings = TrafficSettings()
    settings.speedDeviation = 0
    run = StreetRun(network, journeys, settings: settings, signals: setup)
  }

  /// Drives on and notes what changes; `body` sees the run after each tick.
  mutating func drive(to second: Double, each body: (StreetRun) -> Void = { _ in }) throws {
    while Double(run.simulation.tick) < second * 2 {
      let moment = run.simulation.moment
      try run.simulation.step()
      let states = run.traffic.signalStates(of: SignalID(0), at: moment)
      if states != changes.last?.states {
        changes.append((Double(moment.tick) / 2, states))
      }
      body(run)
    }
  }

  /// The seconds at which a stage begins to be shown.
  func starts(of stage: Int) -> [Double] {
    let states = StagedPlan(network.signals[SignalID(0)]).stages[stage].states
    return changes.filter { $0.states == states }.map(\.second)
  }

  /// Where a trip's car is on a link: metres of its front from the link's start, or nil.
  static func front(of trip: Int, on link: LinkID, _ run: StreetRun) -> Float? {
    let world = run.traffic.world
    for lane in run.traffic.network.lanes(of: link) {
      for i in 0..<Int(world.lanes.count[lane]) {
        let s = Int(world.lanes.base[lane]) + i
        if world.slots.vehicle[s] == Int32(trip) { return world.slots.position[s] }
      }
    }
    return nil
  }
}
