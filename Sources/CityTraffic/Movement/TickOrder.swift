import CitySimulation

/// The order in which one thread alone works through phases 3 to 5 of a tick: change, grant, advance.
///
/// Phase by phase, the state of the whole city would pass through the nearer caches three times in a
/// tick. But no chunk looks farther than to the next lanes, so that one thread can follow a front
/// through the city instead: a chunk moves as soon as all have decided who may have to do with it,
/// while what they have read is still at hand.
///
/// That is the same as phase after phase, because a step comes after all that it has to come after.
/// Call *reach* of a chunk the chunks on whose lanes a vehicle can be that has left a lane or a
/// connector of it, and is not out of it with its tail, or has only just come out of it.
///
/// - Lanes change (3) by what stands on the lanes themselves, by the grants on the way into them and by
///   the last move of those who have their tails there. Nobody who holds such a grant may have moved,
///   nor the junction have decided.
/// - A junction decides (4) by the tails published for the lanes of its reach (3), and by the last
///   moves of those who hold its grants, anywhere in its reach.
/// - Lanes move their vehicles (5) by the tails in their reach (3) and by what their junction has said
///   (4); what they write is read by the junctions in whose reach they are (4).
///
/// So each chunk decides after its whole reach has changed lanes, and moves after all in whose reach it
/// is have decided. Side lists are looked at from farther away: with them it goes phase by phase.
struct TickOrder {
  enum Phase: UInt8, BitwiseCopyable {
    case change, grant, advance
  }

  struct Step: BitwiseCopyable {
    var phase: Phase
    var chunk: UInt8
  }

  let steps: [Step]

  /// m/s that no vehicle is faster than, and metres that are added for good measure.
  private static let fastest: Float = 60
  private static let margin: Float = 10

  /// For vehicles up to some metres long.
  init(_ topology: RoadTopology, _ layout: ChunkLayout, longest: Float, stepSeconds: Float) {
    let reach = Self.reach(
      topology, layout, metres: longest + Self.fastest * stepSeconds + Self.margin)
    var reachedFrom = [UInt64](repeating: 0, count: layout.count)
    for (from, chunks) in reach.enumerated() {
      Self.forEach(chunks) { reachedFrom[$0] |= 1 << UInt64(from) }
    }
    var steps: [Step] = []
    var done = [UInt64](repeating: 0, count: 3)
    func take(_ phase: Phase, _ chunk: Int) {
      let bit: UInt64 = 1 << UInt64(chunk)
      if done[Int(phase.rawValue)] & bit != 0 { return }
      done[Int(phase.rawValue)] |= bit
      switch phase {
      case .change: break
      case .grant: Self.forEach(reach[chunk]) { take(.change, $0) }
      case .advance: Self.forEach(reachedFrom[chunk]) { take(.grant, $0) }
      }
      steps.append(Step(phase: phase, chunk: UInt8(chunk)))
    }
    for chunk in 0..<layout.count { take(.advance, chunk) }
    self.steps = steps
  }

  /// By chunk, itself included: its reach, as bits.
  private static func reach(_ topology: RoadTopology, _ layout: ChunkLayout, metres: Float)
    -> [UInt64]
  {
    precondition(layout.count <= UInt64.bitWidth)
    var chunkOfJunction = [UInt8](repeating: 0, count: topology.junctions)
    for chunk in 0..<layout.count {
      for j in layout.firstJunction[chunk]..<layout.firstJunction[chunk + 1] {
        chunkOfJunction[Int(j)] = UInt8(chunk)
      }
    }
    let links = topology.linkLength.count
    let leaving = LinksByStart(topology, links: links)
    var reach = (0..<layout.count).map { UInt64(1) << UInt64($0) }
    // By link: with how many metres to go it has been come to in this search.
    var best = [Float](repeating: -1, count: links)
    var seen: [Int] = []
    var open: [(link: Int, left: Float)] = []
    for start in 0..<links {
      let from = Int(chunkOfJunction[Int(topology.linkFrom[start])])
      open.append((start, metres))
      while let (link, left) = open.popLast() {
        if best[link] >= left { continue }
        if best[link] < 0 { seen.append(link) }
        best[link] = left
        let end = Int(topology.linkTo[link])
        reach[from] |= 1 << UInt64(chunkOfJunction[end])
        let rest = left - topology.linkLength[link] * 0.9
        if rest > 0 { for next in leaving[end] { open.append((Int(next), rest)) } }
      }
      for link in seen { best[link] = -1 }
      seen.removeAll(keepingCapacity: true)
    }
    return reach
  }

  private static func forEach(_ chunks: UInt64, _ body: (Int) -> Void) {
    var rest = chunks
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
  }

  /// The links that leave each junction.
  private struct LinksByStart {
    private var first: [Int32]
    private var links: [Int32]

    init(_ topology: RoadTopology, links count: Int) {
      first = [Int32](repeating: 0, count: topology.junctions + 1)
      for link in 0..<count { first[Int(topology.linkFrom[link]) + 1] += 1 }
      for j in 0..<topology.junctions { first[j + 1] += first[j] }
      var at = first
      links = [Int32](repeating: 0, count: count)
      for link in 0..<count {
        let from = Int(topology.linkFrom[link])
        links[Int(at[from])] = Int32(truncatingIfNeeded: link)
        at[from] += 1
      }
    }

    subscript(junction: Int) -> ArraySlice<Int32> {
      links[Int(first[junction])..<Int(first[junction + 1])]
    }
  }
}

extension TrafficWorld {
  /// Works through phases 3 to 5 on one thread.
  func followFront(_ moment: Moment) {
    for step in order.steps {
      let chunk = Int(step.chunk)
      switch step.phase {
      case .change: change(chunk: chunk, moment: moment)
      case .grant: grant(chunk: chunk, moment: moment)
      case .advance: advance(chunk: chunk, moment: moment)
      }
    }
  }
}
