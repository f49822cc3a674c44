import CityBase
import CityNetwork
import CitySimulation

/// Looking for a space: setting out, coming upon a facility, driving on, giving up.
extension ParkingDomain {
  /// A trip has become due: a facility becomes its goal.
  func setOut(_ v: Int, _ moment: Moment) {
    guard needsSpace(v) else { return }
    guard driveToNext(v, moment) else {
      drivers[v].outcome = .nowhere
      return
    }
    drivers[v].state = .searching
    traffic.hold(VehicleID(v))
  }

  /// The driver sees whether he is let in.
  func comeUpon(_ v: Int, _ moment: Moment) {
    guard needsSpace(v), drivers[v].state == .searching, !takeBay(v, moment) else { return }
    noteRefusal(v, moment)
    if drivers[v].refusals >= settings.maxTries || !driveToNext(v, moment) { giveUp(v, moment) }
  }

  /// The vehicle has left the road.
  func endDrive(_ v: Int, _ moment: Moment) {
    guard needsSpace(v) else { return }
    switch drivers[v].state {
    case .bound: park(v, moment)
    case .searching:
      // He is there without having come upon it: it began on the same road.
      if takeBay(v, moment) {
        park(v, moment)
      } else {
        noteRefusal(v, moment)
        settle(v, as: .gaveUp, moment)
        completeAndGo(v, moment)
      }
    case .stopping: blockLane(v, moment)
    case .leaving: completeAndGo(v, moment)
    default: break
    }
  }

  /// A guided driver on the way hears whether his facility has filled up, and drives to another
  /// one that has room. Nobody refused him, so this is no try.
  func lookAgain(_ v: Int, _ moment: Moment) {
    guard needsSpace(v), drivers[v].state == .searching else { return }
    drivers[v].isFollowing = false
    guard isGuided(v, moment) else { return }
    let facility = Int(drivers[v].facility)
    let isOpen = supply[facility].openingHours.isOpen(at: clock.instant(of: moment.tick))
    if bays.freeBays(of: facility) == 0 || !isOpen { _ = driveToPromising(v, moment) }
    followGuidance(v, moment)
  }

  /// Chooses among the facilities not tried yet and drives there; false where none will do. Bays
  /// come free on the way, so that a facility which is full now is better than none.
  private func driveToNext(_ v: Int, _ moment: Moment) -> Bool {
    var options = options(for: v, moment)
    if drive(v, to: &options, moment) { return true }
    for i in options.indices where options[i].availability == .full {
      options[i].availability = .unknown
    }
    return drive(v, to: &options, moment)
  }

  /// Chooses among the facilities that are known to have room.
  private func driveToPromising(_ v: Int, _ moment: Moment) -> Bool {
    var options = options(for: v, moment)
    return drive(v, to: &options, moment)
  }

  /// Drives to the option of the driver's choice. Those to which no way leads leave the list.
  private func drive(_ v: Int, to options: inout [ParkingOption], _ moment: Moment) -> Bool {
    let driver = ParkingDriver(
      valueOfTimeCNYPerHour: draws.valueOfTime(trips[v].key),
      walkingWeight: settings.drivers.walkingWeight)
    while !options.isEmpty, let i = settings.choice.choose(options, for: driver),
      options.indices.contains(i)
    {
      let facility = options[i].facility
      if let access = supply[facility.index].access,
        traffic.redirect(VehicleID(v), to: access, at: moment)
      {
        drivers[v].facility = facility.rawValue
        followGuidance(v, moment)
        return true
      }
      options.remove(at: i)
    }
    return false
  }

  func isGuided(_ v: Int, _ moment: Moment) -> Bool {
    let share = moment.overrides.guidedShare ?? settings.guidedShare
    return draws.isGuided(trips[v].key, share: share)
  }

  private func followGuidance(_ v: Int, _ moment: Moment) {
    guard !drivers[v].isFollowing, isGuided(v, moment) else { return }
    drivers[v].isFollowing = true
    timers.add(
      ParkingTimer(at: moment.tick + ticks(settings.guidanceMilliseconds), .guidance, v))
  }

  private func noteRefusal(_ v: Int, _ moment: Moment) {
    drivers[v].refusals += 1
    if drivers[v].firstRefusal < 0 { drivers[v].firstRefusal = moment.tick }
    interval.refused += 1
    let hits = finder.nearest(to: destination(of: v))
    if let place = hits.firstIndex(where: { $0.facility == Int(drivers[v].facility) }) {
      drivers[v].tried |= 1 << UInt16(place)
    }
  }

  private func giveUp(_ v: Int, _ moment: Moment) {
    let vehicle = VehicleID(v)
    if draws.doubleParks(trips[v].key),
      traffic.redirect(vehicle, to: trips[v].destination, at: moment)
    {
      drivers[v].state = .stopping
      drivers[v].facility = -1
      return
    }
    settle(v, as: .gaveUp, moment)
    drivers[v].state = .leaving
    drivers[v].facility = -1
    // Where no way leads back he goes on, and his journey ends where his drive ends.
    if !traffic.redirect(vehicle, to: trips[v].origin, at: moment) {
      _ = traffic.redirect(vehicle, to: trips[v].destination, at: moment)
    }
  }

  /// The search is over.
  func settle(_ v: Int, as outcome: ParkingOutcome, _ moment: Moment) {
    drivers[v].outcome = outcome
    drivers[v].settled = moment.tick
  }

  private func completeAndGo(_ v: Int, _ moment: Moment) {
    drivers[v].state = .gone
    drivers[v].facility = -1
    traffic.complete(VehicleID(v), at: moment.tick)
  }
}
