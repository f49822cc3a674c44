import CitySimulation

/// The order in which phases 3 to 5 of a tick are worked through: change, grant, advance.
///
/// Phase by phase, the state of the whole city would pass through the nearer caches three times in a
/// tick. But no chunk looks farther than to the next lanes, so that a thread can follow a front
/// through its part of the city instead: a chunk moves as soon as all have decided who may have to do
/// with it, while what they have read is still at hand.
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
/// is have decided. Several threads follow fronts through parts of the city, in three stages between
/// which they wait for each other: first change the chunks in the reach of another part, then decide
/// those with another part in their reach, then comes the rest.
///
/// Side lists are looked at from farther away: with them it goes phase by phase, and so it does where
/// vehicles are faster than is reckoned with.
struct TickOrder {
  enum Phase: UInt8, BitwiseCopyable {
    case change, grant, advance
  }

  struct Step: BitwiseCopyable {
    var phase: Phase
    var chunk: UInt8
  }

  static let stages = 3

  /// The steps of every part, stage by stage.
  let steps: [[[Step]]]

  /// m/s that vehicles are reckoned with at least and at most, and metres that are added for good
  /// measure.
  private static let speeds: ClosedRange<Float> = 60...120
  private static let margin: Float = 10
  /// Links that are looked at from one; where there are more, a chunk is taken to reach everywhere. In
  /// a town there are a dozen; a file may have thousands of a centimetre each.
  private static let mostLooks = 2_000
  /// So many parts by thread, where there are several, that who is through can help the others.
  private static let partsByThread = 4

  /// Nil where vehicles can do more than is reckoned with.
  init?(_ world: TrafficWorld, threads: Int) {
    let fastest = max(
      Self.speeds.lowerBound, world.table.fastest, world.settings.carTopSpeed)
    guard fastest <= Self.speeds.upperBound else { return nil }
    let count = world.layout.count
    let parts = threads == 1 ? 1 : max(1, min(count, Self.partsByThread * threads))
    let partOf = (0..<count).map { $0 * parts / count }
    let reach = Self.reach(
      world.topology, world.layout,
      metres: world.table.longest + fastest * world.stepSeconds + Self.margin)
    var reachedFrom = [UInt64](repeating: 0, count: count)
    for (from, chunks) in reach.enumerated() {
      Self.forEach(chunks) { reachedFrom[$0] |= 1 << UInt64(from) }
    }
    var own = [UInt64](repeating: 0, count: parts)
    for (chunk, part) in partOf.enumerated() { own[part] |= 1 << UInt64(chunk) }

    var steps: [[[Step]]] = []
    var done = [UInt64](repeating: 0, count: 3)
    func take(_ phase: Phase, _ chunk: Int, into list: inout [Step]) {
      let bit: UInt64 = 1 << UInt64(chunk)
      if done[Int(phase.rawValue)] & bit != 0 { return }
      done[Int(phase.rawValue)] |= bit
      // What other parts have to do before has its place in an earlier stage.
      let here = own[partOf[chunk]]
      switch phase {
      case .change: break
      case .grant: Self.forEach(reach[chunk] & here) { take(.change, $0, into: &list) }
      case .advance: Self.forEach(reachedFrom[chunk] & here) { take(.grant, $0, into: &list) }
      }
      list.append(Step(phase: phase, chunk: UInt8(chunk)))
    }
    for stage in [Phase.change, .grant, .advance] {
      var lists = [[Step]](repeating: [], count: parts)
      for (chunk, part) in partOf.enumerated() {
        let isDue =
          switch stage {
          case .change: reachedFrom[chunk] & ~own[part] != 0
          case .grant: reach[chunk] & ~own[part] != 0
          case .advance: true
          }
        if isDue { take(stage, chunk, into: &lists[part]) }
      }
      steps.append(lists)
    }
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
    let everywhere = reach.reduce(0, |)
    // By link: with how many metres to go it has been come to in this search.
    var best = [Float](repeating: -1, count: links)
    var seen: [Int] = []
    var open: [(link: Int, left: Float)] = []
    for start in 0..<links {
      let from = Int(chunkOfJunction[Int(topology.linkFrom[start])])
      open.append((start, metres))
      var looks = 0
      while let (link, left) = open.popLast() {
        if best[link] >= left { continue }
        looks += 1
        if looks > mostLooks {
          reach[from] = everywhere
          open.removeAll(keepingCapacity: true)
          break
        }
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
  /// Works through the steps of one part.
  func follow(_ steps: [TickOrder.Step], _ moment: Moment) {
    for step in steps {
      let chunk = Int(step.chunk)
      switch step.phase {
      case .change: change(chunk: chunk, moment: moment)
      case .grant: grant(chunk: chunk, moment: moment)
      case .advance: advance(chunk: chunk, moment: moment)
      }
    }
  }
}
