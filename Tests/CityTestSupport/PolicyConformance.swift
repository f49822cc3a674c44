import CityBase
import CityModel
import CityNetwork
import CityPolicy
import CitySimulation

/// What every policy must keep to, whatever it does. A new policy has one test that calls this.
public struct PolicyConformance {
  /// The rules that a policy breaks over the ticks of a run on `site`, in words; empty if none.
  ///
  /// It must answer the same whenever it is asked about a moment (a resumed run asks again), name
  /// only links, lanes, signals and facilities that exist, give figures in their ranges, take back
  /// only what it has set, and claim what it sets for as long as it is set.
  public static func violations(of policy: any Policy, on site: PolicySite) -> [String] {
    var check = PolicyConformance(policy: policy, site: site)
    check.run()
    return check.found
  }

  private let policy: any Policy
  private let site: PolicySite
  private var found: [String] = []
  /// What stands, and since when, by subject.
  private var settings: [PolicyClaim.Subject: Tick] = [:]
  private var closures: [LinkID: Int] = [:]
  private var blockages: [LaneBlockage] = []

  private init(policy: any Policy, site: PolicySite) {
    self.policy = policy
    self.site = site
  }

  private mutating func run() {
    if policy.name.isEmpty { found.append("it has no name") }
    var overrides = CityOverrides(linkCount: site.network.linkCount)
    // What it saw and said at each moment; the columns share their storage until they change.
    var answers: [(overrides: CityOverrides, commands: [Command])] = []
    for tick in 0..<site.endTick {
      let commands = policy.commands(observation(tick, overrides))
      answers.append((overrides, commands))
      // In the order in which a run carries them out.
      for command in commands.filter(\.takesBack) + commands.filter({ !$0.takesBack }) {
        let before = found.count
        checkExistence(command, tick)
        guard found.count == before else { continue }
        checkRange(command, tick)
        follow(command, tick)
        overrides.apply(command)
      }
    }
    // Backwards, so that one who remembers what it was asked before gives itself away.
    for tick in (0..<site.endTick).reversed() {
      let answer = answers[Int(tick)]
      if policy.commands(observation(tick, answer.overrides)) != answer.commands {
        found.append("tick \(tick): it answers differently when asked again")
      }
    }
    for (subject, since) in settings.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      checkClaim(on: subject, since..<site.endTick)
    }
  }

  private func observation(_ tick: Tick, _ overrides: CityOverrides) -> Observation {
    Observation(
      moment: Moment(
        tick: tick, clock: site.clock, random: RandomStream(seed: 1), overrides: overrides))
  }
}

extension PolicyConformance {
  /// What it names is there.
  private mutating func checkExistence(_ command: Command, _ tick: Tick) {
    let network = site.network
    switch command {
    case .closeLink(let link), .reopenLink(let link), .limitSpeed(let link, _),
      .restoreSpeed(let link):
      require(0..<network.linkCount ~= link.index, tick, "there is no link \(link)")
    case .blockLane(let blockage), .clearLane(let blockage):
      require(
        0..<network.roadLaneCount ~= blockage.lane.index, tick,
        "there is no road lane \(blockage.lane)")
    case .setSignalPlan(let signal, _), .restoreSignalPlan(let signal):
      require(0..<network.signals.count ~= signal.index, tick, "there is no signal \(signal)")
    case .setParkingPrice(let facility, _), .restoreParkingPrice(let facility):
      require(
        0..<site.map.parkingFacilities.count ~= facility.index, tick,
        "there is no parking facility \(facility)")
    case .addUnits(let post):
      require(
        0..<network.linkCount ~= post.access.link.index, tick,
        "there is no link \(post.access.link)")
    case .setGuidedShare, .restoreGuidedShare, .withdrawPrivileges, .restorePrivileges: break
    }
  }

  /// Its figures are within their ranges.
  private mutating func checkRange(_ command: Command, _ tick: Tick) {
    let network = site.network
    switch command {
    case .blockLane(let b):
      let length = network.laneLength[b.lane]
      require(
        b.from >= 0 && b.from < b.to && b.to <= length, tick,
        "a blockage from \(b.from) to \(b.to) on a lane of \(length) m")
      require(
        b.residualWidth >= 0 && b.residualWidth < network.laneWidth[b.lane], tick,
        "a blockage that leaves \(b.residualWidth) m")
    case .limitSpeed(_, let speed):
      // 5 to 130 km/h, with what rounding may do.
      require(1.388...36.112 ~= speed, tick, "a limit of \(speed) m/s")
    case .setSignalPlan(let signal, let plan):
      if let fault = Self.fault(of: plan, inPlaceOf: network.signals[signal]) {
        require(false, tick, "the plan of signal \(signal) \(fault)")
      }
    case .setParkingPrice(_, let price):
      require(0...1000 ~= price, tick, "a price of \(price) yuan an hour")
    case .setGuidedShare(let share): require(0...1 ~= share, tick, "a share of \(share)")
    case .addUnits(let post):
      require(1...100 ~= post.count, tick, "a post of \(post.count) units")
      require(!post.name.isEmpty, tick, "a post without a name")
      require(post.position.isFinite, tick, "a post nowhere")
      require(
        0...network.linkLength[post.access.link] ~= post.access.offset, tick,
        "a post \(post.access.offset) m along its link")
    case .withdrawPrivileges(let some), .restorePrivileges(let some):
      require(!some.isEmpty && Privileges.all.isSuperset(of: some), tick, "privileges unheard of")
    default: break
    }
  }

  private static func fault(of plan: SignalController, inPlaceOf built: SignalController)
    -> String?
  {
    if plan.junction != built.junction || plan.externalID != built.externalID {
      return "is of another junction"
    }
    if plan.groupCount != built.groupCount
      || plan.phases.contains(where: { $0.states.count != Int(built.groupCount) })
    {
      return "has other groups"
    }
    if plan.phases.isEmpty || plan.phases.contains(where: { $0.milliseconds <= 0 }) {
      return "has a phase without duration"
    }
    let cycle = plan.phases.reduce(Int64(0)) { $0 + Int64($1.milliseconds) }
    if cycle > 86_400_000 { return "does not fit a day" }
    if endsAbruptly(plan), !endsAbruptly(built) { return "ends a green without yellow" }
    return nil
  }

  /// Whether somebody who may go sees red without yellow before it.
  private static func endsAbruptly(_ plan: SignalController) -> Bool {
    plan.phases.indices.contains { i in
      let next = plan.phases[(i + 1) % plan.phases.count]
      return zip(plan.phases[i].states, next.states).contains { now, then in
        (now == .green || now == .permissive) && then == .red
      }
    }
  }

  /// Keeps the books of what stands; what is taken back must have been set.
  private mutating func follow(_ command: Command, _ tick: Tick) {
    switch command {
    case .closeLink(let link): closures[link, default: 0] += 1
    case .reopenLink(let link):
      require(closures[link, default: 0] > 0, tick, "link \(link) is reopened, but was open")
      closures[link, default: 0] -= 1
    case .blockLane(let blockage): blockages.append(blockage)
    case .clearLane(let blockage):
      let i = blockages.firstIndex(of: blockage)
      require(i != nil, tick, "lane \(blockage.lane) is cleared of what was not there")
      if let i { blockages.remove(at: i) }
    case .limitSpeed(let link, _): set(.speedLimit(link), tick)
    case .restoreSpeed(let link): restore(.speedLimit(link), tick)
    case .setSignalPlan(let signal, _): set(.signalPlan(signal), tick)
    case .restoreSignalPlan(let signal): restore(.signalPlan(signal), tick)
    case .setParkingPrice(let facility, _): set(.parkingPrice(facility), tick)
    case .restoreParkingPrice(let facility): restore(.parkingPrice(facility), tick)
    case .setGuidedShare: set(.guidedShare, tick)
    case .restoreGuidedShare: restore(.guidedShare, tick)
    case .addUnits: break
    case .withdrawPrivileges(let some):
      for one in Self.parts(some) { set(.privileges(one), tick) }
    case .restorePrivileges(let some):
      for one in Self.parts(some) { restore(.privileges(one), tick) }
    }
  }

  private mutating func set(_ subject: PolicyClaim.Subject, _ tick: Tick) {
    if settings[subject] == nil { settings[subject] = tick }
  }

  private mutating func restore(_ subject: PolicyClaim.Subject, _ tick: Tick) {
    guard let since = settings.removeValue(forKey: subject) else {
      require(false, tick, "\(subject) is restored, but was not set")
      return
    }
    checkClaim(on: subject, since..<tick)
  }

  /// The policy's claims on a subject cover some ticks without a gap.
  private mutating func checkClaim(on subject: PolicyClaim.Subject, _ ticks: Range<Tick>) {
    let covers = policy.claims.filter { Self.isAbout($0.subject, subject) }.map(\.ticks)
      .sorted { $0.lowerBound < $1.lowerBound }
    var reached = ticks.lowerBound
    for cover in covers where cover.lowerBound <= reached {
      reached = max(reached, cover.upperBound)
    }
    require(
      reached >= ticks.upperBound, ticks.lowerBound,
      "\(subject) stands to tick \(ticks.upperBound), which it does not claim")
  }

  /// A claim on several privileges is one on each.
  private static func isAbout(_ claimed: PolicyClaim.Subject, _ subject: PolicyClaim.Subject)
    -> Bool
  {
    if case .privileges(let all) = claimed, case .privileges(let one) = subject {
      return all.isSuperset(of: one)
    }
    return claimed == subject
  }

  private static func parts(_ privileges: Privileges) -> [Privileges] {
    [.passRed, .filterQueue].filter { privileges.contains($0) }
  }

  private mutating func require(_ isKept: Bool, _ tick: Tick, _ words: String) {
    if !isKept { found.append("tick \(tick): \(words)") }
  }
}
