import CityBase
import CitySpatial

/// What lies at each access candidate: floor area by use, and people and jobs as far as known.
struct CandidateLoad: Sendable {
  /// People estimated from floor area, of buildings that do not say.
  var estimatedPeople: [Double]
  /// People of buildings that do.
  var knownPeople: [Double]
  /// Pull by purpose, then by candidate; that of home stays 0 here.
  var attraction: [[Double]]

  /// Whether a building or a place where people live lies near each candidate.
  private(set) var isCovered: [Bool] = []
  /// Where less of the length of streets has buildings nearby than this, the city is taken as drawn
  /// in part only.
  static let leastCover = 0.5
  /// Metres of street and direction for each resident where no building is drawn.
  static let metersPerResident = 20.0

  /// Farther buildings are left out. Metres.
  static let reach = 300.0

  init(
    candidates: AccessCandidates, buildings: [ZoneInput.Building], facilities: [ZoneInput.Building]
  ) {
    let zero = [Double](repeating: 0, count: candidates.count)
    estimatedPeople = zero
    knownPeople = zero
    attraction = Array(repeating: zero, count: TripPurpose.allCases.count)
    let tree = HilbertRTree(candidates.positions.map { Box2(min: $0, max: $0) })
    for building in buildings { add(building, tree) }
    let buildingTree = HilbertRTree(
      buildings.map { Box2(min: $0.position, max: $0.position) })
    isCovered = candidates.positions.map { p in
      buildingTree.first(in: Box2(min: p, max: p).expanded(by: Self.reach)) { _ in true } != nil
    }
    for facility in facilities {
      let near = Box2(min: facility.position, max: facility.position).expanded(by: 150)
      let shown = buildingTree.first(in: near) { buildings[$0].use == facility.use }
      if shown == nil { add(facility, tree) }
    }
  }

  /// Spreads one building over the nearest access candidates: one, and one more for every
  /// 5,000 m2 up to eight, because a large one has several gates.
  private mutating func add(_ building: ZoneInput.Building, _ tree: HilbertRTree) {
    guard building.position.isFinite, building.floorArea.isFinite, building.floorArea >= 0 else {
      return
    }
    let gates = 1 + Int(min(7, building.floorArea / 5000))
    let near = tree.nearest(building.position, maxResults: gates, maxDistance: Self.reach)
    let share = 1 / Double(max(1, near.count))
    let floor = building.floorArea / 100 * share
    for n in near {
      if let people = building.population, people.isFinite, people >= 0 {
        knownPeople[n.index] += people * share
      } else {
        estimatedPeople[n.index] += floor * ActivityRates.home(building.use)
      }
      for purpose in TripPurpose.allCases where purpose != .home {
        var pull = floor * ActivityRates.rate(purpose, building.use)
        if purpose == .work, let jobs = building.jobs, jobs.isFinite, jobs >= 0 {
          pull = jobs * share
        }
        attraction[Int(purpose.rawValue)][n.index] += pull
      }
    }
  }

  /// People at each candidate. The city's own figures by area come first, spread within the area
  /// by what the buildings say, or else by length of road; where only some areas have figures, the
  /// others follow their ratio.
  func people(candidates: AccessCandidates, areas: AreaIndex?, diagnostics: inout Diagnostics)
    -> (people: [Double], isKnown: Bool)
  {
    let known = knownPeople.contains { $0 > 0 }
    let estimated = estimatedPeople.contains { $0 > 0 }
    let own = zip(knownPeople, estimatedPeople).map { $0 + $1 }
    // Without any building: a person for every 20 m of road and direction.
    let byRoad = candidates.meters.map { $0 / Self.metersPerResident }
    let weights = known || estimated ? own : byRoad
    guard let areas, areas.areas.contains(where: { ($0.population ?? 0) > 0 }) else {
      let completed = completed(weights, byRoad, candidates, &diagnostics)
      return (completed, known)
    }
    var out = weights
    var members = Array(repeating: [Int](), count: areas.areas.count)
    for c in 0..<candidates.count {
      if let a = areas.area(at: candidates.positions[c]) { members[a].append(c) }
    }
    var figures = 0.0
    var byWeight = 0.0
    var isSettled = Array(repeating: false, count: candidates.count)
    for (a, area) in areas.areas.enumerated() {
      guard let population = area.population, population >= 0, population.isFinite else { continue }
      guard !members[a].isEmpty else {
        diagnostics.warn(
          "area-without-road", place: area.externalID,
          "no road in \"\(area.name)\" where trips could begin; its \(population) people stay away")
        continue
      }
      var sum = members[a].reduce(0) { $0 + weights[$1] }
      let byRoad = !(sum > 0)
      if byRoad { sum = members[a].reduce(0) { $0 + candidates.meters[$1] } }
      for c in members[a] {
        out[c] = population * (byRoad ? candidates.meters[c] : weights[c]) / sum
        isSettled[c] = true
      }
      figures += population
      byWeight += byRoad ? 0 : sum
    }
    let ratio = byWeight > 0 ? figures / byWeight : 1
    for c in out.indices where !isSettled[c] { out[c] *= ratio }
    return (out, true)
  }

  /// Adds people along streets without buildings, where most streets have none: then the houses were
  /// not drawn rather than not built.
  private func completed(
    _ weights: [Double], _ byRoad: [Double], _ candidates: AccessCandidates,
    _ diagnostics: inout Diagnostics
  ) -> [Double] {
    let cover = cover(candidates)
    guard cover < Self.leastCover else { return weights }
    let percent = Int((cover * 100).rounded())
    diagnostics.note(
      "people-from-roads",
      "buildings are drawn near \(percent) % of the streets only; elsewhere a resident is assumed"
        + " for every \(Int(Self.metersPerResident)) m of street and direction, and what draws them"
    )
    return weights.indices.map { isCovered[$0] ? weights[$0] : max(weights[$0], byRoad[$0]) }
  }

  /// Share of the length of streets that has buildings nearby; 1 without streets.
  private func cover(_ candidates: AccessCandidates) -> Double {
    let length = candidates.meters.reduce(0, +)
    let covered = zip(candidates.meters, isCovered).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
    return length > 0 ? covered / length : 1
  }

  /// The pull on every purpose, with a stand-in where the city shows nothing for one: work for the
  /// others, and people or else length of road for work. Where most streets have no buildings, the
  /// few shops that are drawn are not all there are: those who live along the others have theirs
  /// nearby.
  func completeAttraction(people: [Double], candidates: AccessCandidates) -> [[Double]] {
    var out = attraction
    if cover(candidates) < Self.leastCover, out.contains(where: { $0.contains { $0 > 0 } }) {
      for purpose in TripPurpose.allCases where purpose != .home {
        let each = ActivityRates.pullPerResident(purpose)
        for c in people.indices where !isCovered[c] {
          out[Int(purpose.rawValue)][c] += people[c] * each
        }
      }
    }
    let hasPull = out.map { $0.contains { $0 > 0 } }
    let work = Int(TripPurpose.work.rawValue)
    if !hasPull[work] {
      out[work] = people.contains { $0 > 0 } ? people : candidates.meters
    }
    for purpose in out.indices where !hasPull[purpose] && purpose != work {
      out[purpose] = out[work]
    }
    out[Int(TripPurpose.home.rawValue)] =
      people.contains { $0 > 0 } ? people : candidates.meters
    return out
  }
}
