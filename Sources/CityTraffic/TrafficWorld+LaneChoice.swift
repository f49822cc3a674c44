/// Which lanes of its link a vehicle should be in, and which connector it takes.
///
/// Looking one turn ahead is not enough where links are short: the lane for a left turn has to be
/// found before the last link, on which there is no room to change. So the lanes of the links ahead
/// get a cost each, from the back: the lane changes still needed after entering there.
extension TrafficWorld {
  /// Links looked ahead at the most, and the metres beyond the present link after which nobody
  /// prepares yet.
  private static let horizonLinks = 6
  private static let horizonMeters: Float = 200
  private static let mostLanes = 16
  private static let impossible: Int32 = 1_000_000

  func chooseLanes(_ s: Int, lane: Int, link: Int, vehicle: Int) {
    let width = Self.mostLanes
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: (Self.horizonLinks + 1) * width) {
      costs in
      let first = Int(vehicles.routeIndex[vehicle])
      let last = horizon(from: first, end: Int(vehicles.routeEnd[vehicle]))
      fillLast(costs, row: last - first, link: routes[last].index)
      var i = last - 1
      while i >= first {
        let row = i - first
        fill(costs, row: row, link: routes[i].index, next: routes[i + 1].index)
        if i > first { addChanges(costs, row: row, link: routes[i].index) }
        i -= 1
      }
      setRange(s, costs, link: link)
      setConnector(s, costs, lane: lane, following: routes[first + 1].index, vehicle: vehicle)
    }
  }

  /// The last link of the route to look at; at least the one after the present one.
  private func horizon(from first: Int, end: Int) -> Int {
    var last = first + 1
    var metres = topology.linkLength[routes[last].index]
    while last + 1 < end, last - first < Self.horizonLinks, metres < Self.horizonMeters {
      last += 1
      metres += topology.linkLength[routes[last].index]
    }
    return last
  }

  /// On the last link looked at any lane will do; where the way ends there, the kerb is best.
  private func fillLast(_ costs: UnsafeMutableBufferPointer<Int32>, row: Int, link: Int) {
    for k in 0..<min(Self.mostLanes, topology.lanes(ofLink: link).count) {
      costs[row * Self.mostLanes + k] = 0
    }
  }

  /// The cost of a lane: that of the best lane it leads to on the next link.
  private func fill(
    _ costs: UnsafeMutableBufferPointer<Int32>, row: Int, link: Int, next: Int
  ) {
    let range = topology.lanes(ofLink: link)
    let nextFirst = Int(topology.linkFirstLane[next])
    for k in 0..<min(Self.mostLanes, range.count) {
      var best = Self.impossible
      for c in topology.connectors(fromLane: range.lowerBound + k) {
        let to = Int(topology.connectorTo[c])
        guard Int(topology.laneLink[to]) == next, to - nextFirst < Self.mostLanes else { continue }
        best = min(best, costs[(row + 1) * Self.mostLanes + to - nextFirst])
      }
      costs[row * Self.mostLanes + k] = best
    }
  }

  /// Lets lanes reach better ones on their link, at a price for every change: small where there is
  /// room to change, large where there is not.
  private func addChanges(_ costs: UnsafeMutableBufferPointer<Int32>, row: Int, link: Int) {
    let n = min(Self.mostLanes, topology.lanes(ofLink: link).count)
    let price: Int32 = topology.linkLength[link] < 50 ? 20 : 4
    let base = row * Self.mostLanes
    var k = 1
    while k < n {
      costs[base + k] = min(costs[base + k], costs[base + k - 1] + price)
      k += 1
    }
    k = n - 2
    while k >= 0 {
      costs[base + k] = min(costs[base + k], costs[base + k + 1] + price)
      k -= 1
    }
  }

  /// The run of best lanes on the present link.
  private func setRange(_ s: Int, _ costs: UnsafeMutableBufferPointer<Int32>, link: Int) {
    let n = min(Self.mostLanes, topology.lanes(ofLink: link).count)
    var low = 0
    for k in 1..<max(1, n) where costs[k] < costs[low] { low = k }
    var high = low
    while high + 1 < n && costs[high + 1] == costs[low] { high += 1 }
    slots.laneLow[s] = UInt8(clamping: low)
    slots.laneHigh[s] = UInt8(clamping: high)
  }

  /// The connector from this very lane to the best lane of the following link.
  private func setConnector(
    _ s: Int, _ costs: UnsafeMutableBufferPointer<Int32>, lane: Int, following: Int, vehicle: Int
  ) {
    var best = NextLane.wrongLane
    var bestCost = Int32.max
    let firstLane = Int(topology.linkFirstLane[following])
    for c in topology.connectors(fromLane: lane) {
      let to = Int(topology.connectorTo[c])
      guard Int(topology.laneLink[to]) == following, to - firstLane < Self.mostLanes else {
        continue
      }
      // Equal ways spread over the lanes by the vehicle, so that none fills up first.
      let tie = Int32(truncatingIfNeeded: (tripKey[vehicle] &+ UInt64(c)) & 3)
      let cost = costs[Self.mostLanes + to - firstLane] * 4 + tie
      if cost < bestCost {
        bestCost = cost
        best = Int32(truncatingIfNeeded: topology.roadLanes + c)
      }
    }
    slots.next[s] = best
    slots.exitSpeed[s] = best >= 0 ? lanes.speedLimit[best] : .infinity
  }
}
