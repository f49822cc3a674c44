import CityBase
import CityNetwork
import CitySimulation

/// Ambulances, fire engines and police cars, and the calls they serve.
///
/// A call asks for one unit; a unit has one call. Where several calls wait, the most urgent goes
/// first, then the earliest. A unit's life: idle at its post, turnout, en route, on scene, and for
/// some medical calls transport to the hospital that is nearest by travel time and handover there;
/// then it is free and returns to its post, and may be sent to the next call from wherever it is.
/// Units drive in traffic like everybody else, on the way to a call and with a patient with the
/// privileges that the scenario gives them. A unit that already stands where it is sent is there
/// without a drive. A drive that cannot begin (no way leads there) is tried again every half minute.
public final class EmergencyDomain: ReportingDomain {
  public let name = "emergency"

  let network: RoadNetwork
  let traffic: any TrafficServices
  let settings: EmergencySettings
  let clock: Clock
  let measured: Range<Int64>
  let random: RandomStream
  let hospitals: [HospitalSite]
  let hospitalPlaces: [AccessPoint]
  /// In order of time.
  let calls: [Call]
  /// How many posts the city itself has; policies add further ones behind them.
  let ownPosts: Int

  var posts: [UnitPost] = []
  var units: [EmergencyUnit] = []
  /// The units of each kind, ascending.
  var unitsOfKind: [[Int]] = [[], [], []]
  var records: [CallRecord]
  /// The first call that is not due yet.
  var nextCall = 0
  /// How many of the posts that policies added are in service.
  var addedPosts = 0
  var withdrawn: Privileges = []
  var counts = EmergencyCounts()
  /// Milliseconds at the end of the tick just done.
  var now: Int64 = 0

  // What follows is made anew from the above when a run is resumed.
  var timers = TimerHeap()
  var queues = [CallQueue(), CallQueue(), CallQueue()]
  var unitOfVehicle: [VehicleID: Int] = [:]
  /// Before this tick nothing happens unless a drive ends or a policy changes something, so that
  /// most ticks cost next to nothing.
  var quietUntil: Tick = 0
  var seenVersion: UInt32?

  // What follows is empty between two ticks.
  /// Kinds of units for which a call has come or a unit has become free.
  var mustServe = [false, false, false]
  /// Units that have become free and go home unless they are sent elsewhere.
  var homeward: [Int] = []
  var candidates: [DispatchCandidate] = []
  var candidateUnits: [Int] = []
  var origins: [AccessPoint] = []

  /// A drive that could not begin is tried again after so long.
  static let retryMilliseconds: Int64 = 30_000
  /// After so many tries for a way to a hospital the patient is treated on the spot.
  static let mostTransportTries = 10

  /// Puts the units at their posts. `measured` is in milliseconds from the start of the clock:
  /// figures are about the calls that come within it.
  public init(
    sites: EmergencySites, calls: [Call], settings: EmergencySettings, network: RoadNetwork,
    traffic: any TrafficServices, clock: Clock, measured: Range<Int64>, random: RandomStream
  ) {
    self.network = network
    self.traffic = traffic
    self.settings = settings
    self.clock = clock
    self.measured = measured
    self.random = random
    hospitals = sites.hospitals
    hospitalPlaces = sites.hospitals.map(\.access)
    self.calls = calls.inOrderOfTime()
    ownPosts = sites.posts.count
    records = Array(repeating: CallRecord(), count: calls.count)
    for post in sites.posts { putIntoService(post, at: 0) }
  }

  /// How many drives these calls can ask traffic for at most: to the scene, to a hospital and back.
  public static func reservedDrives(calls: [Call]) -> Int { 3 * calls.count }

  /// Drives that could not begin or be turned round, and calls to which no free unit had a way.
  public var failedDrives: Int { Int(counts.failedDrives) }

  /// Calls that a unit has reached.
  public var servedCalls: Int { Int(counts.served) }

  /// Phase 2: what policies changed, calls that have come, drives that have ended, times that are
  /// over, then units for the calls that wait.
  public func decide(_ moment: Moment) {
    now = moment.milliseconds + clock.stepMilliseconds
    let isQuiet = moment.tick < quietUntil && moment.overrides.version == seenVersion
    if isQuiet, unitOfVehicle.isEmpty || traffic.ended.isEmpty { return }
    followOverrides(moment)
    takeArrivals(moment)
    takeInCalls(moment)
    while (timers.next ?? .max) <= moment.tick || mustServe.contains(true) {
      while let timer = timers.take(dueAt: moment.tick) { fire(timer, moment) }
      serveQueues(moment)
      sendHome(moment)
    }
    let nextTick =
      nextCall < calls.count ? clock.tick(atOrAfter: calls[nextCall].milliseconds) : .max
    quietUntil = min(nextTick, timers.next ?? .max)
    seenVersion = moment.overrides.version
  }

  public func advance(_ moment: Moment) {}
  public func insert(_ moment: Moment) {}

  /// Adds a post with its units, named after it: `POST-ambulance-1` and so on.
  func putIntoService(_ asked: UnitPost, at milliseconds: Int64) {
    var post = asked
    post.count = min(max(0, asked.count), SiteBuilder.mostUnits)
    var number = units.count {
      posts[$0.post].name == post.name && posts[$0.post].kind == post.kind
    }
    posts.append(post)
    for _ in 0..<post.count {
      number += 1
      unitsOfKind[Int(post.kind.rawValue)].append(units.count)
      units.append(
        EmergencyUnit(
          name: "\(post.name)-\(post.kind.word)-\(number)", post: posts.count - 1, kind: post.kind,
          place: post.access, since: milliseconds))
    }
  }

  /// Posts that policies added come into service, and privileges are taken away or given back.
  private func followOverrides(_ moment: Moment) {
    while addedPosts < moment.overrides.addedUnits.count {
      let post = moment.overrides.addedUnits[addedPosts]
      addedPosts += 1
      guard 0..<network.linkCount ~= post.access.link.index else { continue }
      putIntoService(post, at: moment.milliseconds)
      mustServe[Int(post.kind.rawValue)] = true
    }
    guard moment.overrides.withdrawnPrivileges != withdrawn else { return }
    withdrawn = moment.overrides.withdrawnPrivileges
    for unit in units where unit.isDriving && !unit.state.isFree {
      traffic.setPrivileges(privileges, of: unit.vehicle)
    }
  }

  /// What units on the way to a call, or with a patient, may do now.
  var privileges: Privileges { settings.privileges.subtracting(withdrawn) }

  private func takeInCalls(_ moment: Moment) {
    while nextCall < calls.count, calls[nextCall].milliseconds <= moment.milliseconds {
      let call = nextCall
      nextCall += 1
      let scene = scene(of: call)
      records[call].blockages = scene.blockages.map { traffic.block($0).rawValue }
      counts.due += 1
      counts.intervalCalls += 1
      enqueue(call)
    }
  }

  func scene(of call: Int) -> AccidentScene {
    AccidentScene(calls[call], network: network, settings: settings, random: random)
  }

  /// Puts a call into the queue of its kind.
  func enqueue(_ call: Int) {
    records[call].status = .queued
    records[call].retry = -1
    let kind = Int(calls[call].kind.unit.rawValue)
    queues[kind].add(call) { calls[$0].priority }
    mustServe[kind] = true
  }

  /// Leaves a call waiting for half a minute before it is looked at again.
  func hold(_ call: Int, _ moment: Moment) {
    records[call].status = .queued
    records[call].retry = clock.tick(
      atOrAfter: moment.milliseconds + Self.retryMilliseconds)
    timers.add(TimerHeap.Timer(tick: records[call].retry, subject: 2 * call + 1))
  }

  /// Lets a unit wait for a time.
  func wait(_ unit: Int, milliseconds: Int64, _ moment: Moment) {
    let step = clock.stepMilliseconds
    // The nearest tick, so that times are right on average.
    units[unit].due = moment.tick + (milliseconds + step / 2) / step
    timers.add(TimerHeap.Timer(tick: units[unit].due, subject: 2 * unit))
  }
}

/// What is counted as it happens.
struct EmergencyCounts: Sendable, Equatable {
  /// Calls that have come, and of these those that a unit has reached.
  var due: Int64 = 0
  var served: Int64 = 0
  /// See `EmergencyDomain.failedDrives`.
  var failedDrives: Int64 = 0
  /// Since the last row of the time series.
  var intervalCalls: Int64 = 0
  var intervalServed: Int64 = 0
}
