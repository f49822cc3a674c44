import CityBase
import CityDemand
import CityNetwork
import CitySimulation

/// In the bay, on foot, and away again.
extension ParkingDomain {
  /// Makes a free bay of the driver's facility his own; false where none is free or it is closed.
  func takeBay(_ v: Int, _ moment: Moment) -> Bool {
    let facility = Int(drivers[v].facility)
    guard supply.indices.contains(facility),
      supply[facility].openingHours.isOpen(at: clock.instant(of: moment.tick)),
      let bay = bays.take(facility, for: Int32(v))
    else { return false }
    let straight = supply[facility].position.distance(to: destination(of: v))
    let walk = Walking.meters(straight: straight)
    let stay = draws.stay(trips[v].key, trips[v].purpose)
    drivers[v].state = .bound
    drivers[v].bay = Int32(bay)
    drivers[v].walkMeters = walk
    drivers[v].stayMilliseconds = Self.standing(stay: stay, walk: walk)
    drivers[v].feeCNY = ParkingFee.yuan(
      milliseconds: drivers[v].stayMilliseconds, pricePerHour: price(of: facility, moment))
    return true
  }

  /// The car stands in its bay; the driver sets out on foot.
  func park(_ v: Int, _ moment: Moment) {
    meter.add(cars: bays.allOccupied, until: moment.milliseconds)
    bays.occupy(Int(drivers[v].bay))
    settle(v, as: .parked, moment)
    interval.parked += 1
    drivers[v].state = .walking
    timers.add(
      ParkingTimer(at: moment.tick + ticks(drivers[v].stayMilliseconds), .stayEnds, v))
    let walk = Walking.seconds(meters: drivers[v].walkMeters) * 1000
    let milliseconds = Int64(exactly: min(86_400_000, max(0, walk)).rounded()) ?? 0
    if milliseconds == 0 {
      arriveOnFoot(v, moment)
    } else {
      timers.add(ParkingTimer(at: moment.tick + ticks(milliseconds), .walkEnds, v))
    }
  }

  /// The driver is at his destination: his journey ends.
  func arriveOnFoot(_ v: Int, _ moment: Moment) {
    guard needsSpace(v), drivers[v].state == .walking else { return }
    drivers[v].state = .staying
    traffic.complete(VehicleID(v), at: moment.tick)
  }

  /// The stay is over: the bay is free, and the car on its way home.
  func leaveBay(_ v: Int, _ moment: Moment) {
    guard needsSpace(v), drivers[v].state.isStanding else { return }
    arriveOnFoot(v, moment)
    meter.add(cars: bays.allOccupied, until: moment.milliseconds)
    bays.vacate(Int(drivers[v].bay))
    let access = supply[Int(drivers[v].facility)].access
    drivers[v].bay = -1
    drivers[v].state = .gone
    if let access { driveHome(v, from: access, moment) }
  }

  func driveHome(_ v: Int, from place: AccessPoint, _ moment: Moment) {
    let trip = trips[v]
    _ = traffic.begin(
      Drive(
        name: "\(trip.name)-return", key: StableHash.mix(trip.key ^ 0x7265_7475_726E),
        origin: place,
        destination: trip.origin, purpose: .home, isTrip: true), at: moment)
  }
}

/// Standing in the lane.
extension ParkingDomain {
  /// Metres that a car takes up.
  static var carLength: Float { 4.5 }

  /// The car stops in the kerb lane at the destination; the driver is there.
  func blockLane(_ v: Int, _ moment: Moment) {
    let place = trips[v].destination
    let front = max(Self.carLength, min(place.offset, network.linkLength[place.link]))
    let blockage = LaneBlockage(
      lane: LaneID(network.lanes(of: place.link).lowerBound), from: front - Self.carLength,
      to: front, residualWidth: Float(settings.doubleParking.residualWidth))
    settle(v, as: .doubleParked, moment)
    drivers[v].state = .doubleParked
    drivers[v].blockage = traffic.block(blockage).rawValue
    drivers[v].stayMilliseconds = draws.doubleParkingTime(trips[v].key)
    timers.add(
      ParkingTimer(at: moment.tick + ticks(drivers[v].stayMilliseconds), .blockageEnds, v))
    traffic.complete(VehicleID(v), at: moment.tick)
  }

  /// The lane is free again, and the car on its way home.
  func leaveLane(_ v: Int, _ moment: Moment) {
    guard needsSpace(v), drivers[v].state == .doubleParked else { return }
    traffic.unblock(BlockageID(rawValue: drivers[v].blockage))
    drivers[v].blockage = -1
    drivers[v].state = .gone
    driveHome(v, from: trips[v].destination, moment)
  }
}
