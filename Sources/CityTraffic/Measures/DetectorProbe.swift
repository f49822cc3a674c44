import CityBase
import CityNetwork
import CitySimulation

/// An induction loop: where vehicles are counted.
public struct DetectorSite: Sendable, Hashable {
  /// The name it goes by in tables.
  public var id: String
  public var link: LinkID
  /// The lane counted from the kerb, or nil for all lanes of the link.
  public var lane: Int?
  /// m from the start of the link to its upstream edge, within the link.
  public var offset: Float
  /// m along the lane, 0 or more.
  public var length: Float

  public init(id: String, link: LinkID, lane: Int?, offset: Float, length: Float) {
    self.id = id
    self.link = link
    self.lane = lane
    self.offset = offset
    self.length = length
  }

  /// The loop of a usual traffic counter: 2 m (FHWA, Traffic Detector Handbook 2006, chapter 4: 6 ft
  /// square).
  public static let usualLength: Float = 2
}

/// What loops see. Only the lanes that have loops are looked at: their vehicles before they move and
/// after, so that the tick itself knows nothing of loops.
///
/// A front bumper that passes the upstream edge within a tick is counted; a loop is occupied from
/// then on until the rear bumper passes the downstream edge. Between the ends of a tick vehicles are
/// taken to move evenly.
///
/// The worker of a chunk writes what the loops on its lanes count.
struct DetectorProbe: BitwiseCopyable, @unchecked Sendable {
  struct Loop: BitwiseCopyable {
    var site: Int32
    var from: Float
    var to: Float
  }

  /// Since the interval began.
  struct Sums: BitwiseCopyable {
    var count: Int64 = 0
    /// m/s, and s/m, of those counted.
    var speed = 0.0
    var slowness = 0.0
    /// s
    var occupied = 0.0
  }

  /// A vehicle before it moves.
  struct Seen: BitwiseCopyable {
    var vehicle: Int32
    /// 0 in the lane, 1 on the side list along it, 2 gone over its end with its tail still there.
    var place: Int32
    var front: Float
    var length: Float
    var speed: Float
    var leaveAt: Float
  }

  let isOn: Bool
  let stepSeconds: Float
  /// Road lanes with loops, ascending, and the loops of each: [i] ..< [i + 1].
  let lanes: RawColumn<Int32>
  let firstLoop: RawColumn<Int32>
  let loops: RawColumn<Loop>
  /// By chunk: its lanes, [i] ..< [i + 1], and what was seen on them.
  let chunkFirstLane: RawColumn<Int32>
  let seen: RawColumn<RawList<Seen>>
  /// By lane with loops: where its vehicles begin in what its chunk has seen.
  let firstSeen: RawColumn<Int32>
  /// By loop, and by loop and class.
  let sums: RawColumn<Sums>
  let classCounts: RawColumn<Int32>

  static let classes = (VehicleClass.allCases.map(\.rawValue).max().map(Int.init) ?? 0) + 1

  /// One that sees nothing.
  init() { self.init([], layout: nil, stepSeconds: 1) }

  init(_ sites: [DetectorSite], _ world: TrafficWorld) {
    var all: [(lane: Int32, loop: Loop)] = []
    for (i, site) in sites.enumerated() {
      let lanes = world.network.lanes(of: site.link)
      let meant = site.lane.map { lanes.dropFirst($0).prefix(1) } ?? lanes[...]
      for lane in meant {
        // Lanes of a network from elsewhere may be shorter than their link.
        let end = world.lanes.length[lane]
        let loop = Loop(
          site: Int32(clamping: i), from: min(site.offset, end),
          to: min(site.offset + site.length, end))
        all.append((Int32(clamping: lane), loop))
      }
    }
    self.init(all, layout: world.layout, stepSeconds: world.stepSeconds)
  }

  private init(_ loops: [(lane: Int32, loop: Loop)], layout: ChunkLayout?, stepSeconds: Float) {
    var all = loops
    all.sort { ($0.lane, $0.loop.site) < ($1.lane, $1.loop.site) }
    var lanes: [Int32] = []
    var first: [Int32] = []
    for (i, entry) in all.enumerated() where lanes.last != entry.lane {
      lanes.append(entry.lane)
      first.append(Int32(clamping: i))
    }
    let chunks = layout?.count ?? 0
    isOn = !all.isEmpty
    self.stepSeconds = stepSeconds
    self.lanes = RawColumn(lanes)
    firstLoop = RawColumn(first + [Int32(clamping: all.count)])
    self.loops = RawColumn(all.map(\.loop))
    chunkFirstLane = RawColumn(
      (0...chunks).map { chunk in
        Int32(clamping: lanes.count { $0 < layout?.firstRoadLane[chunk] ?? 0 })
      })
    seen = RawColumn((0..<chunks).map { _ in RawList() })
    firstSeen = RawColumn(repeating: 0, count: lanes.count)
    sums = RawColumn(repeating: Sums(), count: all.count)
    classCounts = RawColumn(repeating: 0, count: all.count * Self.classes)
  }

  func free() {
    for i in 0..<seen.count { seen[i].free() }
    for column in [lanes, firstLoop, chunkFirstLane, firstSeen, classCounts] { column.free() }
    loops.free()
    seen.free()
    sums.free()
  }

  /// Notes the way of one vehicle's front in this tick on a lane with loops, from a place to another
  /// one; it counts as passing at `speed`.
  @inline(__always) func note(
    _ k: Int, from: Float, to: Float, length: Float, speed: Float, vehicleClass: UInt8
  ) {
    for i in Int(firstLoop[k])..<Int(firstLoop[k + 1]) {
      let loop = loops[i]
      if to < loop.from || from > loop.to + length { continue }
      if from < loop.from {
        sums[i].count += 1
        sums[i].speed += Double(speed)
        sums[i].slowness += 1 / Double(max(speed, 0.01))
        classCounts[i * Self.classes + Int(vehicleClass)] += 1
      }
      let moved = to - from
      let share =
        moved > 0 ? (min(to, loop.to + length) - max(from, loop.from)) / moved : Float(1)
      sums[i].occupied += Double(share * stepSeconds)
    }
  }
}

/// The looks of the tick at lanes with loops.
extension TrafficWorld {
  /// Before the vehicles of a chunk move.
  func seeBefore(chunk: Int, _ probe: DetectorProbe) {
    let seen = probe.seen[chunk]
    seen.removeAll()
    for k in Int(probe.chunkFirstLane[chunk])..<Int(probe.chunkFirstLane[chunk + 1]) {
      let lane = Int(probe.lanes[k])
      probe.firstSeen[k] = Int32(truncatingIfNeeded: seen.count)
      let first = Int(lanes.base[lane])
      for s in first..<(first + Int(lanes.count[lane])) { seen.append(look(s, place: 0)) }
      let v = Int(lanes.trailVehicle[lane])
      if v >= 0 {
        let length = vehicles.length[v]
        seen.append(
          DetectorProbe.Seen(
            vehicle: Int32(truncatingIfNeeded: v), place: 2,
            front: max(lanes.length[lane], lanes.trailRear[lane] + length), length: length,
            speed: 0, leaveAt: .infinity))
      }
      if side.isInUse[0] == 0 { continue }
      forEachBeside(lane) { seen.append(look($0, place: 1)) }
    }
  }

  /// When those who crossed the end of a lane in this tick have arrived on the next.
  func seeAfter(chunk: Int, _ probe: DetectorProbe) {
    let seen = probe.seen[chunk]
    let end = Int(probe.chunkFirstLane[chunk + 1])
    for k in Int(probe.chunkFirstLane[chunk])..<end {
      let lane = Int(probe.lanes[k])
      let first = Int(lanes.base[lane])
      let n = Int(lanes.count[lane])
      let last = k + 1 < end ? Int(probe.firstSeen[k + 1]) : seen.count
      // Who is still there is there in the same order; behind them are those who have come.
      var i = 0
      for e in Int(probe.firstSeen[k])..<last {
        let was = seen[e]
        var s = -1
        if was.place == 0, i < n, slots.vehicle[first + i] == was.vehicle {
          s = first + i
          i += 1
        } else if was.place == 1 {
          forEachBeside(lane) { if slots.vehicle[$0] == was.vehicle { s = $0 } }
        }
        note(was, now: s, k, probe)
      }
      while i < n {
        noteArrival(first + i, k, probe)
        i += 1
      }
      if side.isInUse[0] == 0 { continue }
      forEachBeside(lane) { s in
        let isKnown = (Int(probe.firstSeen[k])..<last).contains {
          seen[$0].vehicle == slots.vehicle[s]
        }
        if !isKnown { noteArrival(s, k, probe) }
      }
    }
  }

  private func look(_ s: Int, place: Int32) -> DetectorProbe.Seen {
    DetectorProbe.Seen(
      vehicle: slots.vehicle[s], place: place, front: slots.position[s], length: slots.length[s],
      speed: slots.speed[s], leaveAt: slots.leaveAt[s])
  }

  private func forEachBeside(_ lane: Int, _ body: (Int) -> Void) {
    let link = Int(topology.laneLink[lane])
    let first = Int(side.base[link])
    for s in first..<(first + Int(side.count[link])) where side.lane(ofSlot: s) == lane { body(s) }
  }

  private func note(_ was: DetectorProbe.Seen, now s: Int, _ k: Int, _ probe: DetectorProbe) {
    let moved: Float
    if s >= 0 {
      moved = slots.position[s] - was.front
    } else {
      let displacement = vehicles.displacement[was.vehicle]
      // Who has left the road was last seen where its way ends.
      moved = displacement < Rule.gone ? displacement : max(0, was.leaveAt - was.front)
    }
    let isGone = s < 0 && vehicles.displacement[was.vehicle] >= Rule.gone
    probe.note(
      k, from: was.front, to: was.front + moved, length: was.length,
      speed: isGone ? was.speed : moved / probe.stepSeconds,
      vehicleClass: vehicles.vehicleClass[was.vehicle])
  }

  private func noteArrival(_ s: Int, _ k: Int, _ probe: DetectorProbe) {
    let v = slots.vehicle[s]
    let moved = vehicles.displacement[v]
    let to = slots.position[s]
    // It was before the start of the lane, whatever rounding says.
    probe.note(
      k, from: min(to - moved, -0.001), to: to, length: slots.length[s],
      speed: moved / probe.stepSeconds,
      vehicleClass: vehicles.vehicleClass[v])
  }
}
