import CityBase

/// Which ways count as alternatives to the quickest one: those that are much the same are none, nor
/// are those that nobody would take (the admissible alternatives of Abraham, Delling, Goldberg and
/// Werneck (2013), "Alternative routes in road networks": limited sharing and bounded stretch).
public struct AlternativeLimits: Sendable, Equatable {
  /// The most ways there are to be, the quickest included: 1 or more.
  public var count = 3
  /// The longest time of a way, in times of the quickest one.
  public var detour = 1.4
  /// The largest share of the time of a way that it may have in common with another one.
  public var overlap = 0.8
  /// Where a way leaves the quickest one, it may take so many times as long until it is back.
  public var localDetour = 1.7

  public init() {}
  public init(count: Int) { self.count = max(1, count) }
}

/// One of several ways between two places.
public struct RouteAlternative: Sendable, Equatable {
  /// From the link of the origin to that of the destination, both included.
  public var links: [LinkID]
  /// From the end of the first link to the end of the last one.
  public var milliseconds: Int64
  /// The mean over the time on its links, the first left out, of 1 / the number of ways that use the
  /// link: 1 for a way of its own, 1/n for one of n that are the same (Ben-Akiva and Bierlaire 1999).
  public var pathSize: Double

  public init(links: [LinkID], milliseconds: Int64, pathSize: Double = 1) {
    self.links = links
    self.milliseconds = milliseconds
    self.pathSize = pathSize
  }
}

/// Finds ways that differ, over the links of separators: every way between two parts of a city uses
/// a link that separates them (a bridge, say), so that the quickest ways over each of those links are
/// the candidates. Both searches of a quickest way know their times already. Where these are too few
/// (there is but one bridge), the quickest ways on a few other sets of times follow, drawn once for
/// all drivers (the simulation of Ben-Akiva and Bierlaire 1999).
///
/// A value of this type owns its working memory.
public struct AlternativeSearch: Sendable {
  public private(set) var search: HierarchySearch
  public let limits: AlternativeLimits
  private var others: [HierarchySearch]
  private var candidates: [Candidate] = []
  /// By link: the bits of the ways found so far that use it, valid with the stamp of this search.
  private var users: [UInt32]
  private var stampOfLink: [UInt32]
  private var stampOfJunction: [UInt32]
  private var stamp: UInt32 = 0
  private var lapStamp: UInt32 = 0

  private struct Candidate {
    /// As labels have it; ways that are the same have the same.
    var weight: UInt64
    var rank: Int32
  }

  /// Candidates looked at more closely for each way that is wanted.
  private static let tries = 6

  /// `others` are the same hierarchy over other times, as `WeightedHierarchy.variants` makes them.
  public init(
    _ weighted: WeightedHierarchy, _ limits: AlternativeLimits, others: [WeightedHierarchy] = []
  ) {
    search = HierarchySearch(weighted)
    self.limits = limits
    self.others = others.map { HierarchySearch($0) }
    users = Array(repeating: 0, count: weighted.hierarchy.linkCount)
    stampOfLink = users
    let junctions = weighted.hierarchy.junctionOfLink.reduce(Int32(-1)) { max($0, $1) }
    stampOfJunction = Array(repeating: 0, count: Int(junctions) + 1)
  }

  /// The quickest way and up to `limits.count` - 1 others, by their times; empty where no way leads.
  /// On one link with the destination ahead there is but one way.
  public mutating func routes(from origin: AccessPoint, to destination: AccessPoint)
    -> [RouteAlternative]
  {
    let known = 0..<search.hierarchy.linkCount
    guard known ~= origin.link.index, known ~= destination.link.index else { return [] }
    if origin.link == destination.link {
      return search.route(from: origin, to: destination).map {
        let weight = $0.count > 1 ? search.weight(from: origin.link, to: destination.link) ?? 0 : 0
        return [RouteAlternative(links: $0, milliseconds: Int64(weight >> 32))]
      } ?? []
    }
    let stretch = limits.count > 1 ? max(1, limits.detour) : 1
    guard let best = search.meet(from: origin.link, to: destination.link, stretch: stretch)
    else { return [] }
    stamp &+= 1
    if stamp == 0 {
      stampOfLink = Array(repeating: 0, count: stampOfLink.count)
      stamp = 1
    }
    var found = [RouteAlternative(links: way(over: best.rank, origin), milliseconds: 0)]
    found[0].milliseconds = Int64(best.weight >> 32)
    guard limits.count > 1 else { return found }
    mark(found[0].links, as: 0)
    let quickest = time(of: found[0].links)
    collect(origin.link, destination.link, best.weight)
    var ranks = [best.rank]
    var lookedAt = 0
    var last = best.weight
    for candidate in candidates {
      if found.count >= min(32, limits.count) || lookedAt >= Self.tries * limits.count { break }
      if candidate.weight == last || sharesTooMuch(candidate, ranks) { continue }
      last = candidate.weight
      lookedAt += 1
      let links = way(over: Int(candidate.rank), origin)
      let extra = Double(candidate.weight >> 32) - Double(best.weight >> 32)
      guard isDifferent(links, extra: extra, quickest: quickest, known: found.count) else {
        continue
      }
      mark(links, as: found.count)
      ranks.append(Int(candidate.rank))
      found.append(
        RouteAlternative(links: links, milliseconds: Int64(candidate.weight >> 32)))
    }
    for i in others.indices where found.count < min(32, limits.count) {
      guard let links = others[i].way(from: origin.link, to: destination.link),
        let milliseconds = search.weighted.milliseconds(along: links)
      else { continue }
      let extra = Double(milliseconds - found[0].milliseconds)
      guard Double(milliseconds) <= Double(found[0].milliseconds) * max(1, limits.detour),
        isDifferent(links, extra: extra, quickest: quickest, known: found.count)
      else { continue }
      mark(links, as: found.count)
      found.append(RouteAlternative(links: links, milliseconds: milliseconds))
    }
    found[1...].sort { $0.milliseconds < $1.milliseconds }
    if found.count > 1 {
      for i in found.indices { found[i].pathSize = pathSize(of: found[i].links) }
    }
    return found
  }

  /// All ranks over which a way is short enough, the quickest first.
  private mutating func collect(_ origin: LinkID, _ destination: LinkID, _ best: UInt64) {
    candidates.removeAll(keepingCapacity: true)
    let limit = HierarchySearch.stretched(best, by: limits.detour)
    let hierarchy = search.hierarchy
    let start = Int(hierarchy.rankOfLink[origin.index])
    let end = Int(hierarchy.rankOfLink[destination.index])
    var found: [Candidate] = []
    swap(&found, &candidates)
    search.forEachCommon(start, end) { ranks in
      for r in ranks {
        let sum = search.forward[r].weight + search.backward[r].weight
        if sum <= limit { found.append(Candidate(weight: sum, rank: Int32(r))) }
      }
    }
    swap(&found, &candidates)
    candidates.sort { ($0.weight, $0.rank) < ($1.weight, $1.rank) }
  }

  private mutating func way(over rank: Int, _ origin: AccessPoint) -> [LinkID] {
    var links = [origin.link]
    search.appendWay(over: rank, to: &links)
    return links
  }

  /// What the trees of labels alone tell, before the links of a way are known: how far it runs along
  /// with another at both of its ends.
  private func sharesTooMuch(_ candidate: Candidate, _ ranks: [Int]) -> Bool {
    let most = Double(candidate.weight >> 32) * limits.overlap
    return ranks.contains { other in
      let common =
        Self.common(Int(candidate.rank), other, search.forward) >> 32
        + Self.common(Int(candidate.rank), other, search.backward) >> 32
      return Double(common) > most
    }
  }

  /// The weight at the last place that the ways to two ranks have in common.
  private static func common(_ a: Int, _ b: Int, _ labels: [HierarchySearch.Label]) -> UInt64 {
    var (a, b) = (a, b)
    while a != b {
      if a > b { a = Int(labels[a].before) } else { b = Int(labels[b].before) }
      if a < 0 || b < 0 { return 0 }
    }
    return labels[a].weight
  }

  private mutating func mark(_ links: [LinkID], as way: Int) {
    for link in links {
      if stampOfLink[link.index] != stamp {
        stampOfLink[link.index] = stamp
        users[link.index] = 0
      }
      users[link.index] |= 1 << UInt32(way)
    }
  }

  private func cost(_ link: LinkID) -> Double { Double(search.weighted.costs[link.index]) }

  private func pathSize(of links: [LinkID]) -> Double {
    var own = 0.0
    var whole = 0.0
    for link in links.dropFirst() {
      let cost = max(1, cost(link))
      whole += cost
      own += cost / Double(max(1, users[link.index].nonzeroBitCount))
    }
    return whole > 0 ? own / whole : 1
  }

  private func time(of links: [LinkID]) -> Double {
    links.dropFirst().reduce(0) { $0 + cost($1) }
  }

  /// Whether a way passes no junction twice and has little enough in common with those found.
  private mutating func isDifferent(
    _ links: [LinkID], extra: Double, quickest: Double, known: Int
  ) -> Bool {
    lapStamp &+= 1
    var total = 0.0
    var common = [Double](repeating: 0, count: known)
    for link in links {
      let junction = Int(search.hierarchy.junctionOfLink[link.index])
      if stampOfJunction[junction] == lapStamp { return false }
      stampOfJunction[junction] = lapStamp
      if link == links[0] { continue }
      let cost = cost(link)
      total += cost
      guard stampOfLink[link.index] == stamp else { continue }
      for way in 0..<known where users[link.index] & (1 << UInt32(way)) != 0 { common[way] += cost }
    }
    if common.contains(where: { $0 > total * limits.overlap }) { return false }
    return extra <= (limits.localDetour - 1) * max(0, quickest - common[0])
  }
}
