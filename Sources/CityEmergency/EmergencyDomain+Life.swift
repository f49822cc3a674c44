import CityBase
import CityNetwork
import CitySimulation

extension EmergencyDomain {
  /// Units whose drive has ended are where they were going.
  func takeArrivals(_ moment: Moment) {
    if unitOfVehicle.isEmpty { return }
    for vehicle in traffic.ended {
      guard let unit = unitOfVehicle.removeValue(forKey: vehicle) else { continue }
      switch units[unit].state {
      case .enRoute:
        units[unit].vehicle = .none
        reach(unit, moment)
      case .transport:
        units[unit].vehicle = .none
        startHandover(unit, moment)
      case .returning:
        units[unit].change(to: .idle, at: moment.milliseconds, measured: measured)
        units[unit].vehicle = .none
      case .idle, .turnout, .onScene, .handover:
        units[unit].vehicle = .none
      }
    }
  }

  /// What a unit or a call has waited for is due.
  func fire(_ timer: TimerHeap.Timer, _ moment: Moment) {
    let number = timer.subject / 2
    if timer.subject % 2 == 1 {
      if records[number].retry == timer.tick { enqueue(number) }
      return
    }
    guard units[number].due == timer.tick else { return }
    units[number].due = -1
    switch units[number].state {
    case .turnout: depart(number, moment)
    case .onScene: leaveScene(number, moment)
    case .handover: release(number, moment)
    case .returning: homeward.append(number)
    case .idle, .enRoute, .transport: break
    }
  }

  /// A unit is at the scene of its call.
  func reach(_ unit: Int, _ moment: Moment) {
    let call = units[unit].call
    units[unit].change(to: .onScene, at: moment.milliseconds, measured: measured)
    records[call].status = .served
    records[call].arrived = moment.milliseconds
    counts.served += 1
    counts.intervalServed += 1
    let kind = Int(calls[call].kind.rawValue)
    wait(
      unit,
      milliseconds: settings.onScene[kind].milliseconds(random, .sceneTime, calls[call].key),
      moment)
  }

  /// The work at the scene is done: lanes are open again, and the unit brings a patient away or is
  /// free. It comes here again while it looks for a way to a hospital.
  private func leaveScene(_ unit: Int, _ moment: Moment) {
    let call = units[unit].call
    if records[call].cleared < 0 {
      records[call].cleared = moment.milliseconds
      for id in records[call].blockages { traffic.unblock(BlockageID(rawValue: id)) }
      records[call].blockages = []
    }
    let isTransport =
      calls[call].kind == .medical && !hospitals.isEmpty
      && random.unit(.transport, calls[call].key) < settings.transportShare
    if !isTransport || units[unit].failures >= Self.mostTransportTries {
      return release(unit, moment)
    }
    transport(unit, moment)
  }

  /// Sets out to the hospital that is nearest by travel time, of equals the first.
  private func transport(_ unit: Int, _ moment: Moment) {
    let here = units[unit].place
    let seconds = traffic.seconds(from: here, to: hospitalPlaces, at: moment)
    var best: (hospital: Int, seconds: Double)?
    for (i, place) in hospitalPlaces.enumerated() where seconds.indices.contains(i) {
      guard let time = place == here ? 0 : seconds[i] else { continue }
      if time < best?.seconds ?? .infinity { best = (i, time) }
    }
    if let hospital = best?.hospital {
      if hospitalPlaces[hospital] == here {
        take(to: hospital, unit)
        return startHandover(unit, moment)
      }
      if drive(
        unit, to: hospitalPlaces[hospital], .transport, privileges, leg: 1, moment)
      {
        return take(to: hospital, unit)
      }
    } else {
      counts.failedDrives += 1
      units[unit].failures += 1
    }
    wait(unit, milliseconds: Self.retryMilliseconds, moment)
  }

  private func take(to hospital: Int, _ unit: Int) {
    units[unit].hospital = hospital
    records[units[unit].call].hospital = hospital
  }

  private func startHandover(_ unit: Int, _ moment: Moment) {
    units[unit].change(to: .handover, at: moment.milliseconds, measured: measured)
    let key = calls[units[unit].call].key
    wait(unit, milliseconds: settings.handover.milliseconds(random, .handoverTime, key), moment)
  }

  /// A unit is free where it stands: the queue is served before it goes home.
  private func release(_ unit: Int, _ moment: Moment) {
    units[unit].change(to: .returning, at: moment.milliseconds, measured: measured)
    units[unit].failures = 0
    homeward.append(unit)
    mustServe[Int(units[unit].kind.rawValue)] = true
  }

  /// Units that are still free set out to their posts, without privileges.
  func sendHome(_ moment: Moment) {
    for unit in homeward where units[unit].state == .returning && !units[unit].isDriving {
      let home = posts[units[unit].post].access
      if units[unit].place == home {
        units[unit].change(to: .idle, at: moment.milliseconds, measured: measured)
      } else if !drive(unit, to: home, .returning, [], leg: 2, moment) {
        wait(unit, milliseconds: Self.retryMilliseconds, moment)
      }
    }
    homeward.removeAll(keepingCapacity: true)
  }
}
