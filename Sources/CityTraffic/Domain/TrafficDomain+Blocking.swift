import CityBase
import CityNetwork
import CitySimulation

extension TrafficDomain: LaneBlocking {
  /// None where the lane is not a road lane or the place is not a number.
  public func block(_ blockage: LaneBlockage) -> BlockageID {
    let id = world.obstacles.nextID[0]
    guard let standing = world.standing(blockage, id: id) else { return .none }
    world.obstacles.nextID[0] = id &+ 1
    world.obstacles.blockages.append(standing)
    world.layOutObstacles()
    return BlockageID(rawValue: id)
  }

  public func unblock(_ blockage: BlockageID) {
    guard blockage.isSome else { return }
    world.removeBlockages { $0.id == blockage.rawValue }
  }

  /// What stands on lanes at present: what other domains put up, and then what policies did.
  public var standingBlockages: [LaneBlockage] {
    world.obstacles.blockages.elements.map {
      LaneBlockage(
        lane: LaneID(rawValue: $0.lane), from: $0.from, to: $0.to, residualWidth: $0.width)
    }
  }

  /// Takes over the blockages that policies have put up.
  func followBlockages(_ overrides: CityOverrides) {
    // Nearly always both are empty.
    let wanted =
      overrides.blockages.isEmpty
      ? [] : overrides.blockages.compactMap { world.standing($0, id: -1) }
    world.replacePolicyBlockages(with: wanted)
  }
}

extension TrafficWorld {
  /// A blockage clamped to its lane, or nil where there is no such place.
  func standing(_ blockage: LaneBlockage, id: Int32) -> StandingBlockage? {
    guard 0..<topology.roadLanes ~= blockage.lane.index, blockage.from.isFinite,
      blockage.to.isFinite
    else { return nil }
    let length = network.laneLength[blockage.lane]
    let from = max(0, min(blockage.from, length - 0.1))
    let to = min(length, max(blockage.to, from + 0.1))
    let width = blockage.residualWidth > 0 ? blockage.residualWidth : 0
    return StandingBlockage(id: id, lane: blockage.lane.rawValue, from: from, to: to, width: width)
  }

  func replacePolicyBlockages(with wanted: [StandingBlockage]) {
    var n = 0
    var isSame = true
    for blockage in obstacles.blockages.elements where blockage.id < 0 {
      if n >= wanted.count || !blockage.isSame(as: wanted[n]) { isSame = false }
      n += 1
    }
    if isSame && n == wanted.count { return }
    removeBlockages(keepingLayout: true) { $0.id < 0 }
    for blockage in wanted { obstacles.blockages.append(blockage) }
    layOutObstacles()
  }

  func removeBlockages(
    keepingLayout: Bool = false, where isGone: (StandingBlockage) -> Bool
  ) {
    let blockages = obstacles.blockages
    var kept = 0
    for i in 0..<blockages.count where !isGone(blockages[i]) {
      blockages[kept] = blockages[i]
      kept += 1
    }
    if kept == blockages.count { return }
    blockages.truncate(to: kept)
    if !keepingLayout { layOutObstacles() }
  }

  /// Makes the stretches anew after a change of what stands on the lanes. Those that stay as they
  /// were keep their gates and turns.
  func layOutObstacles() {
    let before = Array(obstacles.stretches.elements)
    let passagesBefore = Array(obstacles.passages.elements)
    setStretches(StretchLayout(Array(obstacles.blockages.elements), network))
    var kept: [Bool] = Array(repeating: false, count: obstacles.stretches.count)
    for k in 0..<obstacles.stretches.count where obstacles.stretches[k].kind == .wall {
      let old = before.first { $0.isSamePlace(as: obstacles.stretches[k]) }
      if let old { kept[k] = takeOver(old, k) }
    }
    for p in 0..<obstacles.passages.count {
      let first = obstacles.passages[p].stretch(of: 0)
      let second = obstacles.passages[p].stretch(of: 1)
      let old = passagesBefore.first {
        before[$0.stretch(of: 0)].isSamePlace(as: obstacles.stretches[first])
          && before[$0.stretch(of: 1)].isSamePlace(as: obstacles.stretches[second])
      }
      guard let old else { continue }
      kept[first] = takeOver(before[old.stretch(of: 0)], first)
      kept[second] = takeOver(before[old.stretch(of: 1)], second)
      obstacles.passages.elements[p].turn = old.turn
      obstacles.passages.elements[p].goal = old.goal
      obstacles.passages.elements[p].isSettled = old.isSettled
      obstacles.passages.elements[p].waited = old.waited
    }
    var touched = Set(before.map { Int($0.lane) })
    for stretch in obstacles.stretches.elements { touched.insert(Int(stretch.lane)) }
    for lane in touched.sorted() { resetArrivals(on: lane) }
    openNewGates(kept: kept)
  }

  private func takeOver(_ old: Stretch, _ k: Int) -> Bool {
    obstacles.stretches.elements[k].mayPass = old.mayPass
    obstacles.stretches.elements[k].flags = old.flags
    return true
  }

  /// Puts the stretches and passages of a layout in the place of the present ones.
  func setStretches(_ layout: StretchLayout) {
    for stretch in obstacles.stretches.elements {
      lanes.firstObstacle[stretch.lane] = -1
      rouse(Int(stretch.lane))
    }
    obstacles.stretches.removeAll()
    obstacles.passages.removeAll()
    for (k, stretch) in layout.stretches.enumerated() {
      obstacles.stretches.append(stretch)
      rouse(Int(stretch.lane))
      if lanes.firstObstacle[stretch.lane] < 0 { lanes.firstObstacle[stretch.lane] = Int32(k) }
    }
    for passage in layout.passages { obstacles.passages.append(passage) }
  }

  /// Where those leave the road who arrive on a lane may depend on what stands there.
  private func resetArrivals(on lane: Int) {
    let first = Int(lanes.base[lane])
    let link = Int(topology.laneLink[lane])
    let firstBeside = Int(side.base[link])
    for range in [
      first..<(first + Int(lanes.count[lane])),
      firstBeside..<(firstBeside + Int(side.count[link])),
    ] {
      for s in range where slots.next[s] == NextLane.arrival {
        let its = s >= side.firstSlot ? side.lane(ofSlot: s) : lane
        slots.leaveAt[s] = leaveOffset(
          of: Int(slots.vehicle[s]), lane: its, from: slots.position[s])
      }
    }
  }
}

extension StandingBlockage {
  func isSame(as other: StandingBlockage) -> Bool {
    id == other.id && lane == other.lane && from == other.from && to == other.to
      && width == other.width
  }
}

extension TrafficDomain {
  /// Nobody is in the blocked stretch of a wall but those who were beside it when it was put up, and
  /// the two directions are never in a passage at once.
  func checkObstacles(_ found: inout [String]) {
    for stretch in world.obstacles.stretches.elements
    where stretch.flags & StretchFlag.isDeserted != 0 && world.isOccupied(stretch) {
      found.append("lane \(stretch.lane): somebody beside the wall at \(stretch.from)")
    }
    for passage in world.obstacles.passages.elements where passage.isSettled {
      let first = world.obstacles.stretches[passage.stretch(of: 0)]
      let second = world.obstacles.stretches[passage.stretch(of: 1)]
      if world.isOccupied(first) && world.isOccupied(second) {
        found.append("lanes \(first.lane), \(second.lane): both directions in one passage")
      }
    }
  }
}
