import CityNetwork

/// One look at all queues: which lanes have one, and what that makes of their movements.
///
/// The movements lie flat here, in memory of their own: a look visits every lane with vehicles, and
/// is to cost next to nothing beside moving them.
struct QueueLook: BitwiseCopyable, @unchecked Sendable {
  private struct Queue: BitwiseCopyable {
    var vehicles: Int32 = 0
    /// To the rear of the last.
    var metres: Float = 0
  }

  private struct Way: BitwiseCopyable {
    var from: Int32
    var to: Int32
  }

  /// By road lane, while one looks.
  private let queueOfLane: RawColumn<Queue>
  private let queuedLanes = RawList<Int32>()
  /// By movement, and one more: its ways are [m] ..< [m + 1].
  private let firstWay: RawColumn<Int32>
  private let ways: RawColumn<Way>
  /// By link, and one more.
  private let linkFirstMovement: RawColumn<Int32>

  init(_ table: MovementTable, roadLanes: Int) {
    queueOfLane = RawColumn(repeating: Queue(), count: roadLanes)
    firstWay = RawColumn(
      table.movements.map { Int32(clamping: $0.ways.lowerBound) }
        + [Int32(clamping: table.ways.count)])
    ways = RawColumn(table.ways.map { Way(from: $0.fromLane, to: $0.toLane) })
    linkFirstMovement = RawColumn(table.linkFirstMovement)
  }

  func free() {
    queueOfLane.free()
    queuedLanes.free()
    firstWay.free()
    ways.free()
    linkFirstMovement.free()
  }

  func look(_ world: TrafficWorld, into samples: inout QueueSamples) {
    samples.countLook()
    queuedLanes.removeAll()
    for i in 0..<world.chunks.count {
      world.chunks[i].active.forEach { lane in
        if lane < queueOfLane.count { lookAt(lane, world) }
      }
    }
    var link: Int32 = -1
    for i in 0..<queuedLanes.count {
      let its = world.topology.laneLink[Int(queuedLanes[i])]
      if its == link { continue }
      link = its
      let length = world.topology.linkLength[Int(its)]
      for m in linkFirstMovement[its]..<linkFirstMovement[its + 1] {
        add(Int(m), linkLength: length, world, &samples)
      }
    }
    for i in 0..<queuedLanes.count { queueOfLane[queuedLanes[i]] = Queue() }
  }

  private func lookAt(_ lane: Int, _ world: TrafficWorld) {
    let (slots, length) = (world.slots, world.lanes.length[lane])
    let first = Int(world.lanes.base[lane])
    var i = Int(world.lanes.count[lane]) - 1
    while i >= 0 {
      let s = first + i
      // Whoever halts close behind the one ahead or the stop line. One that has just pulled out or
      // looks for a gap far upstream is no queue.
      if slots.speed[s] < QueueSamples.halting {
        let end = i > 0 ? slots.position[s - 1] - slots.length[s - 1] : length
        if end - slots.position[s] <= QueueSamples.closeness { break }
      }
      i -= 1
    }
    if i < 0 { return }
    let rear = slots.position[first + i] - slots.length[first + i]
    queueOfLane[lane] = Queue(vehicles: Int32(i + 1), metres: length - max(0, rear))
    queuedLanes.append(Int32(truncatingIfNeeded: lane))
  }

  private func add(
    _ movement: Int, linkLength: Float, _ world: TrafficWorld, _ samples: inout QueueSamples
  ) {
    let its = Int(firstWay[movement])..<Int(firstWay[movement + 1])
    var longest = Queue()
    for i in its {
      let queue = queueOfLane[ways[i].from]
      longest.vehicles = max(longest.vehicles, queue.vehicles)
      longest.metres = max(longest.metres, queue.metres)
    }
    if longest.vehicles == 0 { return }
    var hasRoomBeyond = false
    for i in its where !isFull(Int(ways[i].to), world) { hasRoomBeyond = true }
    samples.add(
      movement, vehicles: Int(longest.vehicles), metres: longest.metres, linkLength: linkLength,
      isSpilled: longest.metres > linkLength - QueueSamples.carRoom, isBlocked: !hasRoomBeyond)
  }

  private func isFull(_ lane: Int, _ world: TrafficWorld) -> Bool {
    queueOfLane[lane].vehicles > 0
      && queueOfLane[lane].metres > world.lanes.length[lane] - QueueSamples.carRoom
  }
}
