import CityBase
import CityNetwork
import CitySimulation

/// The state of all traffic. The phases of a tick are extensions of this class, one file each.
///
/// `@unchecked Sendable`: workers share it within a phase; which of them may write what is the
/// contract that stands above each phase.
final class TrafficWorld: @unchecked Sendable {
  let network: RoadNetwork
  let settings: TrafficSettings
  let stepSeconds: Float
  /// The driver of all vehicles where `isUniform`; else one with the greatest gap at standstill and
  /// the least braking of all, for what is reckoned without regard to the vehicle.
  let model: IntelligentDriver
  let table: DriverTable
  let barred: [VehicleClass: [Int32]]
  let topology: RoadTopology
  /// By connector.
  let yielding: RawColumn<YieldingWay>
  let reserved: ReservedLanes
  let layout: ChunkLayout
  let signals: SignalClock
  let pedestrians: CrossingPedestrians
  let slots: SlotStore
  let lanes: LaneStore
  let busy: BusyJunctions
  let grants: GrantStore
  let side: SideStore
  let vehicles: VehicleStore
  let chunks: RawColumn<ChunkScratch>
  /// By lane: the first leaver on its way in, or -1; an index into `transfers`.
  let inbox: RawColumn<Int32>
  let transfers = RawList<Leaver>()
  /// By link: the first and last trip waiting to depart, or -1.
  let queueHead: RawColumn<Int32>
  let queueTail: RawColumn<Int32>
  /// By link: 1 where the overrides have closed it.
  let isClosed: RawColumn<UInt8>
  let closedLinks = RawColumn<Int32>(repeating: 0, count: 1)
  /// By junction.
  let lights: RawColumn<JunctionLight>
  /// By `ProbeKind`: whether anything is noted, to be asked without touching the probe itself.
  let probesOn = RawColumn<UInt8>(repeating: 0, count: 2)
  /// Whether lone drivers with a free road go by `advanceFreely`; not so in tests that compare.
  var hasShortWalk = true
  /// See `now`.
  let clock = RawColumn<Int32>(repeating: 0, count: 1)
  /// By link: its metres as long as those of a street in time, see `LaneChange.pace`.
  let lengthForDrivers: RawColumn<Float>
  /// By link: the turns missed at its end.
  let missedTurns: RawColumn<Int32>
  let obstacles = ObstacleStore()
  /// What is noted of vehicles at the ends of links.
  private(set) var passages = PassageProbe()
  private(set) var detectors = DetectorProbe()
  /// Links of all routes, one after the other.
  let routes = RawList<LinkID>()
  /// By vehicle.
  let destinationLink: RawColumn<Int32>
  let destinationOffset: RawColumn<Float>
  let originOffset: RawColumn<Float>
  /// The stable hash of its name, for everything drawn by chance.
  let tripKey: RawColumn<UInt64>

  init(
    network: RoadNetwork, settings: TrafficSettings, demand: TrafficDemand, reservedDrives: Int,
    random: RandomStream, stepSeconds: Float
  ) {
    self.network = network
    self.settings = settings
    self.stepSeconds = stepSeconds
    table = DriverTable(settings, hasServices: reservedDrives > 0, step: stepSeconds)
    model = table.reference
    barred = Self.barredLinks(network, table)
    topology = RoadTopology(network)
    yielding = YieldingWay.all(
      network, carLength: settings.carLength, standstillGap: model.standstillGap)
    reserved = ReservedLanes(network)
    layout = ChunkLayout(topology)
    signals = SignalClock(network)
    pedestrians = CrossingPedestrians(network, perHour: settings.pedestriansPerHour)
    lanes = LaneStore(network)
    side = SideStore(network, firstSlot: lanes.slotCount)
    slots = SlotStore(count: lanes.slotCount + side.slotCount, lengths: table.length)
    busy = BusyJunctions(layout)
    grants = GrantStore(network, topology, busy)
    let vehicleCount = demand.trips.count + max(0, reservedDrives)
    vehicles = VehicleStore(count: vehicleCount)
    inbox = RawColumn(repeating: -1, count: network.laneCount)
    queueHead = RawColumn(repeating: -1, count: network.linkCount)
    queueTail = RawColumn(repeating: -1, count: network.linkCount)
    isClosed = RawColumn(repeating: 0, count: network.linkCount)
    missedTurns = RawColumn(repeating: 0, count: network.linkCount)
    lengthForDrivers = RawColumn(repeating: 0, count: network.linkCount)
    lights = RawColumn(repeating: JunctionLight(), count: network.junctionCount)
    routes.makeRoom(for: demand.links.count)
    for link in demand.links { routes.append(link) }
    destinationLink = RawColumn(repeating: -1, count: vehicleCount)
    destinationOffset = RawColumn(repeating: 0, count: vehicleCount)
    originOffset = RawColumn(repeating: 0, count: vehicleCount)
    tripKey = RawColumn(repeating: 0, count: vehicleCount)
    let layout = layout
    let roadLanes = topology.roadLanes
    let scratches = (0..<layout.count).map { i in
      ChunkScratch(
        active: ActiveLanes(
          roadLanes: Int(layout.firstRoadLane[i])..<Int(layout.firstRoadLane[i + 1]),
          connectors: (roadLanes + Int(layout.firstConnector[i]))..<(roadLanes
            + Int(layout.firstConnector[i + 1]))))
    }
    chunks = RawColumn(scratches)
    for link in 0..<network.linkCount { setLengthForDrivers(link) }
    for i in demand.trips.indices {
      vehicles.routeFirst[i] = demand.routeFirst[i]
      vehicles.routeIndex[i] = demand.routeFirst[i]
      vehicles.routeEnd[i] = demand.routeFirst[i] + demand.routeCount[i]
      // Field by field, so that no trip is copied.
      seat(
        i, key: demand.trips[i].key, from: demand.trips[i].origin,
        to: demand.trips[i].destination, type: Int(demand.trips[i].vehicleType ?? 0), random)
    }
  }

  /// Sets what a vehicle is and who drives it.
  func seat(
    _ vehicle: Int, key: UInt64, from origin: AccessPoint, to destination: AccessPoint,
    type index: Int, _ random: RandomStream
  ) {
    let type = table.type(index)
    tripKey[vehicle] = key
    originOffset[vehicle] = origin.offset
    setDestination(destination, of: vehicle)
    let z = Float(random.normal(.driver, key))
    vehicles.speedFactor[vehicle] = type.speedFactor + type.speedDeviation * max(-2, min(2, z))
    vehicles.vehicleClass[vehicle] = type.vehicleClass.rawValue
    vehicles.length[vehicle] = type.length
    vehicles.type[vehicle] = UInt8(clamping: index)
    let isFiltering = settings.filteringClasses.contains(type.vehicleClass)
    if isFiltering {
      vehicles.privileges[vehicle] = SlotPrivilege.filterQueue | SlotPrivilege.unheeded
      useSideLists()
    }
    vehicles.driver[vehicle] = table.driver(ofType: index, key: key, random)
  }

  /// Somebody may filter from now on. Lanes do not rest then: who is beside them looks at them.
  func useSideLists() {
    if side.isInUse[0] != 0 { return }
    side.isInUse[0] = 1
    rouseAll()
  }

  func setDestination(_ destination: AccessPoint, of vehicle: Int) {
    destinationLink[vehicle] = destination.link.rawValue
    destinationOffset[vehicle] = destination.offset
  }

  /// Where a vehicle wants to go.
  func destination(of vehicle: Int) -> AccessPoint {
    AccessPoint(
      link: LinkID(rawValue: destinationLink[vehicle]), offset: destinationOffset[vehicle])
  }

  /// Where a vehicle sets out; its first link never changes.
  func origin(of vehicle: Int) -> AccessPoint {
    AccessPoint(
      link: routes[Int(vehicles.routeFirst[vehicle])], offset: originOffset[vehicle])
  }

  deinit {
    for i in 0..<chunks.count { chunks[i].free() }
    chunks.free()
    transfers.free()
    routes.free()
    topology.free()
    yielding.free()
    reserved.free()
    layout.chunkOfLane.free()
    signals.free()
    table.free()
    pedestrians.free()
    slots.free()
    lanes.free()
    grants.free()
    busy.free()
    side.free()
    vehicles.free()
    for column in [inbox, queueHead, queueTail] { column.free() }
    lights.free()
    clock.free()
    isClosed.free()
    closedLinks.free()
    missedTurns.free()
    lengthForDrivers.free()
    obstacles.free()
    passages.free()
    detectors.free()
    probesOn.free()
    destinationLink.free()
    destinationOffset.free()
    originOffset.free()
    tripKey.free()
  }

  /// Begins to note passages; between two ticks only.
  func measure(_ probe: PassageProbe) {
    passages.free()
    passages = probe
    probesOn[ProbeKind.passages] = probe.isOn ? 1 : 0
  }

  func detect(_ probe: DetectorProbe) {
    detectors.free()
    detectors = probe
    probesOn[ProbeKind.detectors] = probe.isOn ? 1 : 0
  }

  func markActive(_ lane: Int) { chunks[Int(layout.chunkOfLane[lane])].active.insert(lane) }

  /// Whether the vehicle of a slot has been at standstill for longer than some seconds.
  @inline(__always) func hasStood(_ s: Int, seconds: Float) -> Bool {
    Float(standing(s)) * stepSeconds > seconds
  }

  /// The link a vehicle is on or just left.
  @inline(__always) func currentLink(of vehicle: Int) -> Int {
    routes[Int(vehicles.routeIndex[vehicle])].index
  }
  /// The link after that, or -1 where the way ends.
  @inline(__always) func nextLink(of vehicle: Int) -> Int {
    let i = vehicles.routeIndex[vehicle] + 1
    return i < vehicles.routeEnd[vehicle] ? routes[Int(i)].index : -1
  }
}

/// Places in `TrafficWorld.probesOn`.
enum ProbeKind {
  static let passages = 0
  static let detectors = 1
}
