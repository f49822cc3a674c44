import CityBase
import CitySimulation

/// What a checkpoint must keep to, so that no damaged one can lead outside of a column.
extension ParkingDomain {
  /// Ticks of any run, at which a clock can still be read.
  static var plausibleTicks: ClosedRange<Tick> { 0...(1 << 40) }

  func isSound(_ driver: Driver, of v: Int) -> Bool {
    let isDue = needsSpace(v) || driver.state == .aside
    return isDue && hasSoundPlace(driver) && hasSoundTimes(driver)
      && driver.refusals <= ParkingSettings.mostOptions
  }

  private func hasSoundPlace(_ driver: Driver) -> Bool {
    let facility = Int(driver.facility)
    let bay = Int(driver.bay)
    guard (-1..<supply.count).contains(facility), (-1..<bays.bayCount).contains(bay),
      driver.state.hasBay == (bay >= 0), driver.blockage >= -1
    else { return false }
    if bay >= 0 { return Int(bays.facilityOfBay[bay]) == facility }
    return driver.state != .searching || (facility >= 0 && bays.capacity(of: facility) > 0)
  }

  private func hasSoundTimes(_ driver: Driver) -> Bool {
    let ticks = Self.plausibleTicks
    let isSettled = driver.settled >= 0
    return (driver.firstRefusal == -1 || ticks.contains(driver.firstRefusal))
      && (driver.settled == -1 || ticks.contains(driver.settled))
      && (!isSettled || driver.firstRefusal <= driver.settled)
      && driver.outcome.isArrival == isSettled
      && (0...1 << 42).contains(driver.stayMilliseconds)
      && (0...1e9).contains(driver.walkMeters) && (0...1e12).contains(driver.feeCNY)
  }

  /// Every bay that has an owner is his, and every driver's bay has him for an owner.
  func check(_ owners: [Int32], _ drivers: [Driver], file: String) throws(CityError) {
    guard owners.count == bays.bayCount else {
      throw .refused("the checkpoint is of other parking facilities", file: file)
    }
    for (bay, owner) in owners.enumerated() where owner != BayBook.free {
      guard owner == BayBook.stranger || drivers.indices.contains(Int(owner)),
        owner < 0 || drivers[Int(owner)].bay == Int32(bay)
      else { throw .refused("bay \(bay) has an owner elsewhere", file: file) }
    }
    for (v, driver) in drivers.enumerated() where driver.bay >= 0 {
      guard owners[Int(driver.bay)] == Int32(v) else {
        throw .refused("the bay of trip \(trips[v].name) is another's", file: file)
      }
    }
  }

  func check(_ timers: [ParkingTimer], file: String) throws(CityError) {
    for timer in timers {
      let subjects: Int
      switch ParkingTimer.Kind(rawValue: timer.kind) {
      case .strangerLeaves: subjects = bays.bayCount
      case .stayEnds, .blockageEnds, .walkEnds, .guidance: subjects = trips.count
      case nil: subjects = 0
      }
      guard (0..<subjects).contains(Int(timer.subject)), Self.plausibleTicks.contains(timer.tick)
      else { throw .refused("a parking timer is for nobody", file: file) }
    }
  }
}
