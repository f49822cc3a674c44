import CityBase
import CityNetwork
import CitySimulation

/// Cars that stand there when the run begins.
extension ParkingDomain {
  /// Puts them into the lowest bays of their facilities, and draws when each leaves.
  func placeStrangers() {
    for facility in supply.indices {
      let cars = min(settings.initial.cars(in: supply[facility]), bays.capacity(of: facility))
      for car in 0..<cars {
        guard let bay = bays.take(facility, for: BayBook.stranger) else { break }
        bays.occupy(bay)
        let stay = draws.stayFromStart(facility: facilityKeys[facility], car: car)
        timers.add(ParkingTimer(at: ticks(stay), .strangerLeaves, bay))
      }
    }
  }

  /// One of them leaves for somewhere: a road drawn among those with doors, whatever trips there
  /// are, so that another trip changes nothing for him. After some draws to which no way leads he
  /// is out of sight.
  func strangerLeaves(bay: Int, _ moment: Moment) {
    guard bays.occupant.indices.contains(bay), bays.occupant[bay] == BayBook.stranger else {
      return
    }
    meter.add(cars: bays.allOccupied, until: moment.milliseconds)
    bays.vacate(bay)
    let facility = Int(bays.facilityOfBay[bay])
    guard let access = supply[facility].access, !homeLinks.isEmpty else { return }
    let car = bay - bays.bays(of: facility).lowerBound
    for attempt in 1...4 {
      let home = homeLinks[
        draws.random.below(
          homeLinks.count, .parkingAtStart, facilityKeys[facility],
          UInt64(car) * 8 + UInt64(attempt))]
      let drive = Drive(
        name: "\(supply[facility].externalID)-car-\(car + 1)",
        key: StableHash.mix(facilityKeys[facility] &+ UInt64(car) &* 0x9E37_79B9_7F4A_7C15),
        origin: access,
        destination: AccessPoint(link: home, offset: network.linkLength[home] / 2),
        purpose: .home, isTrip: true)
      if traffic.begin(drive, at: moment).isSome { return }
    }
  }
}
