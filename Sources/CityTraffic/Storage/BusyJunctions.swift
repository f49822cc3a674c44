/// The junctions that have something to decide, as bits by chunk: those where somebody asks, if only
/// for another light, or holds a grant at yellow or red, and those that somebody holds a grant of. Phase
/// 4 looks at the first, at the second where the light may be new, and at no others.
///
/// Who lets a lane ask (`TrafficWorld.wake`, a walk that comes near the line, the end of a sleep) sets
/// the first kind, a glance that finds nobody asking clears it; the second follows from the counts of
/// `GrantStore`. Every chunk begins a word of its own, so that no two workers share one. Neither is part
/// of the state.
struct BusyJunctions: BitwiseCopyable, @unchecked Sendable {
  /// By junction: its bit in `asked` and `granted`.
  private let place: RawColumn<Int32>
  /// By chunk, and one more than there are chunks: the first word and the first junction.
  private let firstWord: RawColumn<Int32>
  private let firstJunction: RawColumn<Int32>
  private let asked: RawColumn<UInt64>
  private let granted: RawColumn<UInt64>

  init(_ layout: ChunkLayout) {
    var words: [Int32] = [0]
    var places: [Int32] = []
    for chunk in 0..<layout.count {
      let count = layout.firstJunction[chunk + 1] - layout.firstJunction[chunk]
      for i in 0..<count { places.append(words[chunk] * 64 + i) }
      words.append(words[chunk] + (count + 63) / 64)
    }
    place = RawColumn(places)
    firstWord = RawColumn(words)
    firstJunction = RawColumn(layout.firstJunction)
    // Whoever stands somewhere at the start asks first.
    asked = RawColumn(repeating: 0, count: Int(words[layout.count]))
    granted = RawColumn(repeating: 0, count: Int(words[layout.count]))
    for junction in places.indices { ask(junction) }
  }

  func free() {
    for column in [place, firstWord, firstJunction] { column.free() }
    asked.free()
    granted.free()
  }

  /// Somebody on the way to a junction asks from now on.
  @inline(__always) func ask(_ junction: Int) {
    let bit = place[junction]
    asked[bit >> 6] |= 1 &<< UInt64(truncatingIfNeeded: bit & 63)
  }

  @inline(__always) func stopAsking(_ junction: Int) {
    let bit = place[junction]
    asked[bit >> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: bit & 63))
  }

  @inline(__always) func setHoldsGrants(_ junction: Int, _ holds: Bool) {
    let bit = place[junction]
    let mask: UInt64 = 1 &<< UInt64(truncatingIfNeeded: bit & 63)
    if holds { granted[bit >> 6] |= mask } else { granted[bit >> 6] &= ~mask }
  }

  /// Visits the junctions of a chunk where somebody asks, or all that are busy, ascending, and tells
  /// where somebody asks. The body may change the one it is at.
  @inline(__always) func forEach(
    ofChunk chunk: Int, isForAll: Bool, _ body: (_ junction: Int, _ isAsked: Bool) -> Void
  ) {
    let first = Int(firstWord[chunk])
    for w in first..<Int(firstWord[chunk + 1]) {
      let asked = asked[w]
      var rest = isForAll ? asked | granted[w] : asked
      let start = Int(firstJunction[chunk]) + (w - first) << 6
      while rest != 0 {
        let i = rest.trailingZeroBitCount
        body(start + i, asked &>> UInt64(truncatingIfNeeded: i) & 1 != 0)
        rest &= rest &- 1
      }
    }
  }

  /// Visits the junctions of a chunk that have grants, ascending.
  @inline(__always) func forEachGranted(ofChunk chunk: Int, _ body: (Int) -> Void) {
    let first = Int(firstWord[chunk])
    for w in first..<Int(firstWord[chunk + 1]) {
      var rest = granted[w]
      let start = Int(firstJunction[chunk]) + (w - first) << 6
      while rest != 0 {
        body(start + rest.trailingZeroBitCount)
        rest &= rest &- 1
      }
    }
  }
}
