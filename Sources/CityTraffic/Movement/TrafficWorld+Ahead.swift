/// Part of phases 5 and 6: what the head of a lane sees before it. Other lanes are read by the tails
/// published before.
extension TrafficWorld {
  /// What stands before the head of a lane, in the lane's own metres.
  struct Ahead {
    var rear: Float = .infinity
    var speed: Float = 0
    /// A standing limit beyond the next lane, such as the end of a link not yet granted.
    var limit: Float = .infinity
    /// What the leader has already moved in this tick; 0 where another worker moves it.
    var moved: Float = 0
    /// How it accelerates in this tick, m/s²; 0 where another worker moves it or nobody asks.
    var acceleration: Float = 0
  }

  @inline(__always) func aheadOfRoadLane(
    _ lane: UnsafeMutablePointer<Lane>, _ head: UnsafeMutablePointer<Slot>, isGranted: Bool
  ) -> Ahead {
    var ahead = Ahead()
    let v = head.pointee.speed
    let connector = head.pointee.next
    guard isGranted, connector >= 0 else {
      // Who has just left may still have its tail here.
      if lane.pointee.trailVehicle >= 0 {
        ahead.rear = lane.pointee.trailRear
        ahead.speed = v
      }
      return ahead
    }
    if lane.pointee.length - head.pointee.position < 40 + v * 6 {
      lookOver(&ahead, connector, head, end: lane.pointee.length)
    }
    return ahead
  }

  /// What the head of a road lane sees on its connector and beyond.
  private func lookOver(
    _ ahead: inout Ahead, _ connector: Int32, _ head: UnsafeMutablePointer<Slot>, end: Float
  ) {
    let crossing = lanes[Int(connector)]
    if crossing.pointee.tailRear < .infinity {
      ahead.rear = end + crossing.pointee.tailRear
      ahead.speed = crossing.pointee.tailSpeed
      return
    }
    let c = Int(connector) - topology.roadLanes
    lookBeyond(
      &ahead, head, lane: Int(topology.connectorTo[c]), start: end + crossing.pointee.length)
  }

  func aheadOfConnector(_ lane: Int) -> Ahead {
    var ahead = Ahead()
    let to = topology.connectorTo[lane - topology.roadLanes]
    lookBeyond(&ahead, slots[Int(lanes.base[lane])], lane: Int(to), start: lanes.length[lane])
    // A tail over the end that is not seen beyond is that of who has gone onto the side list.
    if lanes.trailVehicle[lane] >= 0, lanes.trailRear[lane] < ahead.rear - 0.1 {
      ahead.rear = lanes.trailRear[lane]
      ahead.speed = 0
    }
    return ahead
  }

  /// The last vehicle of the lane beyond the junction, a shut gate there, or that lane's end: nobody
  /// holds a grant for the next junction before being on its approach.
  @inline(__always) private func lookBeyond(
    _ ahead: inout Ahead, _ head: UnsafeMutablePointer<Slot>, lane: Int, start: Float
  ) {
    if head.pointee.privileges & SlotPrivilege.ontoSide != 0 {
      return lookBeside(&ahead, lane: lane, start: start)
    }
    let beyond = lanes[lane]
    if beyond.pointee.firstObstacle >= 0 {
      let gate = gateForEntrants(lane)
      if gate < beyond.pointee.tailRear {
        ahead.rear = start + gate
        return
      }
    }
    if beyond.pointee.tailRear < .infinity {
      ahead.rear = start + beyond.pointee.tailRear
      ahead.speed = beyond.pointee.tailSpeed
    } else {
      ahead.limit = start + beyond.pointee.length
    }
  }
}
