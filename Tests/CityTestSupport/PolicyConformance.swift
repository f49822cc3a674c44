import CityBase
import CityNetwork
import CitySimulation

/// What every policy must keep to, whatever it does. A new policy has one test that calls this.
public enum PolicyConformance {
  /// The rules that a policy breaks over the ticks 0 ..< `endTick`, in words; empty if none.
  ///
  /// It must answer the same when asked twice (a resumed run asks again), name links that exist,
  /// and reopen only what it has closed.
  public static func violations(
    of policy: any Policy, network: RoadNetwork, clock: Clock, endTick: Tick
  ) -> [String] {
    var found: [String] = []
    if policy.name.isEmpty { found.append("it has no name") }
    var closures: [LinkID: Int] = [:]
    let overrides = CityOverrides(linkCount: network.linkCount)
    for tick in 0..<endTick {
      let moment = Moment(
        tick: tick, clock: clock, random: RandomStream(seed: 1), overrides: overrides)
      let commands = policy.commands(Observation(moment: moment))
      if commands != policy.commands(Observation(moment: moment)) {
        found.append("tick \(tick): it answers differently when asked again")
      }
      for command in commands {
        switch command {
        case .closeLink(let link): closures[link, default: 0] += 1
        case .reopenLink(let link): closures[link, default: 0] -= 1
        default: break
        }
      }
      for (link, count) in closures.sorted(by: { $0.key < $1.key }) where !commands.isEmpty {
        if !(0..<network.linkCount).contains(link.index) {
          found.append("tick \(tick): there is no link \(link)")
        }
        if count < 0 { found.append("tick \(tick): link \(link) is reopened, but was open") }
      }
    }
    return found
  }
}
