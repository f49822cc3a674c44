import CityBase
import CityNetwork
import CitySimulation

/// Two policies that set the same thing at the same time.
public struct PolicyContradiction: Sendable, Equatable {
  /// The places of the two in their list; `first` is the smaller one.
  public var first: Int
  public var second: Int
  public var subject: PolicyClaim.Subject
  /// When both set it; `Tick.max` is an end that never comes.
  public var ticks: Range<Tick>

  /// The first contradiction in a list of policies, in their order and that of their claims; nil
  /// where there is none. Linear in the claims, as long as few are about one thing.
  public static func first(in policies: [any Policy]) -> PolicyContradiction? {
    var claimsOn: [PolicyClaim.Subject: [(policy: Int, ticks: Range<Tick>)]] = [:]
    for (i, policy) in policies.enumerated() {
      for claim in policy.claims {
        for subject in claim.subject.parts {
          for earlier in claimsOn[subject] ?? [] where earlier.policy != i {
            let both = earlier.ticks.clamped(to: claim.ticks)
            guard both.isEmpty else {
              return PolicyContradiction(
                first: earlier.policy, second: i, subject: subject, ticks: both)
            }
          }
          claimsOn[subject, default: []].append((i, claim.ticks))
        }
      }
    }
    return nil
  }

  /// What a user is told, without the place.
  public func message(_ policies: [any Policy], on site: PolicySite) -> String {
    let names = [first, second].map { "\"\(policies[$0].name)\"" }.joined(separator: " and ")
    return "the policies \(names) contradict each other: both set \(subject.words(on: site)) "
      + Self.words(ticks, site.clock)
  }

  private static func words(_ ticks: Range<Tick>, _ clock: Clock) -> String {
    let from = words(ticks.lowerBound, clock)
    return ticks.upperBound == .max
      ? "from \(from) on" : "from \(from) to \(words(ticks.upperBound, clock))"
  }

  /// The time of the first day, or the whole date after it.
  private static func words(_ tick: Tick, _ clock: Clock) -> String {
    let time = clock.instant(of: tick)
    let isFirstDay = clock.epoch.millisecondOfDay + clock.milliseconds(of: tick) < 86_400_000
    return isFirstDay ? time.timeOfDay : time.iso8601
  }
}

extension PolicyClaim.Subject {
  /// The things that are claimed, one by one, so that equal ones meet.
  var parts: [PolicyClaim.Subject] {
    guard case .privileges(let some) = self else { return [self] }
    return [Privileges.passRed, .filterQueue].filter { some.contains($0) }.map { .privileges($0) }
  }

  /// What it is, as users know it.
  func words(on site: PolicySite) -> String {
    switch self {
    case .speedLimit(let link):
      return "the speed limit of link \"\(site.network.linkExternalID[link])\""
    case .signalPlan(let signal):
      return "the plan of signal \"\(site.network.signals[signal].externalID)\""
    case .parkingPrice(let facility):
      return "the price of parking facility \"\(site.map.parkingFacilities[facility].externalID)\""
    case .guidedShare: return "the share of guided drivers"
    case .privileges(let some):
      return some == .passRed
        ? "the privilege \"pass_red\"" : "the privilege \"filter_queue\""
    }
  }
}
