/// The places of side lists: who fits where, and whose tail is still over the line.
extension TrafficWorld {
  /// Where in a side list there is room for a bumper at x, or nil.
  func placeBeside(_ link: Int, at x: Float, length: Float, speed v: Float) -> Int? {
    let n = Int(side.count[link])
    let isAwaited = side.reservedFor[link] >= 0
    guard n + (isAwaited ? 1 : 0) < Int(side.capacity[link]) else { return nil }
    if isAwaited && x - length < SideRule.entryRoom { return nil }
    let first = Int(side.base[link])
    var place = 0
    while place < n && slots.position[first + place] > x { place += 1 }
    if place > 0 {
      let leader = first + place - 1
      if slots.position[leader] - slots.length[leader] - x < SideRule.gap + 0.5 * v { return nil }
    } else if tailAtLine(link).rear - x < SideRule.gap + 0.5 * v {
      return nil
    }
    if place < n {
      let follower = first + place
      let gap = x - length - slots.position[follower]
      if gap < SideRule.gap + 0.5 * slots.speed[follower] { return nil }
    }
    return place
  }

  /// Makes room at a place of a side list; the caller fills the slot.
  func openPlace(_ place: Int, beside link: Int, lane: Int, _ scratch: ChunkScratch) -> Int {
    let first = Int(side.base[link])
    var t = first + Int(side.count[link])
    while t > first + place {
      slots.copy(t - 1, to: t)
      side.lane[t - side.firstSlot] = side.lane[t - 1 - side.firstSlot]
      t -= 1
    }
    side.lane[t - side.firstSlot] = Int32(truncatingIfNeeded: lane)
    side.count[link] += 1
    insert(sideLink: Int32(truncatingIfNeeded: link), scratch.sideLinks)
    return t
  }

  /// Removes a place of a side list.
  func closePlace(_ place: Int, beside link: Int) {
    let last = Int(side.base[link] + side.count[link]) - 1
    var t = Int(side.base[link]) + place
    while t < last {
      slots.copy(t + 1, to: t)
      side.lane[t - side.firstSlot] = side.lane[t + 1 - side.firstSlot]
      t += 1
    }
    side.count[link] -= 1
  }

  /// Keeps a chunk's links with side lists in ascending order, each once.
  private func insert(sideLink link: Int32, _ list: RawList<Int32>) {
    if list.elements.contains(link) { return }
    list.append(link)
    var at = list.count - 1
    while at > 0 && list[at - 1] > link {
      list[at] = list[at - 1]
      at -= 1
    }
    list[at] = link
  }

  /// The tail of who has crossed a stop line of a link from its side list and is still over it, in
  /// metres of the link.
  func tailAtLine(_ link: Int) -> (rear: Float, speed: Float) {
    var rear = Float.infinity
    var speed: Float = 0
    for lane in topology.lanes(ofLink: link) where side.heldBy[lane] >= 0 {
      guard let g = grantHeld(lane) else { continue }
      let x = lanes.length[lane] + grants.rear[g]
      if slots.vehicle[side.base[link]] == side.heldBy[lane] && side.count[link] > 0 { continue }
      if x < rear {
        rear = x
        speed = grants.speed[g]
      }
    }
    return (rear, speed)
  }

  /// The grant of who holds a lane from the side list, or nil once it has cleared the connector.
  func grantHeld(_ lane: Int) -> Int? {
    let vehicle = side.heldBy[lane]
    for c in topology.connectors(fromLane: lane) {
      let first = Int(grants.base[c])
      for g in first..<(first + Int(grants.count[c])) where grants.vehicle[g] == vehicle {
        return g
      }
    }
    return nil
  }
}
