/// The set of lanes of one chunk on which something stands or drives, as bits in lane order, and
/// which of them are asleep: see `LaneRest`.
struct ActiveLanes: BitwiseCopyable {
  private let roadStart: Int
  private let roadWords: Int
  private let connectorStart: Int
  private let words: RawColumn<UInt64>
  private let sleepers: RawColumn<UInt64>

  /// The lanes of a chunk; `connectors` are the lane ids of its connectors.
  init(roadLanes: Range<Int>, connectors: Range<Int>) {
    roadStart = roadLanes.lowerBound
    roadWords = (roadLanes.count + 63) / 64
    connectorStart = connectors.lowerBound
    words = RawColumn(repeating: 0, count: roadWords + (connectors.count + 63) / 64)
    sleepers = RawColumn(repeating: 0, count: words.count)
  }

  func free() {
    words.free()
    sleepers.free()
  }

  private func bit(_ lane: Int) -> (word: Int, mask: UInt64) {
    if lane >= connectorStart {
      let i = lane - connectorStart
      return (roadWords + i >> 6, 1 << UInt64(i & 63))
    }
    let i = lane - roadStart
    return (i >> 6, 1 << UInt64(i & 63))
  }

  func insert(_ lane: Int) {
    let (word, mask) = bit(lane)
    words[word] |= mask
  }

  func remove(_ lane: Int) {
    let (word, mask) = bit(lane)
    words[word] &= ~mask
  }

  func removeAll() {
    for i in 0..<words.count {
      words[i] = 0
      sleepers[i] = 0
    }
  }

  /// Takes an active lane off the list until it is roused.
  func putToSleep(_ lane: Int) {
    let (word, mask) = bit(lane)
    sleepers[word] |= mask
  }

  func rouse(_ lane: Int) {
    let (word, mask) = bit(lane)
    sleepers[word] &= ~mask
  }

  /// Visits the road lanes asleep in ascending order. The body may rouse the lane it is at.
  @inline(__always) func forEachAsleep(_ body: (Int) -> Void) {
    for w in 0..<roadWords {
      var rest = sleepers[w]
      while rest != 0 {
        body(roadStart + w << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }

  /// Visits those of some road lanes that are active and not asleep, in ascending order.
  @inline(__always) func forEachAwake(in lanes: Range<Int>, _ body: (Int) -> Void) {
    if lanes.isEmpty { return }
    let first = lanes.lowerBound - roadStart
    let last = lanes.upperBound - 1 - roadStart
    for w in (first >> 6)...(last >> 6) {
      var rest = words[w] & ~sleepers[w]
      if w == first >> 6 { rest &= .max &<< UInt64(truncatingIfNeeded: first & 63) }
      if w == last >> 6 { rest &= .max &>> UInt64(truncatingIfNeeded: 63 - last & 63) }
      while rest != 0 {
        body(roadStart + w << 6 + rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
    }
  }

  /// Visits the lanes in ascending order, road lanes first. The body may remove the lane it is at.
  @inline(__always) func forEach(_ body: (Int) -> Void) {
    forEachRoadLane(body)
    forEachConnector(body)
  }

  @inline(__always) func forEachRoadLane(_ body: (Int) -> Void) {
    forEach(words: 0..<roadWords, from: roadStart, body)
  }

  @inline(__always) func forEachConnector(_ body: (Int) -> Void) {
    forEach(words: roadWords..<words.count, from: connectorStart, body)
  }

  /// Visits the road lanes in ascending order, after others have been told of those that come soon.
  @inline(__always) func forEachRoadLane(
    soon first: (Int) -> Void, then second: (Int) -> Void, _ body: (Int) -> Void
  ) {
    for w in 0..<roadWords {
      forEach(words: w..<w + 1, from: roadStart + w << 6, first)
      forEach(words: w..<w + 1, from: roadStart + w << 6, second)
      forEach(words: w..<w + 1, from: roadStart + w << 6, body)
    }
  }

  @inline(__always) private func forEach(
    words range: Range<Int>, from start: Int, _ body: (Int) -> Void
  ) {
    for w in range {
      var rest = words[w]
      let first = start + (w - range.lowerBound) << 6
      while rest != 0 {
        body(first + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }

  /// Lists the active lanes that are not asleep; gives the number of road lanes among them, which come
  /// first. Behind the list its last lane stands some times more, for those who read ahead.
  func list(into lanes: RawList<Int32>) -> Int {
    lanes.removeAll()
    list(words: 0..<roadWords, from: roadStart, into: lanes)
    let roads = lanes.count
    list(words: roadWords..<words.count, from: connectorStart, into: lanes)
    let behind = 2 * Prefetch.turns
    let last = lanes.isEmpty ? 0 : lanes[lanes.count - 1]
    lanes.reserve(behind).update(repeating: last, count: behind)
    return roads
  }

  private func list(words range: Range<Int>, from start: Int, into lanes: RawList<Int32>) {
    for w in range {
      var rest = words[w] & ~sleepers[w]
      if rest == 0 { continue }
      let first = start + (w - range.lowerBound) << 6
      let end = lanes.reserve(64)
      let count = rest.nonzeroBitCount
      var place = end
      // Four at a time, of which the last ones may be none: how many there are cannot be guessed.
      repeat {
        for k in 0..<4 {
          place[k] = Int32(truncatingIfNeeded: first &+ rest.trailingZeroBitCount)
          rest &= rest &- 1
        }
        place += 4
      } while rest != 0
      lanes.grew(to: end + count)
    }
  }
}
