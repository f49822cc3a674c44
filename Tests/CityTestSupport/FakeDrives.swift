import CityBase
import CityDemand
import CityNetwork
import CitySimulation

/// Stands in for traffic in tests of the domains that ask it for drives: no road, no other cars,
/// only the time that each drive takes.
///
/// A test calls `decide(_:)` before the domain under test decides, as a run does with traffic, and
/// then reads what the domain asked for. Each list names the vehicles in ascending order.
public final class FakeDrives: TrafficServices {
  /// A drive that was begun.
  public struct Begun: Sendable {
    public var vehicle: VehicleID
    public var drive: Drive
    public var tick: Tick
  }
  /// Another destination that was given on the way.
  public struct Redirect: Sendable, Equatable {
    public var vehicle: VehicleID
    public var destination: AccessPoint
    public var tick: Tick
  }
  /// A journey that was completed after its vehicle had left the road.
  public struct Completion: Sendable, Equatable {
    public var vehicle: VehicleID
    public var tick: Tick
    public init(vehicle: VehicleID, tick: Tick) {
      self.vehicle = vehicle
      self.tick = tick
    }
  }
  private struct Journey {
    var position: AccessPoint
    var destination: AccessPoint
    var approach: Tick
    var end: Tick
    var approached = false
  }

  /// Seconds from one place to another; nil where no way leads.
  public var driveSeconds: (AccessPoint, AccessPoint) -> Double? = { _, _ in 0 }
  /// How long before its end a drive is reported as approaching, in seconds. A held vehicle is
  /// always reported at least a tick before it ends, so that its driver can still turn away.
  public var approachSeconds = 0.0
  /// The most drives that `begin` allows.
  public var reservedDrives = Int.max

  public private(set) var released: [VehicleID] = []
  public private(set) var approaching: [VehicleID] = []
  public private(set) var ended: [VehicleID] = []

  public private(set) var begun: [Begun] = []
  public private(set) var redirects: [Redirect] = []
  /// In the order they were asked for; a vehicle leaves the list with its completion.
  public private(set) var held: Set<VehicleID> = []
  public private(set) var completions: [Completion] = []
  /// Every blockage that was put up, by its id; those still standing are in `standing`.
  public private(set) var blockages: [LaneBlockage] = []
  public private(set) var standing: Set<BlockageID> = []
  /// Privileges as they were last set.
  public private(set) var privileges: [VehicleID: Privileges] = [:]
  /// How many searches for travel times there were.
  public private(set) var searches = 0

  private let trips: [Trip]
  private var nextTrip = 0
  private var journeys: [VehicleID: Journey] = [:]
  /// Those under way, ascending.
  private var underWay: [VehicleID] = []
  private var now: Tick = 0

  /// The trips must be in order of departure, as a run has them.
  public init(trips: [Trip] = []) { self.trips = trips }

  /// A fixed time for every drive.
  public convenience init(trips: [Trip] = [], seconds: Double) {
    self.init(trips: trips)
    driveSeconds = { _, _ in seconds }
  }

  /// The same state in a second object, for a run that is resumed.
  public func copy() -> FakeDrives {
    let other = FakeDrives(trips: trips)
    other.driveSeconds = driveSeconds
    other.approachSeconds = approachSeconds
    other.reservedDrives = reservedDrives
    (other.released, other.approaching, other.ended) = (released, approaching, ended)
    (other.begun, other.redirects, other.held) = (begun, redirects, held)
    (other.completions, other.blockages, other.standing) = (completions, blockages, standing)
    (other.privileges, other.searches, other.nextTrip) = (privileges, searches, nextTrip)
    (other.journeys, other.underWay, other.now) = (journeys, underWay, now)
    return other
  }

  /// What traffic does first in phase 2: trips become due, drives come near their end and end.
  public func decide(_ moment: Moment) {
    now = moment.tick
    released.removeAll(keepingCapacity: true)
    approaching.removeAll(keepingCapacity: true)
    ended.removeAll(keepingCapacity: true)
    if !underWay.isEmpty { moveOn() }
    while nextTrip < trips.count,
      trips[nextTrip].departureMilliseconds <= moment.milliseconds
    {
      let trip = trips[nextTrip]
      let vehicle = VehicleID(nextTrip)
      nextTrip += 1
      released.append(vehicle)
      _ = start(vehicle, from: trip.origin, to: trip.destination, moment)
    }
  }

  private func moveOn() {
    for vehicle in underWay {
      guard var journey = journeys[vehicle], now >= journey.approach else { continue }
      if !journey.approached {
        journey.approached = true
        journey.position = journey.destination
        approaching.append(vehicle)
        if held.contains(vehicle) { journey.end = max(journey.end, now + 1) }
      }
      if now >= journey.end { ended.append(vehicle) }
      journeys[vehicle] = now >= journey.end ? nil : journey
    }
    if !ended.isEmpty { underWay.removeAll { journeys[$0] == nil } }
  }

  private func start(
    _ vehicle: VehicleID, from: AccessPoint, to: AccessPoint, _ moment: Moment
  ) -> Bool {
    guard let seconds = driveSeconds(from, to) else { return false }
    let step = moment.clock.stepSeconds
    func ticks(_ seconds: Double) -> Tick { max(1, Tick((seconds / step).rounded(.up))) }
    let isNew = journeys[vehicle] == nil
    journeys[vehicle] = Journey(
      position: from, destination: to, approach: moment.tick + ticks(seconds - approachSeconds),
      end: moment.tick + ticks(seconds))
    if isNew {
      let at = underWay.lastIndex { $0 < vehicle }.map { $0 + 1 } ?? 0
      underWay.insert(vehicle, at: at)
    }
    return true
  }
}

extension FakeDrives {
  public func begin(_ drive: Drive, at moment: Moment) -> VehicleID {
    guard begun.count < reservedDrives else { return .none }
    let vehicle = VehicleID(trips.count + begun.count)
    guard start(vehicle, from: drive.origin, to: drive.destination, moment) else { return .none }
    begun.append(Begun(vehicle: vehicle, drive: drive, tick: moment.tick))
    privileges[vehicle] = drive.privileges
    return vehicle
  }

  public func redirect(_ vehicle: VehicleID, to destination: AccessPoint, at moment: Moment)
    -> Bool
  {
    guard let journey = journeys[vehicle],
      start(vehicle, from: journey.position, to: destination, moment)
    else { return false }
    redirects.append(Redirect(vehicle: vehicle, destination: destination, tick: moment.tick))
    return true
  }

  public func place(of vehicle: VehicleID) -> AccessPoint? { journeys[vehicle]?.position }

  public func hold(_ vehicle: VehicleID) { held.insert(vehicle) }

  public func complete(_ vehicle: VehicleID, at tick: Tick) {
    held.remove(vehicle)
    completions.append(Completion(vehicle: vehicle, tick: tick))
  }

  public func setPrivileges(_ privileges: Privileges, of vehicle: VehicleID) {
    self.privileges[vehicle] = privileges
  }

  public func block(_ blockage: LaneBlockage) -> BlockageID {
    blockages.append(blockage)
    let id = BlockageID(blockages.count - 1)
    standing.insert(id)
    return id
  }

  public func unblock(_ blockage: BlockageID) { standing.remove(blockage) }

  public func seconds(
    from origins: [AccessPoint], to destination: AccessPoint, at moment: Moment
  ) -> [Double?] {
    searches += 1
    return origins.map { driveSeconds($0, destination) }
  }

  public func seconds(
    from origin: AccessPoint, to destinations: [AccessPoint], at moment: Moment
  ) -> [Double?] {
    searches += 1
    return destinations.map { driveSeconds(origin, $0) }
  }
}
