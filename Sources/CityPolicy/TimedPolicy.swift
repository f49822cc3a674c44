import CityBase
import CitySimulation

/// A policy that sets things at one moment and takes all of them back at another: what most
/// policies are, once they are bound to the links and ticks of a run.
struct TimedPolicy: Policy {
  let name: String
  /// It sets at the lower bound and takes back at the upper one.
  let ticks: Range<Tick>
  let onset: [Command]
  let release: [Command]
  /// What nobody else may set meanwhile.
  var subjects: [PolicyClaim.Subject] = []

  func commands(_ observation: Observation) -> [Command] {
    let tick = observation.moment.tick
    if tick == ticks.lowerBound { return onset }
    if tick == ticks.upperBound { return release }
    return []
  }

  var claims: [PolicyClaim] { subjects.map { PolicyClaim($0, ticks) } }
}
