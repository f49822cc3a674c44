import CityBase
import CityDemand
import CityNetwork
import CitySimulation

/// Parking on the common clock: who stands where, who looks for a space, who has given up.
///
/// A trip that needs a public space drives to a facility instead of its destination. When it comes
/// upon the facility's road its driver sees whether a bay is free: then the bay is his, and from
/// there he walks; otherwise he has been refused, and drives on to the next. After some tries he
/// stops in the lane at his destination, or drives back. At the end of the stay the car leaves on a
/// trip home. Cars that stand there at the start leave one after the other.
///
/// - **Search time**: seconds from the first refusal to standing in a bay (or in the lane, or to
///   giving up); 0 for who gets a bay at the first try.
/// - **Cruising**: having been refused at least once.
public final class ParkingDomain: ReportingDomain {
  public let name = "parking"
  let supply: [ParkingSupply]
  let settings: ParkingSettings
  let trips: [Trip]
  let network: RoadNetwork
  let traffic: any TrafficServices
  let clock: Clock
  let draws: DriverDraws
  let finder: FacilityFinder
  /// The stable hashes of the facilities' ids.
  let facilityKeys: [UInt64]
  /// Where cars that were there at the start may go: roads that have doors.
  let homeLinks: [LinkID]
  /// By the raw value of a purpose.
  private let needsSpace: [Bool]

  /// By trip.
  var drivers: [Driver]
  var bays: BayBook
  var timers = ParkingTimers()
  var meter: OccupancyMeter
  var interval = ParkingInterval()
  /// Until when the run has come, in milliseconds from the epoch.
  var now: Int64 = 0

  /// Puts the parking of a run together. `trips` are those of the demand, in the order of their
  /// vehicles' ids; figures count trips due within `measured` (milliseconds from the epoch).
  public init(
    supply: [ParkingSupply], settings: ParkingSettings, trips: [Trip], network: RoadNetwork,
    traffic: any TrafficServices, clock: Clock, measured: Range<Int64>, random: RandomStream
  ) {
    let supply = supply.map { Self.onNetwork($0, network) }
    self.supply = supply
    self.settings = settings
    self.trips = trips
    self.network = network
    self.traffic = traffic
    self.clock = clock
    draws = DriverDraws(random: random, settings: settings)
    let bays = BayBook(supply)
    self.bays = bays
    finder = FacilityFinder(
      supply, isUsable: { bays.capacity(of: $0) > 0 }, radius: settings.searchRadius)
    facilityKeys = supply.map { StableHash.of($0.externalID) }
    homeLinks = (0..<network.linkCount).lazy.map { LinkID($0) }.filter {
      network.linkClass[$0] > .trunk && network.linkAccess[$0].contains(.car)
    }
    needsSpace = TripPurpose.allCases.map { settings.purposes.contains($0) }
    drivers = Array(repeating: Driver(), count: trips.count)
    meter = OccupancyMeter(window: measured)
    placeStrangers()
  }

  /// The most drives that such a run begins: traffic has to reserve room for them.
  public static func reservedDrives(
    trips: [Trip], supply: [ParkingSupply], settings: ParkingSettings
  ) -> Int {
    trips.count { $0.relation.endsInside && settings.purposes.contains($0.purpose) }
      + supply.reduce(0) { $0 + settings.initial.cars(in: $1) }
  }

  /// Phase 2: bays come free, then drivers come upon facilities and reach them, then others set
  /// out.
  public func decide(_ moment: Moment) {
    while let timer = timers.next(dueAt: moment.tick) { handle(timer, moment) }
    for vehicle in traffic.approaching { comeUpon(vehicle.index, moment) }
    for vehicle in traffic.ended { endDrive(vehicle.index, moment) }
    for vehicle in traffic.released { setOut(vehicle.index, moment) }
  }

  public func advance(_ moment: Moment) { now = clock.milliseconds(of: moment.tick + 1) }
  public func insert(_ moment: Moment) {}

  private func handle(_ timer: ParkingTimer, _ moment: Moment) {
    let subject = Int(timer.subject)
    switch ParkingTimer.Kind(rawValue: timer.kind) {
    case .stayEnds: leaveBay(subject, moment)
    case .strangerLeaves: strangerLeaves(bay: subject, moment)
    case .blockageEnds: leaveLane(subject, moment)
    case .walkEnds: arriveOnFoot(subject, moment)
    case .guidance: lookAgain(subject, moment)
    case nil: break
    }
  }

  /// Whether the trip of a vehicle needs a public space; drives that were begun do not.
  func needsSpace(_ v: Int) -> Bool {
    trips.indices.contains(v) && trips[v].relation.endsInside
      && needsSpace[Int(trips[v].purpose.rawValue)]
  }

  /// The ticks that a time in milliseconds takes, 1 or more.
  func ticks(_ milliseconds: Int64) -> Tick { max(1, clock.tick(atOrAfter: milliseconds)) }

  private static func onNetwork(_ supply: ParkingSupply, _ network: RoadNetwork) -> ParkingSupply {
    guard let access = supply.access, !(0..<network.linkCount).contains(access.link.index) else {
      return supply
    }
    var unreachable = supply
    unreachable.access = nil
    return unreachable
  }
}
