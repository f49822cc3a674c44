import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// A domain of service vehicles: each sets out at its tick, and some for ever on to the next place.
final class Fleet: Domain {
  struct Outing {
    var tick: Tick
    var drive: Drive
  }
  let name = "fleet"
  let traffic: TrafficDomain
  private let outings: [Outing]
  /// Who arrives sets out again for a place drawn anew, until this tick.
  private let restless: Range<Tick>
  /// Every so many ticks one after the other loses its privileges or gets them back; 0: never.
  private let toggle: Tick
  /// Whether things stand on lanes for a while, one after the other.
  private let blocks: Bool
  private var standing: [(id: BlockageID, end: Tick)] = []
  private(set) var vehicles: [VehicleID] = []
  private(set) var begun: [Tick] = []
  /// By outing and later drive: the tick at which it left the road, or -1.
  private(set) var ended: [Tick] = []
  private var kinds: [Drive] = []
  /// The first emergency vehicle begun.
  var ambulance: Int? { kinds.firstIndex { $0.vehicleClass != .car } }

  init(
    _ traffic: TrafficDomain, _ outings: [Outing], restless: Range<Tick> = 0..<0,
    toggle: Tick = 0, blocks: Bool = false
  ) {
    self.traffic = traffic
    self.outings = outings
    self.restless = restless
    self.toggle = toggle
    self.blocks = blocks
  }

  static func place(_ network: RoadNetwork, _ random: RandomStream, _ n: UInt64) -> AccessPoint {
    let link = LinkID(random.below(network.linkCount, .sampling, n, 7))
    return AccessPoint(
      link: link, offset: network.linkLength[link] * Float(random.unit(.sampling, n, 8)))
  }

  private func begin(_ drive: Drive, _ moment: Moment) {
    let vehicle = traffic.begin(drive, at: moment)
    guard vehicle.isSome else { return }
    vehicles.append(vehicle)
    begun.append(moment.tick)
    ended.append(-1)
    kinds.append(drive)
  }

  func decide(_ moment: Moment) {
    if blocks { block(moment) }
    for vehicle in traffic.ended {
      guard let i = vehicles.firstIndex(of: vehicle) else { continue }
      ended[i] = moment.tick
      if restless.contains(moment.tick) {
        var next = kinds[i]
        next.origin = next.destination
        next.destination = Self.place(traffic.network, moment.random, UInt64(vehicles.count))
        begin(next, moment)
      }
    }
    for outing in outings where outing.tick == moment.tick { begin(outing.drive, moment) }
    if toggle > 0, moment.tick % toggle == 0, !vehicles.isEmpty {
      let i = Int(moment.tick / toggle) % min(vehicles.count, 10)
      let vehicle = vehicles[vehicles.count - 1 - i]
      let n = moment.random.below(4, .sampling, UInt64(moment.tick), 3)
      traffic.setPrivileges(Privileges(rawValue: UInt8(n)), of: vehicle)
    }
  }

  private func block(_ moment: Moment) {
    for old in standing where old.end <= moment.tick { traffic.unblock(old.id) }
    standing.removeAll { $0.end <= moment.tick }
    guard moment.tick % 30 == 0, moment.tick < 1600 else { return }
    let n = UInt64(moment.tick)
    let network = traffic.network
    let lane = LaneID(moment.random.below(network.roadLaneCount, .sampling, n, 21))
    let from = network.laneLength[lane] * Float(moment.random.unit(.sampling, n, 22))
    let blockage = LaneBlockage(
      lane: lane, from: from, to: from + 12,
      residualWidth: moment.tick % 60 == 0 ? 0 : 2.6)
    standing.append((traffic.block(blockage), moment.tick + 240))
  }
  func advance(_ moment: Moment) {}
  func insert(_ moment: Moment) {}

  func encodeState(into writer: inout StateWriter) {
    writer.writeRaw(vehicles)
    writer.writeRaw(begun)
    writer.writeRaw(ended)
  }
  func decodeState(from reader: inout StateReader) throws(CityError) {
    vehicles = try reader.readRaw()
    begun = try reader.readRaw()
    ended = try reader.readRaw()
    kinds = vehicles.map { traffic.driveState.drives[$0.index - traffic.demand.trips.count] }
  }
}

/// A plan in place of a signal's own, from the first tick to another.
struct PlanForAWhile: Policy {
  let name = "plan"
  let plans: [(SignalID, SignalController)]
  let until: Tick

  func commands(_ observation: Observation) -> [Command] {
    if observation.moment.tick == 0 { return plans.map { .setSignalPlan($0.0, $0.1) } }
    if observation.moment.tick == until { return plans.map { .restoreSignalPlan($0.0) } }
    return []
  }
}

extension RoadNetwork {
  /// A plan that shows one state to everybody.
  func plan(_ signal: SignalID, all state: SignalState) -> (SignalID, SignalController) {
    var plan = signals[signal]
    plan.phases = [
      SignalPhase(
        milliseconds: 1_000_000,
        states: Array(repeating: state, count: Int(plan.groupCount)))
    ]
    return (signal, plan)
  }

  /// The link from one node of a grid to another, by the positions of its ends.
  func link(from a: Point2, to b: Point2) -> LinkID? {
    (0..<linkCount).map { LinkID($0) }.first { l in
      (junctionPosition[linkFrom[l]] - a).length < 5 && (junctionPosition[linkTo[l]] - b).length < 5
    }
  }
}
