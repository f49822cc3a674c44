import CityBase
import CityModel
import CityNetwork
import CitySimulation

/// What a driver can choose from.
extension ParkingDomain {
  /// Where the trip of a driver wants to end, in metres of the working CRS.
  func destination(of v: Int) -> Point2 {
    let place = trips[v].destination
    return network.linkPosition(place.link, place.offset).point
  }

  /// The facilities near the destination that he has not tried and can reach, nearest first, with
  /// what he knows of them now. One search over the network.
  func options(for v: Int, _ moment: Moment) -> [ParkingOption] {
    guard let place = traffic.place(of: VehicleID(v)) else { return [] }
    let hits = finder.nearest(to: destination(of: v)).enumerated().filter {
      drivers[v].tried & (1 << UInt16($0.offset)) == 0
    }.map(\.element)
    let targets = hits.compactMap { supply[$0.facility].access }
    guard targets.count == hits.count, !targets.isEmpty else { return [] }
    let seconds = traffic.seconds(from: place, to: targets, at: moment)
    let isGuided = isGuided(v, moment)
    let stay = draws.stay(trips[v].key, trips[v].purpose)
    var options: [ParkingOption] = []
    options.reserveCapacity(hits.count)
    for (i, hit) in hits.enumerated() {
      guard seconds.indices.contains(i), let drive = seconds[i], drive.isFinite else { continue }
      options.append(
        option(hit, driver: v, drive: drive, stay: stay, isGuided: isGuided, moment))
    }
    return options
  }

  private func option(
    _ hit: FacilityFinder.Hit, driver v: Int, drive: Double, stay: Int64, isGuided: Bool,
    _ moment: Moment
  ) -> ParkingOption {
    let walk = Walking.meters(straight: hit.distance)
    let price = price(of: hit.facility, moment)
    return ParkingOption(
      facility: ParkingFacilityID(hit.facility), type: supply[hit.facility].type,
      availability: availability(of: hit.facility, drive: drive, isGuided: isGuided, moment),
      driveSeconds: drive, walkMeters: walk, walkSeconds: Walking.seconds(meters: walk),
      feeCNY: ParkingFee.yuan(
        milliseconds: Self.standing(stay: stay, walk: walk), pricePerHour: price),
      tasteCNY: draws.taste(trips[v].key, facility: facilityKeys[hit.facility]))
  }

  /// Opening hours are posted, and everyone minds them for the time he would get there; only
  /// guided drivers know the occupancy.
  private func availability(
    of facility: Int, drive: Double, isGuided: Bool, _ moment: Moment
  ) -> ParkingAvailability {
    let way = Int64(exactly: (min(86_400, max(0, drive)) * 1000).rounded()) ?? 0
    let there = clock.instant(of: moment.tick).advanced(byMilliseconds: way)
    if !supply[facility].openingHours.isOpen(at: there) { return .closed }
    guard isGuided else { return .unknown }
    let free = bays.freeBays(of: facility)
    return free > 0 ? .free(free) : .full
  }

  /// Yuan an hour: a policy's price, or the facility's own.
  func price(of facility: Int, _ moment: Moment) -> Double {
    moment.overrides.parkingPrice(of: ParkingFacilityID(facility))
      ?? supply[facility].priceCNYPerHour
  }

  /// How long the car stands for a stay at the destination: the walk there and back comes on top,
  /// so that where one parks does not shorten what one came for. Milliseconds.
  static func standing(stay: Int64, walk meters: Double) -> Int64 {
    let walk = (2000 * Walking.seconds(meters: meters)).rounded()
    return stay + (Int64(exactly: min(86_400_000, max(0, walk))) ?? 0)
  }
}
