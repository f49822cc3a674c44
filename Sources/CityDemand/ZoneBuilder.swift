import CityBase
import CityNetwork

/// How a city is cut into zones.
public struct ZoneSettings: Sendable {
  public enum Level: String, Sendable, CaseIterable {
    /// Sub-districts where there are any, else districts, else a grid.
    case automatic
    case subdistricts
    case districts
    case grid
  }

  public var level = Level.automatic
  /// The side of a grid cell in metres; doubled as long as there are too many cells.
  public var cellMeters = 500.0
  /// `automatic` passes over a level that has fewer zones with a road.
  public var minimumZones = 1
  /// `automatic` passes over a level that has more zones, since matrices grow with their square.
  public var maximumZones = 400
  /// `automatic` passes over a level whose areas hold a smaller share of the access points.
  public var minimumCoverage = 0.0
  public var access = AccessRule()

  public init() {}

  /// For a gravity model, which says little with a handful of zones: a grid takes the place of
  /// fewer than 16 areas, and of areas that leave out half of the network.
  public static var forGravity: ZoneSettings {
    var s = ZoneSettings()
    s.minimumZones = 16
    s.minimumCoverage = 0.5
    return s
  }
}

/// Cuts a city into zones and finds where in them trips begin and end.
public struct ZoneBuilder {
  let candidates: AccessCandidates
  let settings: ZoneSettings
  /// Zone of each candidate, or -1.
  private var zoneOfCandidate: [Int] = []
  private var drafts: [(externalID: String, name: String, area: Double)] = []

  private init(candidates: AccessCandidates, settings: ZoneSettings) {
    self.candidates = candidates
    self.settings = settings
  }

  /// The zones of a city. `isConnected` tells whether a link lies in the part of the network where
  /// every place can reach every other. A network without such links gives no zones and an error
  /// in the diagnostics.
  public static func build(
    _ input: ZoneInput, network: RoadNetwork, settings: ZoneSettings = ZoneSettings(),
    isConnected: (LinkID) -> Bool, diagnostics: inout Diagnostics
  ) -> ZoneSystem {
    let allowed = settings.access.links(in: network, isConnected: isConnected)
    let candidates = AccessCandidates(
      network: network, allowed: allowed, spacing: settings.access.spacing)
    guard candidates.count > 0 else {
      diagnostics.error("no-access", "the network has no road where trips could begin or end")
      return ZoneSystem([])
    }
    let subdistricts = AreaIndex(input.subdistricts, diagnostics: &diagnostics)
    let districts = AreaIndex(input.districts, diagnostics: &diagnostics)
    var builder = ZoneBuilder(candidates: candidates, settings: settings)
    builder.cut(subdistricts: subdistricts, districts: districts, diagnostics: &diagnostics)
    let load = CandidateLoad(
      candidates: candidates, buildings: input.buildings, facilities: input.facilities)
    let settled = [subdistricts, districts].first { $0.areas.contains { ($0.population ?? 0) > 0 } }
    let (people, isKnown) = load.people(
      candidates: candidates, areas: settled, diagnostics: &diagnostics)
    let attraction = load.completeAttraction(people: people, candidates: candidates)
    return ZoneSystem(
      builder.zones(people: people, attraction: attraction), populationIsKnown: isKnown)
  }

  private mutating func cut(
    subdistricts: AreaIndex, districts: AreaIndex, diagnostics: inout Diagnostics
  ) {
    switch settings.level {
    case .subdistricts: take(subdistricts)
    case .districts: take(districts)
    case .grid: takeGrid()
    case .automatic:
      for level in [subdistricts, districts] where !level.areas.isEmpty {
        take(level)
        if isAcceptable { break }
        zoneOfCandidate = []
      }
      if zoneOfCandidate.isEmpty { takeGrid() }
    }
    let outside = zoneOfCandidate.count { $0 < 0 }
    if outside > 0 {
      diagnostics.note(
        "access-outside-zones",
        "\(outside) of \(candidates.count) access points lie in no zone and are not used")
    }
  }

  private var isAcceptable: Bool {
    let used = Set(zoneOfCandidate.lazy.filter { $0 >= 0 }).count
    let covered = zoneOfCandidate.count { $0 >= 0 }
    return used >= max(1, settings.minimumZones) && used <= settings.maximumZones
      && Double(covered) >= settings.minimumCoverage * Double(candidates.count)
  }

  private mutating func take(_ areas: AreaIndex) {
    drafts = areas.areas.indices.map {
      (areas.areas[$0].externalID, areas.areas[$0].name, areas.squareMeters($0))
    }
    zoneOfCandidate = candidates.positions.map { areas.area(at: $0) ?? -1 }
  }

  /// Square cells whose corners lie at multiples of their side, so that a cell keeps its id when
  /// the city grows.
  private mutating func takeGrid() {
    var side = settings.cellMeters.isFinite ? max(50, settings.cellMeters) : 500
    while true {
      let cells = candidates.positions.map { p -> Cell in
        Cell(
          column: Int(exactly: (p.x / side).rounded(.down)) ?? 0,
          row: Int(exactly: (p.y / side).rounded(.down)) ?? 0)
      }
      let used = Set(cells).sorted()
      if used.count <= max(4, settings.maximumZones) {
        var number: [Cell: Int] = [:]
        for (i, cell) in used.enumerated() { number[cell] = i }
        zoneOfCandidate = cells.map { number[$0] ?? -1 }
        drafts = used.map { cell in
          let name = "cell-\(cell.column)-\(cell.row)"
          return (name, name, side * side)
        }
        return
      }
      side *= 2
    }
  }

  private struct Cell: Hashable, Comparable {
    var column: Int
    var row: Int
    static func < (a: Cell, b: Cell) -> Bool { (a.row, a.column) < (b.row, b.column) }
  }

  private func zones(people: [Double], attraction: [[Double]]) -> [Zone] {
    var members = Array(repeating: [Int](), count: drafts.count)
    for (c, zone) in zoneOfCandidate.enumerated() where zone >= 0 { members[zone].append(c) }
    return drafts.indices.compactMap { z in
      members[z].isEmpty ? nil : zone(z, members[z], people: people, attraction: attraction)
    }
  }

  private func zone(_ z: Int, _ members: [Int], people: [Double], attraction: [[Double]]) -> Zone {
    let home = Int(TripPurpose.home.rawValue)
    let activity = members.map { c in
      attraction.indices.reduce(0) { $1 == home ? $0 : $0 + attraction[$1][c] }
    }
    let meters = members.map { candidates.meters[$0] }
    let residents = members.map { people[$0] }
    let lives = residents.contains { $0 > 0 }
    let works = activity.contains { $0 > 0 }
    let box = Box2(members.lazy.map { candidates.positions[$0] })
    let (center, representative) = middle(
      members, weights: zip(residents, activity).map { $0 + $1 })
    return Zone(
      externalID: drafts[z].externalID, name: drafts[z].name, center: center,
      area: min(drafts[z].area, max(box.width * box.height, 2500)),
      population: residents.reduce(0, +),
      attraction: attraction.map { pull in members.reduce(0) { $0 + pull[$1] } },
      accessPoints: members.map { candidates.points[$0] },
      accessPositions: members.map { candidates.positions[$0] },
      representative: representative,
      homeChoice: WeightedChoice(lives ? residents : works ? activity : meters),
      activityChoice: WeightedChoice(works ? activity : lives ? residents : meters))
  }

  /// The weighted middle of some candidates, and which of them is nearest to it.
  private func middle(_ members: [Int], weights: [Double]) -> (Point2, Int) {
    let total = weights.reduce(0, +)
    let base = total > 0 ? 0.0 : 1.0
    var sum = Point2(0, 0)
    var weight = 0.0
    for (k, c) in members.enumerated() {
      sum = sum + candidates.positions[c] * (weights[k] + base)
      weight += weights[k] + base
    }
    let center = (sum * (1 / weight)).roundedToMillimetre
    var best = 0
    var bestDistance = Double.infinity
    for (k, c) in members.enumerated() {
      let d = candidates.positions[c].distance(to: center)
      if d < bestDistance { (best, bestDistance) = (k, d) }
    }
    return (center, best)
  }
}
