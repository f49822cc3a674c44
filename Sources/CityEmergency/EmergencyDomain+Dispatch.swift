import CityBase
import CityNetwork
import CitySimulation

extension EmergencyDomain {
  /// Sends units to the calls that wait, for each kind in which something has changed.
  func serveQueues(_ moment: Moment) {
    for kind in UnitKind.allCases where mustServe[Int(kind.rawValue)] {
      let k = Int(kind.rawValue)
      mustServe[k] = false
      while !queues[k].isEmpty, unitsOfKind[k].contains(where: { units[$0].state.isFree }),
        let call = queues[k].takeFirst()
      {
        dispatch(call, moment)
      }
    }
  }

  /// Finds a unit for a call and sends it; where none has a way, the call waits.
  private func dispatch(_ call: Int, _ moment: Moment) {
    let scene = scene(of: call)
    findCandidates(for: call, at: scene.access, moment)
    guard !candidates.isEmpty else {
      counts.failedDrives += 1
      return hold(call, moment)
    }
    guard let choice = settings.rule.choose(for: calls[call], among: candidates),
      candidates.indices.contains(choice)
    else { return hold(call, moment) }
    send(candidateUnits[choice], to: call, at: scene.access, moment)
  }

  /// The free units of the right kind with a way to a place: one search for all.
  private func findCandidates(for call: Int, at place: AccessPoint, _ moment: Moment) {
    candidates.removeAll(keepingCapacity: true)
    candidateUnits.removeAll(keepingCapacity: true)
    origins.removeAll(keepingCapacity: true)
    for u in unitsOfKind[Int(calls[call].kind.unit.rawValue)] where units[u].state.isFree {
      let origin = whereabouts(of: u)
      candidateUnits.append(u)
      origins.append(origin)
    }
    let areThere = candidateUnits.indices.map { isThere(candidateUnits[$0], place) }
    let seconds =
      areThere.contains(false)
      ? traffic.seconds(from: origins, to: place, at: moment)
      : Array(repeating: 0, count: origins.count)
    var kept: [Int] = []
    for (i, u) in candidateUnits.enumerated() {
      guard let time = areThere[i] ? 0 : seconds.indices.contains(i) ? seconds[i] : nil else {
        continue
      }
      kept.append(u)
      candidates.append(
        DispatchCandidate(
          name: units[u].name, isReturning: units[u].state == .returning, travelSeconds: time,
          meters: position(of: u, at: origins[i]).distance(to: calls[call].position)))
    }
    candidateUnits = kept
  }

  /// Whether a unit already stands at a place.
  func isThere(_ unit: Int, _ place: AccessPoint) -> Bool {
    !units[unit].isDriving && units[unit].place == place
  }

  /// Where a unit is by the road.
  func whereabouts(of unit: Int) -> AccessPoint {
    let u = units[unit]
    return u.isDriving ? traffic.place(of: u.vehicle) ?? u.place : u.place
  }

  /// Where a unit is on the map, given its place by the road.
  func position(of unit: Int, at place: AccessPoint) -> Point2 {
    let u = units[unit]
    if u.isDriving { return network.linkPosition(place.link, place.offset).point }
    switch u.state {
    case .idle, .turnout: return posts[u.post].position
    case .onScene, .enRoute: return calls[u.call].position
    case .handover: return hospitals[u.hospital].position
    case .returning, .transport: return network.linkPosition(place.link, place.offset).point
    }
  }

  /// Assigns a unit to a call and sets it going. A unit on the road is turned round from where it
  /// is; where that cannot be done, the call waits.
  private func send(_ unit: Int, to call: Int, at place: AccessPoint, _ moment: Moment) {
    if units[unit].isDriving {
      guard traffic.redirect(units[unit].vehicle, to: place, at: moment) else {
        counts.failedDrives += 1
        return hold(call, moment)
      }
      traffic.setPrivileges(privileges, of: units[unit].vehicle)
      assign(unit, to: call, .enRoute, moment)
      units[unit].place = place
      return
    }
    let isAtPost = units[unit].state == .idle
    assign(unit, to: call, isAtPost ? .turnout : .enRoute, moment)
    guard isAtPost else { return depart(unit, moment) }
    let kind = Int(units[unit].kind.rawValue)
    let time = settings.turnout[kind].milliseconds(
      random, .unitTurnout, calls[call].key, UInt64(records[call].dispatches))
    wait(unit, milliseconds: time, moment)
  }

  private func assign(_ unit: Int, to call: Int, _ state: UnitState, _ moment: Moment) {
    units[unit].change(to: state, at: moment.milliseconds, measured: measured)
    units[unit].call = call
    units[unit].hospital = -1
    units[unit].due = -1
    units[unit].failures = 0
    records[call].status = .open
    records[call].unit = unit
    records[call].dispatched = moment.milliseconds
    records[call].dispatches += 1
  }

  /// A unit sets out to its call. Where no way leads there, it is free again and the call waits.
  func depart(_ unit: Int, _ moment: Moment) {
    let call = units[unit].call
    let place = scene(of: call).access
    if isThere(unit, place) { return reach(unit, moment) }
    if drive(unit, to: place, .enRoute, privileges, leg: 0, moment) { return }
    let isAtPost = units[unit].state == .turnout
    units[unit].change(
      to: isAtPost ? .idle : .returning, at: moment.milliseconds, measured: measured)
    if !isAtPost { homeward.append(unit) }
    records[call].unit = -1
    records[call].dispatched = -1
    hold(call, moment)
    mustServe[Int(units[unit].kind.rawValue)] = true
  }

  /// Asks traffic for a drive from where a unit stands; false where none can begin.
  func drive(
    _ unit: Int, to place: AccessPoint, _ state: UnitState, _ privileges: Privileges, leg: UInt64,
    _ moment: Moment
  ) -> Bool {
    let u = units[unit]
    let key = u.call >= 0 ? calls[u.call].key : StableHash.of(u.name)
    let vehicle = traffic.begin(
      Drive(
        name: u.name, key: StableHash.mix(key ^ (leg + 1)), vehicleClass: u.kind.vehicleClass,
        privileges: privileges, origin: u.place, destination: place, purpose: .other),
      at: moment)
    guard vehicle.isSome else {
      counts.failedDrives += 1
      units[unit].failures += 1
      return false
    }
    unitOfVehicle[vehicle] = unit
    units[unit].change(to: state, at: moment.milliseconds, measured: measured)
    units[unit].vehicle = vehicle
    units[unit].place = place
    units[unit].due = -1
    units[unit].failures = 0
    return true
  }
}
