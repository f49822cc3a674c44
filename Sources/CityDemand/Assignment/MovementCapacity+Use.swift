import CityBase
import CityNetwork

extension MovementCapacity {
  /// What the lanes and movements come to under volumes in vehicles an hour, by turn of the graph and
  /// by link. Volumes that are missing or not finite count as 0.
  public func use(turns: [Double], links: [Double]) -> Use {
    use(turns: turns, links: links, delay: nil)
  }

  /// The same with what drivers wait at the end of links where a delay is given.
  func use(turns: [Double], links: [Double], delay: VolumeDelay?) -> Use {
    var work = Work(self, turns)
    // Links from which nobody turns have nothing to settle.
    let busy = (0..<network.linkCount).filter { l in
      graph.turns(from: LinkID(l)).contains { work.total($0) > 0 }
    }
    // Capacities hang on the volumes of others in their lanes: three rounds settle that.
    for round in 0..<3 {
      if round > 0 { work.settleCapacities(busy) }
      for link in busy { work.spread(link) }
    }
    work.settleCapacities(busy)
    let onTheWay = onTheWay(links)
    var ofTurn = [Double](repeating: 0, count: graph.turnCount)
    var ofLink = onTheWay
    for l in busy {
      let lanes = network.lanes(of: LinkID(l))
      for turn in graph.turns(from: LinkID(l)) { ofTurn[turn] = .infinity }
      let uses = lanesOrBays(work, LinkID(l))
      for (lane, x) in zip(lanes, uses) {
        ofLink[l] = max(ofLink[l], x)
        for s in range(firstService, lane) {
          let turn = Int(services[s].turn)
          ofTurn[turn] = min(ofTurn[turn], x)
        }
      }
      for turn in graph.turns(from: LinkID(l)) where ofTurn[turn] == .infinity { ofTurn[turn] = 0 }
    }
    for turn in ofTurn.indices {
      ofTurn[turn] = max(ofTurn[turn], onTheWay[graph.turnTarget[turn].index])
    }
    var use = Use(ofTurn: ofTurn, ofLink: ofLink)
    if let delay { use.secondsOfTurn = seconds(work, onTheWay, delay) }
    return use
  }

  /// Seconds by turn that drivers wait at the end of the link they come from beyond what they do in
  /// the empty network: in the least full of the lanes that serve it, or on the way there.
  ///
  /// Those who yield wait for their gaps as well: 3600 / c seconds in the mean, c being what they
  /// could be an hour (HCM 2000, equation 17-38).
  private func seconds(_ work: Work, _ onTheWay: [Double], _ delay: VolumeDelay) -> [Double] {
    var seconds = [Double](repeating: 0, count: graph.turnCount)
    for l in 0..<network.linkCount {
      let lanes = network.lanes(of: LinkID(l))
      guard !graph.turns(from: LinkID(l)).isEmpty else { continue }
      let uses = lanesOrBays(work, LinkID(l))
      for turn in graph.turns(from: LinkID(l)) {
        var least = Double.infinity
        var first = -1
        var capacity = 0.0
        for (lane, x) in zip(lanes, uses) {
          for s in range(firstService, lane) where services[s].turn == Int32(turn) {
            if x < least { (least, first) = (x, s) }
            if x > 0 { capacity += work.volume(ofLane: lane) / x }
          }
        }
        guard first >= 0 else { continue }
        let way = onTheWay[l] * Self.laneFlow * Double(lanes.count)
        var wait = delay.seconds(
          volume: way, capacity: Self.laneFlow * Double(lanes.count), greenShare: 1,
          cycleSeconds: 0)
        var green = (share: 1.0, cycle: 0.0)
        if case .signal(let open, let half, let cycle) = services[first].rule {
          green = (max(0.05, min(1, open + half)), cycle)
        }
        wait = max(
          wait,
          delay.seconds(
            volume: least * capacity, capacity: capacity, greenShare: green.share,
            cycleSeconds: green.cycle))
        seconds[turn] = wait + work.secondsForAGap(first)
      }
    }
    return seconds
  }

  /// Volume over capacity of the lanes of a link; where lanes begin shortly before the stop line and
  /// are fed by one lane, who waits in one keeps the others from coming up as soon as it is full. So
  /// far as the bays do not hold those who come in a red time, the lanes are used one after the other
  /// like a single one.
  private func lanesOrBays(_ work: Work, _ link: LinkID) -> [Double] {
    let lanes = network.lanes(of: link)
    var uses = lanes.map { work.use(ofLane: $0) }
    let places = Double(network.linkLength[link]) / Self.queueSpacing
    for bays in bays[link.index] {
      let own = bays.map { uses[Int($0) - lanes.lowerBound] }
      let most = own.max() ?? 0
      let rest = own.reduce(0, +) - most
      guard rest > 0 else { continue }
      let longest = bays.reduce(0) { max($0, work.arrivalsAtRed(lane: Int($1))) }
      let shared = most + (1 - min(1, places / max(longest, 0.01))) * rest
      for lane in bays {
        uses[Int(lane) - lanes.lowerBound] = max(uses[Int(lane) - lanes.lowerBound], shared)
      }
    }
    return uses
  }

  /// Volume over what the lanes of each link carry between its ends.
  private func onTheWay(_ links: [Double]) -> [Double] {
    (0..<network.linkCount).map { l in
      let volume = links.indices.contains(l) && links[l].isFinite ? max(0, links[l]) : 0
      return volume / (Double(max(1, network.laneCount(of: LinkID(l), for: .car))) * Self.laneFlow)
    }
  }

  func range(_ first: [Int32], _ i: Int) -> Range<Int> { Int(first[i])..<Int(first[i + 1]) }

  /// Volumes of one moment, spread over lanes.
  struct Work {
    private let model: MovementCapacity
    private let turns: [Double]
    /// By service: vehicles an hour, and how many could go were the lane theirs alone.
    private var volume: [Double]
    private var capacity: [Double]

    init(_ model: MovementCapacity, _ turns: [Double]) {
      self.model = model
      self.turns = turns
      volume = Array(repeating: 0, count: model.services.count)
      capacity = model.services.map { service in
        switch service.rule {
        case .free, .gap, .roundabout: service.saturation
        case .signal(let open, let half, _):
          max(MovementCapacity.least, service.saturation * (open + 0.5 * half))
        }
      }
    }

    /// Volume over capacity of all that share a lane.
    func use(ofLane lane: Int) -> Double {
      model.range(model.firstService, lane).reduce(0) { $0 + volume[$1] / capacity[$1] }
    }

    /// Vehicles an hour of all that share a lane.
    func volume(ofLane lane: Int) -> Double {
      model.range(model.firstService, lane).reduce(0) { $0 + volume[$1] }
    }

    /// Vehicles that come while a lane's main movement waits: in a red time, or in half a minute where
    /// it yields.
    func arrivalsAtRed(lane: Int) -> Double {
      let own = model.range(model.firstService, lane)
      guard let main = own.max(by: { (volume[$0], $0) < (volume[$1], $1) }) else { return 0 }
      let seconds =
        switch model.services[main].rule {
        case .free: 0.0
        case .gap, .roundabout: 30.0
        case .signal(let open, let half, let cycle): cycle * max(0, 1 - open - half)
        }
      return volume(ofLane: lane) * seconds / 3600
    }

    /// Spreads the turns at the end of a link over its lanes.
    mutating func spread(_ link: Int) {
      let lanes = model.network.lanes(of: LinkID(link))
      let turns = model.graph.turns(from: LinkID(link))
      for _ in 0..<(lanes.count > 1 && turns.count > 1 ? 5 : 1) {
        for turn in turns { pour(turn, into: lanes) }
      }
    }

    /// Vehicles an hour of a turn.
    func total(_ turn: Int) -> Double {
      turns.indices.contains(turn) && turns[turn].isFinite ? max(0, turns[turn]) : 0
    }

    /// Pours the volume of one turn into the lanes that serve it, up to a common volume over capacity.
    private mutating func pour(_ turn: Int, into lanes: Range<Int>) {
      let total = total(turn)
      var serving: [(service: Int, others: Double)] = []
      for lane in lanes {
        for s in model.range(model.firstService, lane) where model.services[s].turn == Int32(turn) {
          serving.append((s, use(ofLane: lane) - volume[s] / capacity[s]))
        }
      }
      guard !serving.isEmpty else { return }
      serving.sort { ($0.others, $0.service) < ($1.others, $1.service) }
      // The level at which so many an hour fit above what is there already.
      var room = 0.0
      var there = 0.0
      var level = 0.0
      for (k, lane) in serving.enumerated() {
        room += capacity[lane.service]
        there += capacity[lane.service] * lane.others
        level = (total + there) / room
        if k + 1 == serving.count || level <= serving[k + 1].others { break }
      }
      for lane in serving {
        volume[lane.service] = max(0, level - lane.others) * capacity[lane.service]
      }
    }

    /// What each service of some links could let go beside the volumes of those who go first.
    mutating func settleCapacities(_ links: [Int]) {
      for link in links {
        for lane in model.network.lanes(of: LinkID(link)) {
          for s in model.range(model.firstService, lane) {
            capacity[s] = max(MovementCapacity.least, room(for: s))
          }
        }
      }
    }

    private func room(for s: Int) -> Double {
      let service = model.services[s]
      switch service.rule {
      case .free: return service.saturation
      case .gap:
        let alone = min(service.saturation, model.gaps[s].capacity(conflicting: first(before: s)))
        return besideOthers(s, alone: alone)
      case .roundabout:
        return 1380 * PortableMath.exp(-0.00102 * first(before: s))
      case .signal(let open, let half, let cycle):
        guard half > 0 else { return service.saturation * open }
        // The oncoming queue goes first; the rest of the green has its gaps.
        var queue = 0.0
        for p in model.range(model.firstPriority, s) {
          let other = model.priorities[p]
          let o = Int(other.service)
          let ratio = min(0.95, volume[o] / model.services[o].saturation)
          queue = max(queue, (1 - other.green) * ratio / (1 - ratio))
        }
        let free = max(0, half - queue)
        let gaps = min(
          service.saturation, model.gaps[s].capacity(conflicting: first(before: s)))
        return service.saturation * open + gaps * free
          + MovementCapacity.sneakers * 3600 / max(1, cycle)
      }
    }

    /// Seconds that one who yields waits longer for a gap than he would were nobody there.
    func secondsForAGap(_ s: Int) -> Double {
      let service = model.services[s]
      var (now, empty) = (service.saturation, service.saturation)
      switch service.rule {
      case .free, .signal: return 0
      case .gap:
        now = min(now, model.gaps[s].capacity(conflicting: first(before: s)))
        empty = min(empty, model.gaps[s].capacity(conflicting: 0))
      case .roundabout:
        now = 1380 * PortableMath.exp(-0.00102 * first(before: s))
        empty = 1380
      }
      return max(0, 3600 / max(MovementCapacity.least, now) - 3600 / empty)
    }

    /// Vehicles an hour of a movement that yields, of which so many could go were all in its lane
    /// to yield: after one who does not, each waits for a gap of his own.
    private func besideOthers(_ s: Int, alone: Double) -> Double {
      let lane = Int(model.lanes[s])
      var all = 0.0
      var yielding = 0.0
      for o in model.range(model.firstService, lane) {
        all += volume[o]
        if case .gap = model.services[o].rule { yielding += volume[o] }
      }
      guard volume[s] > 0, yielding < all else { return alone }
      let share = yielding / all
      let wait = stream(before: s).meanWait(critical: Double(model.gaps[s].criticalSeconds))
      let single = wait + 3600 / model.services[s].saturation
      return 3600 / (share * 3600 / alone + (1 - share) * max(single, 3600 / alone))
    }

    /// Those who go first, lane by lane.
    private func stream(before s: Int) -> BunchedStream {
      var stream = BunchedStream()
      let range = model.range(model.firstPriority, s)
      for p in range {
        let lane = model.lanes[Int(model.priorities[p].service)]
        // Each lane once, with all of its movements.
        let isSeen = (range.lowerBound..<p).contains {
          model.lanes[Int(model.priorities[$0].service)] == lane
        }
        if isSeen { continue }
        var vehicles = 0.0
        var seconds = 0.0
        for o in range where model.lanes[Int(model.priorities[o].service)] == lane {
          let other = Int(model.priorities[o].service)
          let some = volume[other] * model.priorities[o].share
          vehicles += some
          seconds += some * 3600 / model.services[other].saturation
        }
        stream.add(lane: vehicles, headway: vehicles > 0 ? seconds / vehicles : 0)
      }
      return stream
    }

    /// Vehicles an hour that go first.
    private func first(before s: Int) -> Double {
      model.range(model.firstPriority, s).reduce(0) { sum, p in
        sum + volume[Int(model.priorities[p].service)] * model.priorities[p].share
      }
    }
  }
}
