import CityBase
import CityNetwork
import CitySimulation

/// Makes stretches and passages of what stands on the lanes: a function of the blockages and the
/// network alone.
struct StretchLayout {
  private(set) var stretches: [Stretch] = []
  private(set) var passages: [Passage] = []

  private let network: RoadNetwork
  /// Metres before, between and behind obstacles that those who use the opposite lane need to pull
  /// out and in again: assumed, about a car's length.
  private static let swing: Float = 5
  /// Obstacles nearer to each other than this are passed in one go, because those who wait between
  /// them would be in each other's way: room for a few vehicles of each direction.
  private static let reach: Float = 30

  init(_ all: [StandingBlockage], _ network: RoadNetwork) {
    self.network = network
    var blocked: [Int: [StandingBlockage]] = [:]
    for blockage in all {
      if blockage.width >= LaneBlockage.passableWidth {
        add(.narrowed, blockage)
      } else if leavesRoomBetween(blockage, all) {
        add(.narrowed, blockage)
      } else {
        blocked[Int(blockage.lane), default: []].append(blockage)
      }
    }
    var isDone: Set<Int> = []
    for lane in blocked.keys.sorted() where !isDone.contains(lane) {
      let mine = blocked[lane] ?? []
      guard let other = opposite(of: lane) else {
        for blockage in mine { add(.wall, blockage) }
        continue
      }
      let theirs = blocked[other] ?? []
      if opposite(of: other) == lane {
        isDone.insert(other)
        addPassages(lane, other, mine, passing: theirs, standing: [])
      } else {
        addPassages(lane, other, mine, passing: [], standing: theirs)
      }
    }
    sort()
  }

  /// The lane on which one passes what blocks a lane: the one next to it in the other direction,
  /// where there is no other lane in this one.
  private func opposite(of lane: Int) -> Int? {
    let link = network.laneLink[LaneID(lane)]
    let reverse = network.linkReverse[link]
    guard network.lanes(of: link).count == 1, reverse.isSome, reverse != link else { return nil }
    return network.lanes(of: reverse).last
  }

  /// Whether drivers on this blockage's lane get past between it and all that stand beside it on a
  /// neighbouring lane of the link, because both together leave enough. One file fits: that of the
  /// lane that is left more, or of the one at the kerb.
  private func leavesRoomBetween(
    _ blockage: StandingBlockage, _ all: [StandingBlockage]
  ) -> Bool {
    let link = network.laneLink[LaneID(rawValue: blockage.lane)]
    var isAny = false
    for other in all where abs(other.lane - blockage.lane) == 1 {
      guard network.laneLink[LaneID(rawValue: other.lane)] == link,
        other.from < blockage.to + Self.swing, blockage.from < other.to + Self.swing
      else { continue }
      if other.width >= LaneBlockage.passableWidth { continue }
      guard blockage.width + other.width >= LaneBlockage.passableWidth,
        (blockage.width, -blockage.lane) > (other.width, -other.lane)
      else { return false }
      isAny = true
    }
    return isAny
  }

  private mutating func add(_ kind: StretchKind, _ blockage: StandingBlockage) {
    stretches.append(
      Stretch(lane: blockage.lane, from: blockage.from, to: blockage.to, kind: kind))
  }

  // MARK: - Passages

  /// An obstacle on either side of a street, in metres of the first side's lane.
  private struct Item {
    var from: Float
    var to: Float
    var width: Float
    var side: Int8
    /// Its own direction passes it on another lane.
    var isForeign = false
    var blockage: StandingBlockage
  }

  private mutating func addPassages(
    _ lane: Int, _ other: Int, _ mine: [StandingBlockage], passing theirs: [StandingBlockage],
    standing: [StandingBlockage]
  ) {
    let length = network.laneLength[LaneID(lane)]
    let otherLength = network.laneLength[LaneID(other)]
    /// A place of one lane seen from the other; the two run against each other.
    func mirror(_ x: Float) -> Float { otherLength - x * otherLength / length }
    func mirrorBack(_ y: Float) -> Float { length - y * length / otherLength }
    var items = mine.map {
      Item(from: $0.from, to: $0.to, width: $0.width, side: 0, blockage: $0)
    }
    for (list, isForeign) in [(theirs, false), (standing, true)] {
      items += list.map {
        Item(
          from: mirrorBack($0.to), to: mirrorBack($0.from), width: $0.width, side: 1,
          isForeign: isForeign, blockage: $0)
      }
    }
    items.sort { ($0.from, $0.to, $0.side, $0.width) < ($1.from, $1.to, $1.side, $1.width) }
    var i = 0
    while i < items.count {
      var end = items[i].to
      var next = i + 1
      while next < items.count, items[next].from < end + Self.reach {
        end = max(end, items[next].to)
        next += 1
      }
      addCluster(items[i..<next], lane, other, mirror)
      i = next
    }
  }

  private mutating func addCluster(
    _ items: ArraySlice<Item>, _ lane: Int, _ other: Int, _ mirror: (Float) -> Float
  ) {
    let own = items.filter { !$0.isForeign }
    guard Self.isPassable(items), !own.isEmpty else {
      for item in own { add(.wall, item.blockage) }
      return
    }
    var from = (first: Float.infinity, second: Float.infinity)
    var to = (first: Float(0), second: Float(0))
    for item in own {
      // On its own side the obstacle itself, on the other one what passing it takes.
      let near: Float = item.side == 0 ? 0 : Self.swing
      let far: Float = item.side == 0 ? Self.swing : 0
      from.first = min(from.first, item.from - near)
      to.first = max(to.first, item.to + near)
      from.second = min(from.second, mirror(item.to) - far)
      to.second = max(to.second, mirror(item.from) + far)
    }
    let index = Int32(passages.count)
    let blocksFirst = own.contains { $0.side == 0 }
    let blocksSecond = own.contains { $0.side == 1 }
    passages.append(Passage(first: -1, second: -1, favourite: 0))
    for (side, from, to, isBlocked) in [
      (lane, from.first, to.first, blocksFirst), (other, from.second, to.second, blocksSecond),
    ] {
      let length = network.laneLength[LaneID(side)]
      stretches.append(
        Stretch(
          lane: Int32(side), from: max(0, min(from, length - 0.1)), to: max(0.1, min(to, length)),
          kind: isBlocked ? .passage : .opposite, passage: index))
    }
  }

  /// Whether there is room to pass between any two obstacles that stand opposite each other.
  private static func isPassable(_ items: ArraySlice<Item>) -> Bool {
    for a in items where a.side == 0 {
      for b in items where b.side == 1 {
        if a.from < b.to + swing && b.from < a.to + swing
          && (b.isForeign || a.width + b.width < LaneBlockage.passableWidth)
        {
          return false
        }
      }
    }
    return true
  }

  private mutating func sort() {
    stretches.sort {
      ($0.lane, $0.from, $0.to, $0.kind.rawValue, $0.passage)
        < ($1.lane, $1.from, $1.to, $1.kind.rawValue, $1.passage)
    }
    for (i, stretch) in stretches.enumerated() where stretch.passage >= 0 {
      let p = Int(stretch.passage)
      // The first side is that of the lane with the lower number.
      if passages[p].first < 0 {
        passages[p].first = Int32(i)
      } else {
        passages[p].second = Int32(i)
        passages[p].favourite = stretch.kind == .opposite ? 1 : 0
      }
    }
  }
}
