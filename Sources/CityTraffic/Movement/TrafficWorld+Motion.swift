import CitySimulation

/// Part of phase 5: how far and how fast a vehicle goes within a step, and where it has to stop.
extension TrafficWorld {
  /// `stopZone`, for those who ask again and again whether somebody is in it.
  struct StopZone {
    private let braking: Float
    private let share: Float

    @inline(__always) init(_ model: IntelligentDriver) {
      braking = model.comfortableBraking
      share = 1 / (2 * model.comfortableBraking)
    }

    /// Whether a driver without a grant stops. The first bound is a little wide and costs no division.
    @inline(__always) func contains(_ distance: Float, speed v: Float) -> Bool {
      distance < v * (v * share + 1) + 7.1 && distance < v * v / (2 * braking) + v + 7
    }

    /// From so many metres on nobody is in the zone: the first bound.
    @inline(__always) func reach(_ v: Float) -> Float { v * (v * share + 1) + 7.1 }

    /// Whether a driver is nearer than `stopZone` and a way in metres.
    @inline(__always) func isNear(_ distance: Float, speed v: Float, way: Float) -> Bool {
      distance < v * (v * share + 1) + 7.1 + way
        && distance < v * v / (2 * braking) + v + 7 + way
    }
  }

  /// The distance to the stop line from which on a driver without a grant begins to stop: the
  /// comfortable braking distance, a second and ten metres.
  @inline(__always) func stopZone(_ v: Float) -> Float {
    v * v / (2 * model.comfortableBraking) + v + 7
  }

  /// The acceleration that brings a driver down to a lower speed at a place ahead, or infinity
  /// while there is still time.
  @inline(__always) func anticipate(_ v: Float, _ target: Float, _ distance: Float)
    -> Float
  {
    // Not above 0 where the driver is slower already.
    let needed = (v * v - target * target) / (2 * atLeast(0.5, distance))
    return needed > Rule.anticipation ? -needed : .infinity
  }

  /// A standing limit that is approached at ease.
  @inline(__always) func stopBefore(
    _ distance: Float, speed v: Float, _ a: Float, _ room: Float
  ) -> (Float, Float) {
    stopBefore(distance, speed: v, a, room, from: model.comfortableBraking)
  }

  /// A standing limit that is approached with the needed deceleration from some m/s² on.
  @inline(__always) func stopBefore(
    _ distance: Float, speed v: Float, _ a: Float, _ room: Float, from noticeable: Float
  ) -> (Float, Float) {
    if distance == .infinity { return (a, room) }
    let left = atLeast(0, distance - Rule.touch)
    var a = a
    let needed = v * v / (2 * atLeast(0.3, left - 0.5))
    if needed > noticeable { a = atMost(a, -needed) }
    return (a, atMost(room, left))
  }

  /// What the junction has told a granted vehicle: how far it may go, and whom to follow.
  @inline(__always) func obeyJunction<D: Drivers>(
    _ slot: UnsafeMutablePointer<Slot>, distanceToStart: Float, desired: Float, _ a: Float,
    _ room: Float, _ drivers: D
  ) -> (Float, Float) {
    let told = vehicles[Int(slot.pointee.vehicle)]
    let v = slot.pointee.speed
    var (a, room) = stopBefore(
      distanceToStart + told.pointee.clearance, speed: v, a, room, from: Rule.clearanceBraking)
    let rear = told.pointee.divergeRear
    if rear < .infinity {
      let gap = distanceToStart + rear
      a = atMost(
        a,
        drivers.acceleration(
          slot.pointee.driver, speed: v, desired: desired, gap: gap,
          leaderSpeed: told.pointee.divergeSpeed, leaderAcceleration: 0))
      room = atMost(room, atLeast(0, gap - Rule.touch))
    }
    return (a, room)
  }

  /// The ballistic update with the stop inside the step (Treiber and Kanagaraj 2015, Physica A 419),
  /// held to the room that is certainly free.
  @inline(__always) func move(
    _ v: Float, _ a: Float, _ room: Float, _ step: Float, _ scratch: ChunkScratch
  ) -> (moved: Float, speed: Float) {
    let braked = atLeast(-Rule.hardestBraking, a)
    var speed = v + braked * step
    var moved: Float
    if speed < 0 {
      moved = v * v / (-2 * braked)
      speed = 0
    } else {
      moved = (v + speed) * 0.5 * step
    }
    if moved > room {
      moved = room
      speed = atMost(speed, room / step)
      if v - speed > (Rule.hardestBraking + 0.5) * step { scratch.counters[0].hardBrakings &+= 1 }
    }
    return (moved, speed)
  }

  /// Where a vehicle is after a tick, and since when it stands.
  @inline(__always) static func settle(
    _ place: UnsafeMutablePointer<Slot>, at position: Float, speed: Float, tick: Int32
  ) {
    if speed < Rule.standing && place.pointee.speed >= Rule.standing {
      place.pointee.stoodFrom = tick
    }
    place.pointee.position = position
    place.pointee.speed = speed
  }
}
