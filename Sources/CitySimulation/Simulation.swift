import CityBase
import CityNetwork

/// One run: a clock, the network with its overrides, the domains on it, and who looks on.
///
/// It is one value without globals, so that many can live in one process. What happens in a tick
/// stands in `step()`.
public final class Simulation {
  public let clock: Clock
  public let network: RoadNetwork
  public let random: RandomStream
  public private(set) var tick: Tick = 0
  public private(set) var overrides: CityOverrides
  private let policies: [any Policy]
  private let domains: [any Domain]
  private let recorders: [any Recorder]

  /// Puts a run together; domains and policies act in the order given.
  public init(
    clock: Clock, network: RoadNetwork, random: RandomStream, policies: [any Policy],
    domains: [any Domain], recorders: [any Recorder]
  ) {
    self.clock = clock
    self.network = network
    self.random = random
    self.policies = policies
    self.domains = domains
    self.recorders = recorders
    overrides = CityOverrides(linkCount: network.linkCount)
  }

  /// The moment at the start of the next tick.
  public var moment: Moment {
    Moment(tick: tick, clock: clock, random: random, overrides: overrides)
  }

  /// One tick, from `tick` to `tick + 1`.
  public func step() throws(CityError) {
    applyEvents()
    let now = moment
    for domain in domains { domain.decide(now) }
    for domain in domains { domain.advance(now) }
    for domain in domains { domain.insert(now) }
    tick += 1
    try record()
  }

  /// Lets the recorders look at the city as it stands; called by `step()`, and once by the owner
  /// before the first step.
  public func record() throws(CityError) {
    let now = moment
    for recorder in recorders { try recorder.record(now) }
  }

  /// Phase 1: policies turn what they observe into commands, and these take effect at once.
  private func applyEvents() {
    let observation = Observation(moment: moment)
    let commands = policies.flatMap { $0.commands(observation) }
    // What one policy takes back makes room for what another sets in the same tick, whichever
    // stands first in the scenario.
    for command in commands where command.takesBack { overrides.apply(command) }
    for command in commands where !command.takesBack { overrides.apply(command) }
  }

  /// A hash of all state that the future depends on, recorders aside. Equal for every number of
  /// threads and after a resume. Costs an encoding of the state.
  public func stateHash() -> UInt64 {
    var writer = StateWriter()
    writer.write(tick)
    overrides.encodeState(into: &writer)
    for domain in domains { domain.encodeState(into: &writer) }
    return StateEnvelope.checksum(writer.bytes[...])
  }
}

extension Simulation {
  /// Writes the state of the clock, the overrides, every domain and every recorder.
  public func encodeState(into writer: inout StateWriter) {
    writer.section("simulation")
    writer.write(tick)
    overrides.encodeState(into: &writer)
    for domain in domains {
      writer.section(domain.name)
      domain.encodeState(into: &writer)
    }
    for recorder in recorders { recorder.encodeState(into: &writer) }
  }

  /// Restores a state into a run that was put together from the same inputs.
  public func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("simulation")
    let saved = try reader.read(Int64.self)
    guard saved >= 0 else { throw .refused("the tick is negative", file: reader.file) }
    tick = saved
    try overrides.decodeState(from: &reader)
    for domain in domains {
      try reader.section(domain.name)
      var target = domain
      try target.decodeState(from: &reader)
    }
    for recorder in recorders {
      var target = recorder
      try target.decodeState(from: &reader)
    }
  }
}
