/// Which lanes of its link a vehicle should be in, and which connector it takes.
///
/// Looking one turn ahead is not enough where links are short: the lane for a left turn has to be
/// found before the last link, on which there is no room to change. So the lanes of the links ahead
/// get a cost each, from the back: the lane changes still needed after entering there. With it goes
/// how far a driver who stays in a lane gets before he must have changed, which says how urgent the
/// change is. Lanes that are closed to the vehicle lead nowhere.
extension TrafficWorld {
  /// Links looked ahead at the most.
  private static let horizonLinks = 16
  private static let impossible: Int32 = 1_000_000
  private static let mostLanes = TurnTable.mostLanes
  /// Metres that one unit of `SlotStore.leadsOn` stands for; the horizon fits into a byte.
  static let leadUnit: Float = 4

  /// A lane of a link on the way.
  private struct Outlook: BitwiseCopyable {
    /// The price of the changes needed from entering in this lane on.
    var cost: Int32 = 0
    /// Metres from the start of the link for which the lane and those it leads to can be followed;
    /// below 0 where one should be in another one before.
    var reach: Float = .infinity
  }

  /// The lanes of the link at hand and of the one after it, which trade places on the way back.
  private struct Rows {
    let base: UnsafeMutablePointer<Outlook>
    /// The row of the i-th link of the way.
    @inline(__always) subscript(i: Int) -> UnsafeMutablePointer<Outlook> {
      base + (i & 1) * mostLanes
    }
  }

  func chooseLanes(_ s: Int, lane: Int, link: Int, vehicle: Int) {
    lookAhead(vehicle) { rows, first in
      let following = routes[first + 1].index
      if let rows {
        setRange(s, rows[first], lane: lane, link: link)
        setConnector(s, rows[first + 1], lane: lane, following: following, vehicle: vehicle)
      } else {
        slots.laneLow[s] = 0
        slots.laneHigh[s] = UInt8(clamping: lanesLookedAt(link) - 1)
        slots.leadsOn[s] = .max
        setConnector(s, nil, lane: lane, following: following, vehicle: vehicle)
      }
    }
  }

  /// How a lane suits who comes onto it at the start of its link.
  enum Suitability: Int {
    /// One of the best, or there is time to change without haste.
    case well = 0
    /// The way goes on from it over the next junction, for changes beyond.
    case forNow = 1
    case not = 2
  }

  func suitability(of lane: Int, for vehicle: Int) -> Suitability {
    guard nextLink(of: vehicle) >= 0 else { return .well }
    var found = Suitability.well
    lookAhead(vehicle) { rows, first in
      guard let row = rows?[first] else { return }
      let link = Int(topology.laneLink[lane])
      let number = lane - Int(topology.linkFirstLane[link])
      let best = bestLanes(row, of: link)
      guard number < lanesLookedAt(link), !best.contains(number) else { return }
      let crossed = max(best.lowerBound - number, number - best.upperBound)
      let left = row[number].reach * LaneChange.pace(lanes.speedLimit[lane])
      if LaneChange.urgency(left, lanes: crossed) >= LaneChange.pressing {
        found = row[number].cost < Self.impossible ? .forNow : .not
      }
    }
    return found
  }

  /// Looks along the way of a vehicle that goes on from its link, and gives the outlook there and on
  /// the next link, none where every lane leads on and none is better, and the place of its link in
  /// `routes`.
  @inline(__always) private func lookAhead(_ vehicle: Int, _ body: (Rows?, _ first: Int) -> Void) {
    withUnsafeTemporaryAllocation(of: Outlook.self, capacity: 2 * Self.mostLanes) { buffer in
      guard let base = buffer.baseAddress else { return }
      let rows = Rows(base: base)
      let first = Int(vehicles.routeIndex[vehicle])
      let vehicleClass = vehicles.vehicleClass[vehicle]
      // As long as every lane leads on and none beyond is better, there is nothing to work out.
      var isPlain = true
      var i = horizon(from: first, end: Int(vehicles.routeEnd[vehicle])) - 1
      while i >= first {
        let here = routes[i].index
        let turn = topology.turns.turn(from: here, into: routes[i + 1].index)
        let isForAll =
          reserved.open(here, to: vehicleClass) == .max
          && reserved.open(routes[i + 1].index, to: vehicleClass) == .max
        if !isPlain || !isForAll || turn < 0 || topology.turns.isOpen[turn] == 0 {
          if isPlain {
            rows[i + 1].update(repeating: Outlook(), count: Self.mostLanes)
            isPlain = false
          }
          if !isForAll { close(rows[i + 1], link: routes[i + 1].index, to: vehicleClass) }
          look(rows[i], turn: turn, link: here, beyond: rows[i + 1], isAhead: i > first)
          if !isForAll { close(rows[i], link: here, to: vehicleClass) }
          if i > first { addChanges(rows[i], link: here) }
        }
        i -= 1
      }
      body(isPlain ? nil : rows, first)
    }
  }

  /// Lanes of a link that are closed to a class lead nowhere.
  private func close(
    _ row: UnsafeMutablePointer<Outlook>, link: Int, to vehicleClass: UInt8
  ) {
    let open = reserved.open(link, to: vehicleClass)
    for k in 0..<lanesLookedAt(link) where open & 1 << UInt16(k) == 0 {
      row[k] = Outlook(cost: Self.impossible, reach: 0)
    }
  }

  private func lanesLookedAt(_ link: Int) -> Int {
    min(Self.mostLanes, topology.lanes(ofLink: link).count)
  }

  /// The last link of the way to look at, on which any lane will do; at least the one after the
  /// present one.
  private func horizon(from first: Int, end: Int) -> Int {
    var last = first + 1
    var metres = lengthForDrivers[routes[last].index]
    while last + 1 < end, last - first < Self.horizonLinks, metres < LaneChange.horizon {
      last += 1
      metres += lengthForDrivers[routes[last].index]
    }
    return last
  }

  /// Works out how long a link is for drivers under the limit that is in force.
  func setLengthForDrivers(_ link: Int) {
    let lane = Int(topology.linkFirstLane[link])
    lengthForDrivers[link] =
      topology.linkLength[link] * LaneChange.pace(lanes.speedLimit[lane])
  }

  /// The cost of a lane is that of the best lane it leads to on the next link, and so is its reach.
  private func look(
    _ row: UnsafeMutablePointer<Outlook>, turn: Int, link: Int,
    beyond: UnsafeMutablePointer<Outlook>, isAhead: Bool
  ) {
    let length = topology.linkLength[link]
    let firstMask = turn < 0 ? 0 : Int(topology.turns.firstMask[turn])
    for k in 0..<lanesLookedAt(link) {
      // On links ahead one has to be in the lane before the queue in it.
      var best = Outlook(cost: Self.impossible, reach: isAhead ? -Rule.changeRoom : 0)
      var mask = turn < 0 ? 0 : topology.turns.masks[firstMask + k]
      while mask != 0 {
        let other = beyond[mask.trailingZeroBitCount]
        mask &= mask - 1
        if other.cost < best.cost || other.cost == best.cost && other.reach > best.reach {
          best = other
        }
      }
      row[k] = Outlook(cost: best.cost, reach: best.reach + length)
    }
  }

  /// Lets lanes reach better ones on their link, at a price for every change: small where there is
  /// room to change, large where there is not.
  private func addChanges(_ row: UnsafeMutablePointer<Outlook>, link: Int) {
    let n = lanesLookedAt(link)
    let price = Int32(min(40, max(1, 400 / max(topology.linkLength[link], 1))))
    var k = 1
    while k < n {
      row[k].cost = min(row[k].cost, row[k - 1].cost + price)
      k += 1
    }
    k = n - 2
    while k >= 0 {
      row[k].cost = min(row[k].cost, row[k + 1].cost + price)
      k -= 1
    }
  }

  /// The run of best lanes on the present link, and how far the present lane leads on beyond its end.
  private func setRange(
    _ s: Int, _ row: UnsafeMutablePointer<Outlook>, lane: Int, link: Int
  ) {
    let best = bestLanes(row, of: link)
    slots.laneLow[s] = UInt8(clamping: best.lowerBound)
    slots.laneHigh[s] = UInt8(clamping: best.upperBound)
    let n = lanesLookedAt(link)
    let number = lane - Int(topology.linkFirstLane[link])
    let beyond = number < n ? row[number].reach - topology.linkLength[link] : 0
    slots.leadsOn[s] = UInt8(max(0, min(255, beyond / Self.leadUnit)))
  }

  /// The first run of lanes of a link that cost least.
  private func bestLanes(_ row: UnsafeMutablePointer<Outlook>, of link: Int) -> ClosedRange<Int> {
    let n = lanesLookedAt(link)
    var low = 0
    for k in 1..<max(1, n) where row[k].cost < row[low].cost { low = k }
    var high = low
    while high + 1 < n && row[high + 1].cost == row[low].cost { high += 1 }
    return low...high
  }

  /// The connector from this very lane to the best lane of the following link; without a row all of
  /// them are as good.
  private func setConnector(
    _ s: Int, _ row: UnsafeMutablePointer<Outlook>?, lane: Int, following: Int, vehicle: Int
  ) {
    var best = NextLane.wrongLane
    var bestCost = Int32.max
    let firstLane = Int(topology.linkFirstLane[following])
    for c in topology.connectors(fromLane: lane) {
      let to = Int(topology.connectorTo[c])
      guard Int(topology.laneLink[to]) == following, to - firstLane < Self.mostLanes,
        reserved.isOpen(to - firstLane, of: following, to: vehicles.vehicleClass[vehicle])
      else { continue }
      // Equal ways spread over the lanes by the vehicle, so that none fills up first.
      let tie = Int32(truncatingIfNeeded: (tripKey[vehicle] &+ UInt64(c)) & 3)
      let cost = (row?[to - firstLane].cost ?? 0) * 4 + tie
      if cost < bestCost {
        bestCost = cost
        best = Int32(truncatingIfNeeded: topology.roadLanes + c)
      }
    }
    slots.next[s] = best
    slots.exitSpeed[s] =
      best >= 0 ? crossingSpeed(of: vehicle, connector: Int(best)) : .infinity
  }
}
