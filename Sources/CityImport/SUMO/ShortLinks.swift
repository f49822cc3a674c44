import CityBase
import CityNetwork

/// Takes links on which no car finds room into the junctions at their ends, which become one.
///
/// netconvert leaves links of centimetres between the parts of a crossing, and SUMO's cars stand
/// across several of them. Here a car enters a junction when there is room for it beyond, so that
/// such a link would let one car pass at a time, and cars that wait for each other's would never
/// move again. Every way in over such a link and out again becomes one connector.
struct ShortLinks {
  /// m; a car (4.6 m) with its gap at standstill (2 m) has room on what is longer.
  static let limit = 7.0
  /// A link with more ways over it than this is left as it is.
  private static let mostWays = 400

  /// What is left, in the order in which it was.
  private(set) var source: LaneSource
  /// By link as it was: which one it is now, or -1.
  private(set) var linkNow: [Int]
  /// By connector now: the connectors as they were that it leads over, in the order of driving.
  private(set) var parts: [[Int]]
  /// Short links between junctions that may not become one.
  private(set) var leftShort: [Int] = []

  private struct Way {
    var connector: LaneSource.Connector
    var parts: [Int]
  }

  private var ways: [Way]
  private var isGone: [Bool]
  private var into: [[Int]]
  private var outOf: [[Int]]
  private var wayBetween: [LaneEnds: Int] = [:]
  /// By junction: one that it is part of; itself where it is alone or stands for all.
  private var whole: [Int]
  /// By junction that stands for all: the signals that rule it.
  private var signals: [Set<String>]

  private struct LaneEnds: Hashable {
    var fromLink: Int
    var fromLane: Int
    var toLink: Int
    var toLane: Int
    init(_ c: LaneSource.Connector) {
      (fromLink, fromLane, toLink, toLane) = (c.fromLink, c.fromLane, c.toLink, c.toLane)
    }
  }

  /// `signals` has the names of those that rule each junction: two junctions with different ones
  /// are not joined.
  init(_ source: LaneSource, signals: [Set<String>]) {
    self.source = source
    self.signals = signals
    linkNow = Array(source.links.indices)
    parts = source.connectors.indices.map { [$0] }
    ways = source.connectors.enumerated().map { Way(connector: $1, parts: [$0]) }
    isGone = Array(repeating: false, count: ways.count)
    into = Array(repeating: [], count: source.links.count)
    outOf = into
    whole = Array(source.junctions.indices)
    for (w, way) in ways.enumerated() { list(w, way) }
    let short = source.links.indices.filter { source.links[$0].length < Self.limit }
    let order = short.sorted {
      (source.links[$0].length, source.links[$0].externalID, $0)
        < (source.links[$1].length, source.links[$1].externalID, $1)
    }
    var absorbed: [Int] = []
    for link in order {
      if absorb(link) { absorbed.append(link) } else { leftShort.append(link) }
    }
    if !absorbed.isEmpty { rebuild(without: Set(absorbed)) }
  }

  private mutating func list(_ w: Int, _ way: Way) {
    into[way.connector.toLink].append(w)
    outOf[way.connector.fromLink].append(w)
    wayBetween[LaneEnds(way.connector)] = w
  }

  private func whole(of junction: Int) -> Int {
    var j = junction
    while whole[j] != j { j = whole[j] }
    return j
  }

  // MARK: - One link

  /// Joins the ways into a link with those out of it; false where that cannot be done.
  private mutating func absorb(_ link: Int) -> Bool {
    let ins = into[link].filter { !isGone[$0] && ways[$0].connector.fromLink != link }
    let outs = outOf[link].filter { !isGone[$0] && ways[$0].connector.toLink != link }
    let ends = (whole(of: source.links[link].from), whole(of: source.links[link].to))
    // Trips could neither begin nor end where a short link is a road's end.
    guard !ins.isEmpty, !outs.isEmpty, ins.count * outs.count <= Self.mostWays,
      signals[ends.0].union(signals[ends.1]).count < 2
    else { return false }
    let pairs = pairs(ins, outs)
    // Nobody may lose the only way on, or win one that was closed to him.
    guard Set(pairs.map(\.0)).count == ins.count,
      pairs.allSatisfy({ isOpenAlike(link, ways[$0.0].connector, ways[$0.1].connector) })
    else { return false }
    for (i, o) in pairs { add(joined(ways[i], ways[o], over: link)) }
    for w in into[link] + outOf[link] { remove(w) }
    let (a, b) = (min(ends.0, ends.1), max(ends.0, ends.1))
    whole[b] = a
    signals[a].formUnion(signals[b])
    return true
  }

  /// Which ways in go on by which ways out: lane by lane; and where no lane of the link leads from
  /// one road to another one, although a change of lane on it would, by the nearest lanes.
  private func pairs(_ ins: [Int], _ outs: [Int]) -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    for from in Set(ins.map { ways[$0].connector.fromLink }).sorted() {
      let its = ins.filter { ways[$0].connector.fromLink == from }
      for to in Set(outs.map { ways[$0].connector.toLink }).sorted() {
        let theirs = outs.filter { ways[$0].connector.toLink == to }
        let all = its.flatMap { i in theirs.map { (i, $0) } }.filter { !turnsTwice($0) }
        let straight = all.filter { aside($0) == 0 }
        found += straight
        if straight.isEmpty, let nearest = all.min(by: isNearer) { found.append(nearest) }
      }
    }
    // A lane from which no way leads on takes the nearest one.
    for i in ins where !found.contains(where: { $0.0 == i }) {
      if let best = outs.map({ (i, $0) }).min(by: isNearer) {
        found.append(best)
      }
    }
    return found
  }

  /// Nobody turns round twice at one junction.
  private func turnsTwice(_ pair: (Int, Int)) -> Bool {
    ways[pair.0].connector.turn == .uTurn && ways[pair.1].connector.turn == .uTurn
  }

  /// Whether a link is open to all who may use the lanes before and after it.
  private func isOpenAlike(
    _ link: Int, _ one: LaneSource.Connector, _ other: LaneSource.Connector
  ) -> Bool {
    access(one.fromLink, one.fromLane).intersection(access(other.toLink, other.toLane))
      .isSubset(of: access(link, one.toLane).intersection(access(link, other.fromLane)))
  }

  private func access(_ link: Int, _ lane: Int) -> Access {
    let its = source.links[link]
    return its.laneAccess.indices.contains(lane) ? its.laneAccess[lane] : its.access
  }

  private func aside(_ pair: (Int, Int)) -> Int {
    abs(ways[pair.0].connector.toLane - ways[pair.1].connector.fromLane)
  }

  private func isNearer(_ a: (Int, Int), _ b: (Int, Int)) -> Bool {
    (aside(a), a.0, a.1) < (aside(b), b.0, b.1)
  }

  private func joined(_ a: Way, _ b: Way, over link: Int) -> Way {
    let (one, other) = (a.connector, b.connector)
    var points = one.points
    for p in other.points where points.last != p { points.append(p) }
    let turn: Turn =
      one.turn == .through ? other.turn : other.turn == .through ? one.turn : Self.turn(points)
    return Way(
      connector: LaneSource.Connector(
        fromLink: one.fromLink, fromLane: one.fromLane, toLink: other.toLink,
        toLane: other.toLane, turn: turn,
        length: one.length + source.links[link].length + other.length,
        speed: min(one.speed, other.speed), points: points,
        isMinor: one.isMinor || other.isMinor),
      parts: a.parts + b.parts)
  }

  /// Of a line by its first and last direction: through up to 30 degrees, round from 150 on.
  private static func turn(_ points: [Point2]) -> Turn {
    guard let first = points.first, let last = points.last, points.count > 2 else {
      return .through
    }
    let (a, b) = (points[1] - first, last - points[points.count - 2])
    let cross = a.x * b.y - a.y * b.x
    let dot = a.x * b.x + a.y * b.y
    let size = ((a.x * a.x + a.y * a.y) * (b.x * b.x + b.y * b.y)).squareRoot()
    if dot > 0.866 * size { return .through }
    if dot < -0.866 * size { return .uTurn }
    return cross > 0 ? .left : .right
  }

  /// Of two ways between the same lanes the shorter one is kept.
  private mutating func add(_ way: Way) {
    if let known = wayBetween[LaneEnds(way.connector)], !isGone[known] {
      if ways[known].connector.length <= way.connector.length { return }
      remove(known)
    }
    ways.append(way)
    isGone.append(false)
    list(ways.count - 1, way)
  }

  private mutating func remove(_ w: Int) {
    isGone[w] = true
    let ends = LaneEnds(ways[w].connector)
    if wayBetween[ends] == w { wayBetween[ends] = nil }
  }

  // MARK: - What is left

  private mutating func rebuild(without absorbed: Set<Int>) {
    var left = LaneSource()
    left.drivesOnRight = source.drivesOnRight
    left.allowsTurnOnRed = source.allowsTurnOnRed
    let junctionNow = joinJunctions(into: &left)
    for (l, link) in source.links.enumerated() {
      if absorbed.contains(l) {
        linkNow[l] = -1
        continue
      }
      linkNow[l] = left.links.count
      var kept = link
      kept.from = junctionNow[link.from]
      kept.to = junctionNow[link.to]
      left.links.append(kept)
    }
    parts = []
    for (w, way) in ways.enumerated() where !isGone[w] {
      var connector = way.connector
      connector.fromLink = linkNow[connector.fromLink]
      connector.toLink = linkNow[connector.toLink]
      left.connectors.append(connector)
      parts.append(way.parts)
    }
    left.meetings = meetings(left)
    source = left
  }

  /// Junctions in the place of those that have become one: at their middle, and by the strictest
  /// of their rules.
  private func joinJunctions(into left: inout LaneSource) -> [Int] {
    var members = Array(repeating: [Int](), count: source.junctions.count)
    for j in source.junctions.indices { members[whole(of: j)].append(j) }
    var now = Array(repeating: -1, count: source.junctions.count)
    for (w, its) in members.enumerated() where !its.isEmpty {
      var junction = source.junctions[w]
      if its.count > 1 {
        let all = its.map { source.junctions[$0] }
        let sum = all.reduce(Point2(0, 0)) { $0 + $1.position }
        let n = Double(all.count)
        junction.position = Point2(sum.x / n, sum.y / n).roundedToMillimetre
        let ruled = all.map(\.control).filter { $0 != .passage }
        junction.control =
          ruled.isEmpty
          ? .passage
          : ruled.allSatisfy { $0 == .roundabout }
            ? .roundabout : ruled.contains { $0 != .equal } ? .priority : .equal
      }
      for j in its { now[j] = left.junctions.count }
      left.junctions.append(junction)
    }
    return now
  }

  /// Two ways meet where any of what they lead over does; one yields where it does at some place
  /// and the other one at none.
  private func meetings(_ left: LaneSource) -> [LaneSource.Meeting] {
    var met: [[(other: Int, yields: Int8)]] = Array(repeating: [], count: source.connectors.count)
    for m in source.meetings {
      met[m.a].append((m.b, m.yields))
      met[m.b].append((m.a, -m.yields))
    }
    var over: [[Int]] = Array(repeating: [], count: source.connectors.count)
    for (c, its) in parts.enumerated() { for p in its { over[p].append(c) } }
    var out: [LaneSource.Meeting] = []
    for (c, its) in parts.enumerated() {
      var found: [Int: (yields: Bool, goesFirst: Bool)] = [:]
      for p in its {
        for meeting in met[p] {
          for other in over[meeting.other] where other < c && !shareLane(left, c, other) {
            var known = found[other] ?? (false, false)
            known.yields = known.yields || meeting.yields > 0
            known.goesFirst = known.goesFirst || meeting.yields < 0
            found[other] = known
          }
        }
      }
      for (other, who) in found.sorted(by: { $0.key < $1.key }) {
        let yields: Int8 = who.yields == who.goesFirst ? 0 : who.yields ? 1 : -1
        out.append(LaneSource.Meeting(a: c, b: other, yields: yields))
      }
    }
    return out
  }

  /// Who comes from one lane follows one another, whatever the parts of the ways say.
  private func shareLane(_ left: LaneSource, _ a: Int, _ b: Int) -> Bool {
    let (one, other) = (left.connectors[a], left.connectors[b])
    return one.fromLink == other.fromLink && one.fromLane == other.fromLane
  }
}
