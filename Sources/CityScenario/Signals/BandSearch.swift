/// Looks for the offsets of signals with one cycle that leave the widest bands: stretches of time in
/// which one can set out at the first signal and meets green at all others, out and back.
///
/// Begins at the offsets that centre the greens on the band of one direction and of the other, and,
/// for up to twelve signals, at all combinations of greens centred on one middle or half a cycle
/// later, among which the best one for bands of equal speed lies (Little 1966). From the best of
/// these on, one offset after the other is moved to the second that gives most, until none gives more.
struct BandSearch {
  /// One signal of the corridor.
  struct Stop {
    /// Milliseconds after the start of the drive.
    var arrival: Int64
    /// Milliseconds from the start of the cycle; ascending, apart.
    var windows: [Range<Int64>]
  }

  struct Found {
    /// Milliseconds by signal, 0 to less than a cycle; 0 for the first.
    var offsets: [Int64]
    /// Widths of the bands in milliseconds.
    var out: Int64
    var back: Int64
  }

  let cycle: Int64
  let out: [Stop]
  /// In the order of `out`; nil where only one direction counts.
  let back: [Stop]?

  /// Milliseconds between two moments that are looked at.
  static let grain: Int64 = 500
  static let step: Int64 = 1000

  func best() -> Found {
    var best = Found(offsets: [], out: -1, back: 0)
    for offsets in starts() {
      let found = measure(offsets)
      if value(found) > value(best) { best = found }
    }
    var isBetter = true
    while isBetter {
      isBetter = false
      for i in best.offsets.indices.dropFirst() {
        for offset in stride(from: 0, to: cycle, by: Int(Self.step)) {
          var offsets = best.offsets
          offsets[i] = offset
          let found = measure(offsets)
          if value(found) > value(best) {
            best = found
            isBetter = true
          }
        }
      }
    }
    return best
  }

  /// The narrower of two bands counts first, so that no direction pays for the other (Little 1966 has
  /// them equal), then both.
  private func value(_ found: Found) -> Int64 {
    let both = found.out + found.back
    return back == nil ? both : min(found.out, found.back) * 10_000_000 + both
  }

  private func starts() -> [[Int64]] {
    var starts = [aligned(out, to: { $0.lowerBound }), aligned(out, to: Self.middle)]
    guard let back else { return starts }
    starts.append(aligned(back, to: { $0.lowerBound }))
    starts.append(aligned(back, to: Self.middle))
    let middles = zip(out, back).map {
      (Self.middle(Self.widest($0)) + Self.middle(Self.widest($1))) / 2
    }
    let free = min(12, out.count) - 1
    guard free > 0 else { return starts }
    for bits in 0..<(1 << free) {
      starts.append(
        middles.indices.map { i in
          let half = i > 0 && i <= free && bits >> (i - 1) & 1 == 1 ? cycle / 2 : 0
          return wrap(middles[0] - middles[i] + half)
        })
    }
    return starts
  }

  private static func widest(_ stop: Stop) -> Range<Int64> {
    stop.windows.max { $0.count < $1.count } ?? 0..<0
  }
  private static func middle(_ window: Range<Int64>) -> Int64 {
    (window.lowerBound + window.upperBound) / 2
  }

  /// Offsets that let one moment of the widest green travel along.
  private func aligned(_ stops: [Stop], to moment: (Range<Int64>) -> Int64) -> [Int64] {
    let first = moment(Self.widest(stops[0])) - stops[0].arrival
    return stops.map { wrap(first + $0.arrival - moment(Self.widest($0))) }
  }

  private func wrap(_ time: Int64) -> Int64 { ((time % cycle) + cycle) % cycle }

  /// The widths of the bands with some offsets.
  func measure(_ offsets: [Int64]) -> Found {
    Found(
      offsets: offsets, out: width(out, offsets), back: back.map { width($0, offsets) } ?? 0)
  }

  /// The longest run of moments, round the cycle, at which who sets out meets nothing but green.
  private func width(_ stops: [Stop], _ offsets: [Int64]) -> Int64 {
    let count = Int(cycle / Self.grain)
    var run = 0
    var longest = 0
    for k in 0..<(2 * count) {
      // The middle of each grain, so that the ends of windows need no rule of their own.
      let time = Int64(k % count) * Self.grain + Self.grain / 2
      let isOpen = stops.indices.allSatisfy { i in
        let t = wrap(time + stops[i].arrival - offsets[i])
        return stops[i].windows.contains { $0.contains(t) }
      }
      run = isOpen ? run + 1 : 0
      longest = max(longest, run)
    }
    return Int64(min(longest, count)) * Self.grain
  }
}
