import CityBase
import CityNetwork

/// Which links follow a link and over which lanes, so that looking ahead along a way reads a few
/// bytes a link instead of all its connectors.
struct TurnTable {
  /// The lanes of a link that are looked at; no road has more.
  static let mostLanes = 16

  /// By link: where its turns begin; one more than there are links.
  let firstTurn: RawColumn<Int32>
  /// By turn: the link it leads into.
  let link: RawColumn<Int32>
  /// By turn: 1 where every lane of the link before leads there.
  let isOpen: RawColumn<UInt8>
  /// By turn: where the masks of its lanes begin in `masks`.
  let firstMask: RawColumn<Int32>
  /// By turn and lane of the link before: the lanes of the link beyond that it leads to, a bit each.
  let masks: RawColumn<UInt16>

  init(_ network: RoadNetwork) {
    var firstTurn: [Int32] = [0]
    var links: [Int32] = []
    var isOpen: [UInt8] = []
    var firstMask: [Int32] = []
    var masks: [UInt16] = []
    firstTurn.reserveCapacity(network.linkCount + 1)
    for l in 0..<network.linkCount {
      let start = links.count
      let range = network.lanes(of: LinkID(l))
      let lanes = min(Self.mostLanes, range.count)
      for k in 0..<lanes {
        for c in network.connectors(from: LaneID(range.lowerBound + k)) {
          let to = network.connectorTo[ConnectorID(c)]
          let next = network.laneLink[to]
          let number = to.index - network.lanes(of: next).lowerBound
          guard number < Self.mostLanes else { continue }
          var turn = start
          while turn < links.count && links[turn] != next.rawValue { turn += 1 }
          if turn == links.count {
            links.append(next.rawValue)
            firstMask.append(Int32(masks.count))
            masks.append(contentsOf: repeatElement(0, count: lanes))
          }
          masks[Int(firstMask[turn]) + k] |= 1 << UInt16(number)
        }
      }
      for turn in start..<links.count {
        let first = Int(firstMask[turn])
        isOpen.append(masks[first..<(first + lanes)].allSatisfy { $0 != 0 } ? 1 : 0)
      }
      firstTurn.append(Int32(links.count))
    }
    self.firstTurn = RawColumn(firstTurn)
    link = RawColumn(links)
    self.isOpen = RawColumn(isOpen)
    self.firstMask = RawColumn(firstMask)
    self.masks = RawColumn(masks)
  }

  func free() {
    for column in [firstTurn, link, firstMask] { column.free() }
    isOpen.free()
    masks.free()
  }

  /// The turn from one link into another, or -1 where there is none.
  @inline(__always) func turn(from a: Int, into b: Int) -> Int {
    var turn = Int(firstTurn[a])
    let end = Int(firstTurn[a + 1])
    while turn < end {
      if Int(link[turn]) == b { return turn }
      turn += 1
    }
    return -1
  }
}
