import CityBase
import CityDemand
import CityModel
import CityNetwork
import CityParking
import CitySimulation
import CityTestSupport

/// Parking alone on a small grid, with drives that take a fixed time.
final class ParkingRun {
  static let network = GridNetwork(size: 3, spacing: 200).build()
  /// Monday, 08:00 in China.
  static let start = Instant(millisecondsSince1970: 1_772_409_600_000, zoneSeconds: 28800)

  let clock: Clock
  let random: RandomStream
  let supply: [ParkingSupply]
  let settings: ParkingSettings
  let trips: [Trip]
  let measured: Range<Int64>
  let drives: FakeDrives
  let parking: ParkingDomain
  var overrides = CityOverrides(linkCount: ParkingRun.network.linkCount)
  private(set) var tick: Tick = 0

  init(
    supply: [ParkingSupply], settings: ParkingSettings, trips: [Trip], step: Int64 = 1000,
    seed: UInt64 = 1, start: Instant = ParkingRun.start, measured: Range<Int64> = 0..<1 << 40,
    drives: FakeDrives? = nil, at tick: Tick = 0
  ) {
    clock = Clock(epoch: start, stepMilliseconds: step)
    random = RandomStream(seed: seed)
    (self.supply, self.settings, self.trips, self.measured) = (supply, settings, trips, measured)
    self.drives = drives ?? FakeDrives(trips: trips)
    self.tick = tick
    parking = ParkingDomain(
      supply: supply, settings: settings, trips: trips, network: Self.network,
      traffic: self.drives, clock: clock, measured: measured, random: random)
  }

  func step() {
    let moment = Moment(tick: tick, clock: clock, random: random, overrides: overrides)
    drives.decide(moment)
    parking.decide(moment)
    parking.advance(moment)
    parking.insert(moment)
    tick += 1
  }

  func step(until end: Tick) { while tick < end { step() } }

  /// The state as a checkpoint has it.
  var bytes: [UInt8] {
    var writer = StateWriter()
    parking.encodeState(into: &writer)
    return writer.bytes
  }

  /// The same run in other objects, from this moment on.
  func resumed() throws(CityError) -> ParkingRun {
    let other = ParkingRun(
      supply: supply, settings: settings, trips: trips, step: clock.stepMilliseconds,
      seed: random.seed, start: clock.epoch, measured: measured, drives: drives.copy(), at: tick)
    other.overrides = overrides
    var reader = StateReader(bytes, file: "checkpoint")
    try other.parking.decodeState(from: &reader)
    guard reader.isAtEnd else { throw .refused("bytes are left over") }
    return other
  }

  /// A figure of the group `parking`.
  func figure(_ name: String) -> Double {
    switch parking.metrics()[0].figures.first(where: { $0.name == name })?.value {
    case .integer(let value): Double(value)
    case .number(let value, _): value
    default: .nan
    }
  }

  /// The rows of `parking.csv` by trip.
  var rows: [String: [PropertyValue]] {
    guard let table = parking.tables(clock: clock).first else { return [:] }
    var rows: [String: [PropertyValue]] = [:]
    for i in 0..<table.rowCount {
      let row = table.row(i)
      if case .text(let trip) = row[0] { rows[trip] = row }
    }
    return rows
  }

  /// The outcome of a trip in `parking.csv`.
  func outcome(_ trip: String) -> String? {
    guard case .text(let word) = rows[trip]?.last else { return nil }
    return word
  }
}

extension ParkingRun {
  /// The middle of a link.
  static func middle(_ link: Int) -> AccessPoint {
    AccessPoint(link: LinkID(link), offset: network.linkLength[LinkID(link)] / 2)
  }
  static func position(_ place: AccessPoint) -> Point2 {
    network.linkPosition(place.link, place.offset).point
  }

  /// A facility at the middle of a link.
  static func facility(
    _ name: String, link: Int, bays: Int, price: Double = 0, type: ParkingType = .surface,
    hours: OpeningHours = .always
  ) -> ParkingSupply {
    ParkingSupply(
      externalID: name, position: position(middle(link)), type: type, capacity: bays,
      priceCNYPerHour: price, openingHours: hours, access: middle(link))
  }

  /// A trip between the middles of two links.
  static func trip(
    _ name: String, at milliseconds: Int64, from: Int = 0, to: Int, _ purpose: TripPurpose = .other
  ) -> Trip {
    Trip(
      name: name, departureMilliseconds: milliseconds, origin: middle(from),
      destination: middle(to), purpose: purpose)
  }

  /// Nobody parked at the start.
  static func emptySettings(_ change: (inout ParkingSettings) -> Void = { _ in }) -> ParkingSettings
  {
    var settings = ParkingSettings()
    settings.initial.garage = 0
    settings.initial.surface = 0
    settings.initial.kerb = 0
    change(&settings)
    return settings
  }

  /// A busy town: six facilities of all kinds, cars parked at the start, many trips, slow roads.
  static func town(seed: UInt64 = 1, trips count: Int = 600, step: Int64 = 1000) -> ParkingRun {
    let supply = [
      facility("garage", link: 2, bays: 20, price: 8, type: .garage),
      facility("kerb", link: 9, bays: 4, price: 4, type: .kerb),
      facility("day", link: 14, bays: 6, hours: OpeningHours("08:20-08:50") ?? .always),
      facility("free", link: 20, bays: 5),
      facility("none", link: 5, bays: 0),
      facility("lane", link: 25, bays: 3, price: 2, type: .kerb),
    ]
    var settings = ParkingSettings()
    settings.guidedShare = 0.4
    settings.maxTries = 3
    settings.doubleParking.share = 0.5
    settings.stays.meanMilliseconds = settings.stays.meanMilliseconds.map { $0 / 8 }
    settings.initial.meanMilliseconds = 900_000
    let random = RandomStream(seed: seed)
    let trips = (0..<count).map { i in
      trip(
        "t\(i)", at: Int64(i) * 5000,
        from: random.below(network.linkCount, .originZone, UInt64(i)),
        to: random.below(network.linkCount, .destinationZone, UInt64(i)),
        TripPurpose.allCases[random.below(7, .tripPurpose, UInt64(i))])
    }
    let drives = FakeDrives(trips: trips)
    drives.driveSeconds = { position($0).distance(to: position($1)) / 5 }
    return ParkingRun(
      supply: supply, settings: settings, trips: trips, step: step, seed: seed, drives: drives)
  }
}
