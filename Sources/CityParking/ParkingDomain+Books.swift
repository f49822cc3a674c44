import CityBase

/// Whether the books balance.
extension ParkingDomain {
  public func violations() -> [String] { bayViolations() + driverViolations() }

  /// No bay has two owners because it has one entry; here each entry is held against the drivers
  /// and the counts.
  private func bayViolations() -> [String] {
    var found: [String] = []
    for facility in supply.indices {
      var taken = 0
      var standing = 0
      for bay in bays.bays(of: facility) {
        let owner = bays.occupant[bay]
        if owner == BayBook.free { continue }
        taken += 1
        guard owner != BayBook.stranger else {
          standing += 1
          continue
        }
        guard drivers.indices.contains(Int(owner)), drivers[Int(owner)].bay == Int32(bay) else {
          found.append("bay \(bay) belongs to trip \(owner), which does not know of it")
          continue
        }
        if drivers[Int(owner)].state.isStanding { standing += 1 }
      }
      let name = supply[facility].externalID
      if taken != Int(bays.taken[facility]) || standing != Int(bays.occupied[facility]) {
        found.append("\(name) counts other bays than are taken")
      }
      if !(0...bays.capacity(of: facility)).contains(taken) || standing > taken {
        found.append("\(name) has \(taken) bays taken and \(standing) occupied")
      }
    }
    let standing = bays.occupied.reduce(0) { $0 + Int($1) }
    if standing != bays.allOccupied { found.append("the sum of parked cars is wrong") }
    return found
  }

  private func driverViolations() -> [String] {
    drivers.indices.compactMap { v in
      complaint(about: drivers[v], of: v).map { "trip \(trips[v].name) \($0)" }
    }
  }

  private func complaint(about driver: Driver, of v: Int) -> String? {
    if driver.state.hasBay != (driver.bay >= 0) { return "has a bay or should" }
    if driver.bay >= 0, bays.occupant[Int(driver.bay)] != Int32(v) {
      return "is in a bay that is not its own"
    }
    if driver.bay >= 0, bays.facilityOfBay[Int(driver.bay)] != driver.facility {
      return "is in a bay of another facility"
    }
    if (driver.state == .doubleParked) != (driver.blockage >= 0) {
      return "blocks a lane or should"
    }
    if driver.state == .searching && driver.facility < 0 { return "has no goal" }
    if driver.outcome.isArrival != (driver.settled >= 0) { return "is settled by halves" }
    return nil
  }
}
