import CityBase

/// The lines of a junction's connectors in one array, with what the search for near places asks
/// for again and again.
struct ConnectorLines {
  struct Segment {
    var start: Point2
    var end: Point2
    /// Metres from the start of the line, and of the segment itself.
    var run: Double
    var length: Double
    var low: Point2
    var high: Point2
  }

  private var segments: [Segment] = []
  /// Segments of line i are [i] ..< [i + 1].
  private var first: [Int] = [0]
  private(set) var boxes: [Box2] = []

  init(_ connectors: [DraftConnector]) { self.init(lines: connectors.map(\.points)) }

  /// Lines of two points or more.
  init(lines: [[Point2]]) {
    segments.reserveCapacity(lines.count * 5)
    for points in lines {
      var run = 0.0
      for (a, b) in zip(points, points.dropFirst()) {
        let length = a.distance(to: b)
        segments.append(
          Segment(
            start: a, end: b, run: run, length: length,
            low: Point2(min(a.x, b.x), min(a.y, b.y)),
            high: Point2(max(a.x, b.x), max(a.y, b.y))))
        run += length
      }
      first.append(segments.count)
      boxes.append(Box2(points))
    }
  }

  /// Whether two lines come within so many metres of each other.
  func cross(_ line: Int, _ other: Int, within radius: Double) -> Bool {
    segments[first[line]..<first[line + 1]].contains { a in
      segments[first[other]..<first[other + 1]].contains { b in
        Nearness.stretch(a.start, a.end, near: b.start, b.end, radius: radius) != nil
      }
    }
  }

  /// The stretch of a line that lies near another, from its first to its last such place; of
  /// either line only the segments of a range are looked at, where one is given.
  func area(
    of line: Int, _ part: Range<Int>? = nil, near other: Int, _ otherPart: Range<Int>? = nil
  ) -> (entry: Double, exit: Double)? {
    segments.withUnsafeBufferPointer { s in
      let own = range(line, part)
      let others = range(other, otherPart)
      let box = boxes[other].expanded(by: ConflictFinder.clearance)
      for i in own {
        guard let near = Self.near(s[i], box, others, s) else { continue }
        // From the end backwards; what lies between does not matter.
        for k in own.reversed() where k > i {
          if let last = Self.near(s[k], box, others, s) { return (near.low, last.high) }
        }
        return (near.low, near.high)
      }
      return nil
    }
  }

  private func range(_ line: Int, _ part: Range<Int>?) -> Range<Int> {
    let all = first[line]..<first[line + 1]
    guard let part else { return all }
    return (all.lowerBound + part.lowerBound..<all.lowerBound + part.upperBound).clamped(to: all)
  }

  /// The distance of a point to a line.
  func distance(from p: Point2, to line: Int) -> Double {
    segments[first[line]..<first[line + 1]].reduce(Double.infinity) { least, s in
      let axis = s.end - s.start
      let t = s.length > 0 ? (p - s.start).dot(axis) / (s.length * s.length) : 0
      return min(least, p.distance(to: s.start + axis * max(0, min(1, t))))
    }
  }

  /// The point at a distance along a line.
  func point(of line: Int, at distance: Double) -> Point2 {
    let all = first[line]..<first[line + 1]
    let i = all.last { segments[$0].run <= distance } ?? all.lowerBound
    let s = segments[i]
    guard s.length > 0 else { return s.start }
    return s.start + (s.end - s.start) * (min(s.length, max(0, distance - s.run)) / s.length)
  }

  @inline(__always)
  private static func near(
    _ a: Segment, _ box: Box2, _ others: Range<Int>, _ s: UnsafeBufferPointer<Segment>
  ) -> (low: Double, high: Double)? {
    if a.low.x > box.max.x || a.high.x < box.min.x { return nil }
    if a.low.y > box.max.y || a.high.y < box.min.y { return nil }
    let d = ConflictFinder.clearance
    var low = Double.infinity
    var high = -Double.infinity
    for j in others {
      let b = s[j]
      if b.low.x > a.high.x + d || b.high.x < a.low.x - d { continue }
      if b.low.y > a.high.y + d || b.high.y < a.low.y - d { continue }
      if let r = Nearness.stretch(a.start, a.end, near: b.start, b.end, radius: d) {
        low = min(low, r.lowerBound)
        high = max(high, r.upperBound)
      }
    }
    return low <= high ? (a.run + a.length * low, a.run + a.length * high) : nil
  }
}
