import CityBase
import CityDemand
import CityNetwork
import CitySimulation

/// Drives that other domains ask for, and what they are told of them.
struct DriveState {
  /// In the order they were begun; the first has the vehicle after the last trip's.
  var drives: [Drive] = []
  /// Milliseconds from the epoch at which each was begun, and its seconds on empty roads.
  var dueMilliseconds: [Int64] = []
  var freeFlowSeconds: [Float] = []
  /// How they stand: services' own drives, which are no trips.
  var services = TrafficCounts()
  var released: [VehicleID] = []
  var approaching: [VehicleID] = []
  var ended: [VehicleID] = []
  /// Vehicles that were given a destination on the link they are on; told in the next tick.
  var approachingNext: [VehicleID] = []
}

extension TrafficDomain: DriveEvents {
  public var released: [VehicleID] { driveState.released }
  public var approaching: [VehicleID] { driveState.approaching }
  public var ended: [VehicleID] { driveState.ended }
}

extension TrafficDomain: DriveService {
  public func begin(_ drive: Drive, at moment: Moment) -> VehicleID {
    let links = 0..<network.linkCount
    guard driveState.drives.count < reservedDrives, links ~= drive.origin.link.index,
      links ~= drive.destination.link.index,
      let way = decisions.route(
        from: drive.origin, to: drive.destination, times, moment.overrides)
    else { return .none }
    let v = demand.trips.count + driveState.drives.count
    let first = Int32(world.routes.count)
    for link in way { world.routes.append(link) }
    world.vehicles.routeFirst[v] = first
    world.vehicles.routeIndex[v] = first
    world.vehicles.routeEnd[v] = Int32(world.routes.count)
    seat(v, drive)
    world.setPrivileges(drive.privileges.rawValue, of: v)
    driveState.drives.append(drive)
    driveState.dueMilliseconds.append(moment.milliseconds)
    driveState.freeFlowSeconds.append(
      FreeFlow.measure(
        way, from: drive.origin.offset, to: drive.destination.offset, in: network
      ).seconds)
    if drive.isTrip { counts.due += 1 } else { driveState.services.due += 1 }
    world.enqueue(v)
    return VehicleID(v)
  }

  /// Sets what a vehicle is from its drive.
  func seat(_ v: Int, _ drive: Drive) {
    world.seat(
      v, key: drive.key, from: drive.origin, to: drive.destination,
      type: world.table.type(of: drive.vehicleClass), random)
    world.vehicles.watch[v] = Watch.events
  }

  public func redirect(_ vehicle: VehicleID, to destination: AccessPoint, at moment: Moment)
    -> Bool
  {
    guard let state = state(of: vehicle), 0..<network.linkCount ~= destination.link.index else {
      return false
    }
    let v = vehicle.index
    let from: AccessPoint
    var settled = false
    switch state {
    case .waiting: from = world.origin(of: v)
    case .onRoad(let s, let lane):
      settled = world.isSettled(s, lane: lane)
      let position = world.slots.position[s]
      from =
        settled
        ? AccessPoint(link: LinkID(world.nextLink(of: v)), offset: 0)
        : AccessPoint(link: LinkID(world.currentLink(of: v)), offset: position)
    }
    guard let way = decisions.route(from: from, to: destination, times, moment.overrides) else {
      return false
    }
    world.setDestination(destination, of: v)
    world.setRoute(v, following: settled ? way[...] : way.dropFirst())
    if case .onRoad(let s, let lane) = state, !settled {
      world.ungrantArrival(s, lane: lane)
      world.settle(s, lane: lane)
      if way.count == 1 { driveState.approachingNext.append(vehicle) }
    }
    return true
  }

  public func setPrivileges(_ privileges: Privileges, of vehicle: VehicleID) {
    guard 0..<vehicleCount ~= vehicle.index else { return }
    world.setPrivileges(privileges.rawValue, of: vehicle.index)
  }

  public func place(of vehicle: VehicleID) -> AccessPoint? {
    switch state(of: vehicle) {
    case nil: return nil
    case .waiting: return world.origin(of: vehicle.index)
    case .onRoad(let s, let lane):
      guard lane < world.topology.roadLanes else {
        return AccessPoint(link: LinkID(world.nextLink(of: vehicle.index)), offset: 0)
      }
      return AccessPoint(
        link: LinkID(world.currentLink(of: vehicle.index)), offset: world.slots.position[s])
    }
  }

  public func hold(_ vehicle: VehicleID) {
    guard 0..<vehicleCount ~= vehicle.index else { return }
    world.vehicles.watch[vehicle.index] |= Watch.events | Watch.held
  }

  public func complete(_ vehicle: VehicleID, at tick: Tick) {
    let v = vehicle.index
    guard 0..<vehicleCount ~= v, world.vehicles.left[v] >= 0, world.vehicles.arrived[v] < 0 else {
      return
    }
    endJourney(v, tick: tick)
  }
}

extension TrafficDomain: TravelTimeSource {
  public func seconds(
    from origins: [AccessPoint], to destination: AccessPoint, at moment: Moment
  ) -> [Double?] {
    decisions.withSearch(times, moment.overrides) {
      $0.milliseconds(from: origins, to: destination)
    }.map { $0.map { Double($0) / 1000 } }
  }

  public func seconds(
    from origin: AccessPoint, to destinations: [AccessPoint], at moment: Moment
  ) -> [Double?] {
    decisions.withSearch(times, moment.overrides) {
      $0.milliseconds(from: origin, to: destinations)
    }.map { $0.map { Double($0) / 1000 } }
  }
}

extension TrafficDomain {
  /// Where a vehicle under way is.
  enum UnderWay {
    case waiting
    case onRoad(slot: Int, lane: Int)
  }

  /// Vehicles there can be: those of the trips and of the drives begun.
  var vehicleCount: Int { demand.trips.count + driveState.drives.count }

  /// Nil where the vehicle has not set out or has left the road.
  func state(of vehicle: VehicleID) -> UnderWay? {
    let v = vehicle.index
    guard 0..<vehicleCount ~= v, v >= demand.trips.count || v < releasedTrips,
      world.vehicles.left[v] < 0
    else { return nil }
    if world.vehicles.departed[v] < 0 { return .waiting }
    return world.find(v).map { .onRoad(slot: $0.slot, lane: $0.lane) }
  }

  /// The name, the moment it was due, the purpose and the seconds on empty roads of a vehicle's
  /// journey.
  func journey(of v: Int) -> (
    name: String, due: Int64, purpose: TripPurpose, freeFlow: Float, origin: AccessPoint,
    destination: AccessPoint
  ) {
    if v < demand.trips.count {
      let trip = demand.trips[v]
      return (
        trip.name, trip.departureMilliseconds, trip.purpose, demand.freeFlowSeconds[v], trip.origin,
        trip.destination
      )
    }
    let i = v - demand.trips.count
    let drive = driveState.drives[i]
    return (
      drive.name, driveState.dueMilliseconds[i], drive.purpose, driveState.freeFlowSeconds[i],
      drive.origin, drive.destination
    )
  }

  /// Whether a vehicle's journey is a trip, and not a service's own drive.
  func isTrip(_ v: Int) -> Bool {
    v < demand.trips.count || driveState.drives[v - demand.trips.count].isTrip
  }

  /// The vehicles whose journeys are trips that have been due, demand first.
  var tripsDue: [Int] {
    Array(0..<releasedTrips)
      + (demand.trips.count..<vehicleCount).filter { isTrip($0) }
  }

  /// All vehicles on the road, those of services too.
  public var vehiclesOnRoad: Int { counts.onRoad + driveState.services.onRoad }
}

extension TrafficWorld {
  /// The slot and lane of a vehicle on the road, looked for on its link and behind it.
  func find(_ vehicle: Int) -> (slot: Int, lane: Int)? {
    for lane in topology.lanes(ofLink: currentLink(of: vehicle)) {
      if let s = slot(of: vehicle, in: lane) { return (s, lane) }
      for c in topology.connectors(fromLane: lane) {
        let through = topology.roadLanes + c
        if let s = slot(of: vehicle, in: through) { return (s, through) }
      }
    }
    return findBeside(vehicle)
  }

  private func slot(of vehicle: Int, in lane: Int) -> Int? {
    let first = Int(lanes.base[lane])
    for s in first..<(first + Int(lanes.count[lane])) where Int(slots.vehicle[s]) == vehicle {
      return s
    }
    return nil
  }

  /// Whether the next step of a slot's vehicle over the junction is settled: it holds a grant or is
  /// on a connector.
  func isSettled(_ s: Int, lane: Int) -> Bool {
    if s >= side.firstSlot { return side.heldBy[lane] == slots.vehicle[s] }
    return lane >= topology.roadLanes
      || (s - Int(lanes.base[lane]) < Int(lanes.granted[lane]) && slots.next[s] >= 0)
  }

  /// Takes back what was granted to a vehicle because it arrives before the junction, and to those
  /// behind it.
  func ungrantArrival(_ s: Int, lane: Int) {
    if s >= side.firstSlot { return }
    let index = s - Int(lanes.base[lane])
    if index < Int(lanes.granted[lane]) { withdraw(lane, from: index) }
  }
}
