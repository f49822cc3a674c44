import CityBase
import CityNetwork

/// Phase 8, insert: departures pull out of their access points onto the kerb lane.
extension TrafficWorld {
  /// Puts a trip at the end of the queue of its origin link; one after the other.
  func enqueue(_ trip: Int) {
    let link = routes[Int(vehicles.routeFirst[trip])].index
    vehicles.queueNext[trip] = -1
    let last = queueTail[link]
    if last >= 0 {
      vehicles.queueNext[last] = Int32(trip)
    } else {
      queueHead[link] = Int32(trip)
      let chunk = chunks[Int(layout.chunkOfLane[topology.linkFirstLane[link]])]
      chunk.queueLinks.append(Int32(link))
      var at = chunk.queueLinks.count - 1
      while at > 0 && chunk.queueLinks[at - 1] > Int32(link) {
        chunk.queueLinks[at] = chunk.queueLinks[at - 1]
        at -= 1
      }
      chunk.queueLinks[at] = Int32(link)
    }
    queueTail[link] = Int32(trip)
  }

  /// One worker a chunk: lets those go for whom there is a gap. The first few of a queue are
  /// tried, because they stand at different places along the link.
  func insert(chunk: Int, tick: Tick) {
    let scratch = chunks[chunk]
    scratch.departures.removeAll()
    if scratch.queueLinks.isEmpty { return }
    var isAnyEmpty = false
    for link in scratch.queueLinks.elements {
      var before: Int32 = -1
      var trip = queueHead[link]
      // Those who wait for one lane are in nobody's way to another.
      var tries = topology.linkIsEntry[link] == 0 ? 6 : 6 * topology.lanes(ofLink: Int(link)).count
      while trip >= 0 && tries > 0 {
        let following = vehicles.queueNext[trip]
        if depart(Int(trip), link: Int(link), tick: tick, scratch) {
          if before >= 0 {
            vehicles.queueNext[before] = following
          } else {
            queueHead[link] = following
          }
          if following < 0 { queueTail[link] = before }
        } else {
          before = trip
        }
        trip = following
        tries -= 1
      }
      if queueHead[link] < 0 { isAnyEmpty = true }
    }
    if isAnyEmpty { dropEmptyQueues(scratch) }
  }

  private func dropEmptyQueues(_ scratch: ChunkScratch) {
    var kept = 0
    for i in 0..<scratch.queueLinks.count where queueHead[scratch.queueLinks[i]] >= 0 {
      scratch.queueLinks[kept] = scratch.queueLinks[i]
      kept += 1
    }
    scratch.queueLinks.truncate(to: kept)
  }

  private enum Attempt {
    case gone
    case noGap
    /// There is a gap, but in a lane that does not suit.
    case unsuited
  }

  /// Departures pull out from the kerb. What comes in over the edge of the network has been driving:
  /// it is on any lane that suits its way, else on one from which that goes on for now. The lanes are
  /// tried from one that hangs on the trip.
  private func depart(_ trip: Int, link: Int, tick: Tick, _ scratch: ChunkScratch) -> Bool {
    let lanes = topology.lanes(ofLink: link)
    guard isFromBeyond(trip, link) else {
      let kerb = lanes.lowerBound + kerbLane(ofLink: link, for: trip)
      return depart(trip, lane: kerb, asks: nil, tick: tick, scratch) == .gone
    }
    for least in [Suitability.well, .forNow] {
      var isUnsuited = false
      for k in 0..<lanes.count {
        let number = (trip + k) % lanes.count
        guard reserved.isOpen(number, of: link, to: vehicles.vehicleClass[trip]) else { continue }
        switch depart(trip, lane: lanes.lowerBound + number, asks: least, tick: tick, scratch) {
        case .gone: return true
        case .noGap: continue
        case .unsuited: isUnsuited = true
        }
      }
      if !isUnsuited { return false }
    }
    return false
  }

  private func isFromBeyond(_ trip: Int, _ link: Int) -> Bool {
    topology.linkIsEntry[link] != 0 && originOffset[trip] < vehicles.length[trip] + 1
  }

  /// Puts a trip onto a lane where there is a gap; `asks` says how well the lane has to suit who comes
  /// in over the edge.
  private func depart(
    _ trip: Int, lane: Int, asks least: Suitability?, tick: Tick, _ scratch: ChunkScratch
  ) -> Attempt {
    let link = Int(topology.laneLink[lane])
    let length = vehicles.length[trip]
    let end = lanes.length[lane]
    // Networks from elsewhere have lanes of centimetres.
    let last = max(end - 0.5, end / 2)
    let wanted = max(min(originOffset[trip], end - 1), min(length + 0.1, last))
    guard let x = departurePlace(lane, wanted, length: length) else { return .noGap }
    let fastest = least != nil ? Float.infinity : Rule.accessSpeed
    guard let speed = departureSpeed(lane: lane, x: x, trip: trip, fastest: fastest) else {
      if (Int(tick) + link) % Rule.courtesyTicks.whole < Rule.courtesyTicks.open {
        askToLetIn(lane, rear: x - length)
      }
      return side.isInUse[0] != 0
        && departBeside(trip, lane: lane, x: x, tick: tick, scratch) ? .gone : .noGap
    }
    if let least, suitability(of: lane, for: trip).rawValue > least.rawValue { return .unsuited }
    let place = placeIn(lane, at: x)
    rouse(lane)
    let first = Int(lanes.base[lane])
    var s = first + Int(lanes.count[lane])
    while s > first + place {
      slots.copy(s - 1, to: s)
      s -= 1
    }
    lanes.count[lane] += 1
    slots.position[s] = x
    slots.speed[s] = speed
    slots.vehicle[s] = Int32(trip)
    slots.stoodFrom[s] = now
    slots.flags[s] = 0
    slots.privileges[s] = 0
    slots.driver[s] = vehicles.driver[trip]
    vehicles.departed[trip] = tick
    vehicles.metres[trip] = -x
    if probesOn[ProbeKind.passages] != 0 { noteDeparture(trip, at: x, speed: speed, passages) }
    settle(s, lane: lane)
    announceApproach(s, scratch)
    scratch.active.insert(lane)
    scratch.departures.append(Int32(trip))
    return .gone
  }

  /// Asks the driver of a crawling queue before whom somebody wants to pull out to leave a gap.
  private func askToLetIn(_ lane: Int, rear: Float) {
    let place = placeIn(lane, at: rear)
    guard lanes.yieldRear[lane] == .infinity, place < Int(lanes.count[lane]),
      place >= Int(lanes.granted[lane])
    else { return }
    let f = Int(lanes.base[lane]) + place
    guard slots.speed[f] < Rule.crawling else { return }
    rouse(lane)
    lanes.yieldRear[lane] = rear
    slots.flags[f] |= SlotFlag.yielding | SlotFlag.letsIn
  }

  /// The speed at which a vehicle can pull out into a lane, or nil where there is no gap: nobody
  /// behind has to brake harder than is comfortable, and those granted on their way into the lane
  /// keep their room and fifteen metres more.
  private func departureSpeed(lane: Int, x: Float, trip: Int, fastest: Float) -> Float? {
    let length = vehicles.length[trip]
    let rear = x - length
    let place = placeIn(lane, at: x)
    guard place >= Int(lanes.granted[lane]),
      lanes.count[lane] + lanes.reservedCount[lane] < lanes.capacity[lane],
      lanes.reservedCount[lane] == 0 || rear >= lanes.reservedLength[lane] + 15
    else { return nil }
    let desired = lanes.speedLimit[lane] * vehicles.speedFactor[trip]
    let (leaderRear, leaderSpeed) = leaderOrGate(place, in: lane, at: x)
    let gap = leaderRear - x
    guard gap >= model.standstillGap else { return nil }
    let driver = vehicles.driver[trip]
    func fits(_ speed: Float) -> Bool {
      table.acceleration(
        driver, speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
        >= -model.comfortableBraking
    }
    var speed = min(desired, fastest)
    if !fits(speed) { speed = min(speed, max(leaderSpeed, Rule.accessSpeed)) }
    if !fits(speed) {
      // Who has been driving does not stop at the edge for traffic that moves: he comes a little later.
      if fastest == .infinity && leaderSpeed > Rule.crawling { return nil }
      speed = 0
    }
    if place < Int(lanes.count[lane]) {
      let f = Int(lanes.base[lane]) + place
      let back = rear - slots.position[f]
      guard back >= 1,
        acceleration(
          f, speed: slots.speed[f], desired: slots.desired[f], gap: back, leaderSpeed: speed)
          >= -model.comfortableBraking
      else { return nil }
    }
    return speed
  }
}
