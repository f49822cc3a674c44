import CityBase
import CityNetwork
import CitySimulation

/// What the decisions of a tick change about routes; one vehicle after the other.
extension TrafficWorld {
  /// Whether a link that the vehicle has still to enter is closed.
  func isWayClosed(_ vehicle: Int, _ isClosed: (LinkID) -> Bool) -> Bool {
    var i = Int(vehicles.routeIndex[vehicle]) + 1
    let end = Int(vehicles.routeEnd[vehicle])
    while i < end {
      if isClosed(routes[i]) { return true }
      i += 1
    }
    return false
  }

  /// Whether the way still before a vehicle is this one.
  func isOnWay(_ vehicle: Int, _ links: [LinkID]) -> Bool {
    let next = Int(vehicles.routeIndex[vehicle]) + 1
    guard Int(vehicles.routeEnd[vehicle]) - next == links.count else { return false }
    for (i, link) in links.enumerated() where routes[next + i] != link { return false }
    return true
  }

  /// Copies the closures to where the tick reads them; true where one has changed.
  func takeOverClosures(_ overrides: CityOverrides) -> Bool {
    var isChanged = false
    for link in 0..<isClosed.count {
      let now: UInt8 = overrides.closures.values[link] > 0 ? 1 : 0
      if isClosed[link] != now {
        isClosed[link] = now
        isChanged = true
        closedLinks[0] += now == 1 ? 1 : -1
      }
    }
    return isChanged
  }

  /// Sets the limit on the lanes of a link (m/s), and with it what its drivers want.
  func setLimit(_ limit: Float, ofLink link: Int) {
    for lane in topology.lanes(ofLink: link) {
      lanes.speedLimit[lane] = limit
      lanes.mayChange[lane] = MayChange.all
      rouse(lane)
      let first = Int(lanes.base[lane])
      for s in first..<(first + Int(lanes.count[lane])) {
        slots.desired[s] = desiredSpeed(of: Int(slots.vehicle[s]), lane: lane)
      }
    }
    setLengthForDrivers(link)
    let first = Int(side.base[link])
    for s in first..<(first + Int(side.count[link])) {
      slots.desired[s] = desiredSpeed(
        of: Int(slots.vehicle[s]), lane: side.lane(ofSlot: s))
    }
  }

  /// m/s that a driver would drive on a lane if it were empty.
  @inline(__always) func desiredSpeed(of vehicle: Int, lane: Int) -> Float {
    let top = table.isUniform ? table.oneTopSpeed : table.topSpeed[Int(vehicles.type[vehicle])]
    return min(top, lanes.speedLimit[lane] * vehicles.speedFactor[vehicle])
  }

  /// The links that are closed to the class of a trip's vehicle; none for services.
  func barredLinks(to vehicle: Int) -> [Int32] {
    let vehicleClass = VehicleClass(rawValue: vehicles.vehicleClass[vehicle]) ?? .car
    return barred[vehicleClass] ?? []
  }

  /// By class of trips: the links that it may not go on.
  static func barredLinks(_ network: RoadNetwork, _ table: DriverTable) -> [VehicleClass: [Int32]] {
    var barred: [VehicleClass: [Int32]] = [:]
    for vehicleClass in VehicleClass.allCases
    where vehicleClass.isOfTrips && table.has(vehicleClass) {
      barred[vehicleClass] = network.linkAccess.ids.filter {
        network.linkAccess[$0].isDisjoint(with: vehicleClass.access)
      }.map(\.rawValue)
    }
    return barred
  }

  /// What a driver wants on a connector, and at the end of the lane before: straight on as fast as
  /// on the road; nobody turns faster than the curve allows.
  @inline(__always) func crossingSpeed(of vehicle: Int, connector: Int) -> Float {
    let limit = lanes.speedLimit[connector]
    guard topology.connectorTurn[connector - topology.roadLanes] == Turn.through.rawValue else {
      return limit
    }
    return min(settings.carTopSpeed, limit * max(1, vehicles.speedFactor[vehicle]))
  }

  /// Gives a vehicle a new way: the link it is on, then these.
  func setRoute(_ vehicle: Int, following links: ArraySlice<LinkID>) {
    let current = routes[Int(vehicles.routeIndex[vehicle])]
    vehicles.routeIndex[vehicle] = Int32(routes.count)
    routes.append(current)
    for link in links { routes.append(link) }
    vehicles.routeEnd[vehicle] = Int32(routes.count)
  }

  /// The road lanes whose first vehicle holds no grant and has stood for so many ticks, in lane order;
  /// for fewer ticks, where it cannot go on: its lane does not lead on, or a link is closed.
  func roadLanesWithHeadsStanding(ticks: Int, orWithoutWayOn fewer: Int) -> [Int] {
    var found: [Int] = []
    let isAnyClosed = closedLinks[0] > 0
    for i in 0..<chunks.count {
      forEachRoadLane(ofChunk: i) { lane in
        guard lanes.count[lane] > 0, lanes.granted[lane] == 0 else { return }
        let s = Int(lanes.base[lane])
        let mayHaveNoWay = isAnyClosed || slots.next[s] == NextLane.wrongLane
        if Int(standing(s)) >= (mayHaveNoWay ? min(ticks, fewer) : ticks) { found.append(lane) }
      }
    }
    return found
  }

  /// Whether a light holds everybody on a lane, wherever they want to go, so that who stands at its
  /// head is in nobody's way.
  func waitsAtRed(_ lane: Int, _ moment: Moment) -> Bool {
    let junction = Int(topology.linkTo[topology.laneLink[lane]])
    let signal = topology.junctionSignal[junction]
    guard signal >= 0 else { return false }
    let states = signals.stateStart(of: Int(signal), at: moment.signalTime)
    guard states >= 0 else { return false }
    let kerbTurn = (network.drivesOnRight ? Turn.right : Turn.left).rawValue
    return topology.connectors(fromLane: lane).allSatisfy { c in
      signalState(states, of: Int32(truncatingIfNeeded: topology.roadLanes + c))
        == SignalState.red.rawValue
        && !(network.allowsTurnOnRed && topology.connectorTurn[c] == kerbTurn)
    }
  }

  /// Visits every vehicle on the road in lane order, then those on side lists: slot, lane, and whether its next step over
  /// the junction is settled (it holds a grant or is on a connector).
  func forEachVehicle(_ body: (_ slot: Int, _ lane: Int, _ isSettled: Bool) -> Void) {
    for lane in 0..<lanes.count.count {
      let n = Int(lanes.count[lane])
      if n == 0 { continue }
      let first = Int(lanes.base[lane])
      let settled = lane >= topology.roadLanes ? n : Int(lanes.granted[lane])
      for i in 0..<n { body(first + i, lane, i < settled) }
    }
    forEachBeside(body)
  }
}
