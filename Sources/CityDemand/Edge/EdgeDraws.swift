import CityBase
import CityNetwork

/// Draws trips over the edge of the city for a gravity model. Choices are made when first asked for.
struct EdgeDraws {
  private let model: GravityModel
  private let edge: EdgeTraffic
  private let relations: WeightedChoice
  private let purposes: WeightedChoice
  private let arriving: WeightedChoice
  private let leaving: WeightedChoice
  private let entering: WeightedChoice
  private var exits: [WeightedChoice?]
  private var zoneChoices: [Int: WeightedChoice] = [:]

  /// Trips over the edge are longer than those within: impedance counts half for them (this engine's
  /// round figure).
  static let impedanceShare = 0.5

  init?(_ model: GravityModel) {
    guard let edge = model.edge else { return nil }
    self.model = model
    self.edge = edge
    relations = WeightedChoice(model.relationWeights)
    purposes = WeightedChoice(model.purposeShares)
    arriving = WeightedChoice(edge.arriving)
    leaving = WeightedChoice(edge.leaving)
    let columns = edge.outbound.count
    entering = WeightedChoice(
      edge.inbound.indices.map { i in
        (0..<columns).reduce(0) { $0 + edge.through[i * columns + $1] }
      })
    exits = Array(repeating: nil, count: edge.inbound.count)
  }

  /// How trip number k stands to the edge; internal where nothing else can be drawn.
  func relation(_ key: UInt64, _ random: RandomStream) -> TripRelation {
    relations.pick(random.unit(.tripPurpose, key, 1)).flatMap { TripRelation(rawValue: UInt8($0)) }
      ?? .internal
  }

  /// The trip with this number's key; nil where the draw falls on nothing.
  mutating func trip(
    _ number: Int, _ key: UInt64, _ relation: TripRelation, _ random: RandomStream
  ) -> Trip? {
    guard let p = purposes.pick(random.unit(.tripPurpose, key)), let profile = model.profiles[p]
    else { return nil }
    let purpose = TripPurpose.allCases[p]
    let word: String
    let ends: (from: AccessPoint, to: AccessPoint)?
    switch relation {
    case .internal: return nil
    case .inbound:
      word = "in"
      ends = comingIn(purpose, key, random)
    case .outbound:
      word = "out"
      ends = goingOut(purpose, key, random)
    case .through:
      word = "through"
      ends = passing(key, random)
    }
    guard let ends else { return nil }
    return Trip(
      name: "\(model.settings.prefix)-\(word)-\(number)",
      departureMilliseconds: profile.milliseconds(at: random.unit(.departureTime, key)),
      origin: ends.from, destination: ends.to, purpose: purpose, relation: relation)
  }

  private mutating func comingIn(_ purpose: TripPurpose, _ key: UInt64, _ random: RandomStream)
    -> (AccessPoint, AccessPoint)?
  {
    guard let g = arriving.pick(random.unit(.originZone, key)),
      let z = zone(gate: g, isInbound: true, purpose, random.unit(.destinationZone, key)),
      let to = point(z, at: purpose == .home ? .home : .activity, key, random)
    else { return nil }
    return (edge.inPlaces[g], to)
  }

  private mutating func goingOut(_ purpose: TripPurpose, _ key: UInt64, _ random: RandomStream)
    -> (AccessPoint, AccessPoint)?
  {
    guard let g = leaving.pick(random.unit(.destinationZone, key)),
      let z = zone(gate: g, isInbound: false, purpose, random.unit(.originZone, key)),
      let from = point(z, at: model.startsAway(purpose) ? .activity : .home, key, random)
    else { return nil }
    return (from, edge.outPlaces[g])
  }

  private mutating func passing(_ key: UInt64, _ random: RandomStream)
    -> (AccessPoint, AccessPoint)?
  {
    guard let g = entering.pick(random.unit(.originZone, key)) else { return nil }
    let columns = edge.outbound.count
    let exit = exits[g] ?? WeightedChoice(edge.through[(g * columns)..<(g * columns + columns)])
    exits[g] = exit
    guard let o = exit.pick(random.unit(.destinationZone, key)) else { return nil }
    return (edge.inPlaces[g], edge.outPlaces[o])
  }

  private func point(_ z: Int, at end: TripEnd, _ key: UInt64, _ random: RandomStream)
    -> AccessPoint?
  {
    let zone = model.zones.zones[ZoneID(z)]
    return zone.accessPoint(random.unit(.accessPoint, key), at: end).map { zone.accessPoints[$0] }
  }

  /// The zone where a trip over a gate begins or ends: by what is there, and how far it is.
  private mutating func zone(gate: Int, isInbound: Bool, _ purpose: TripPurpose, _ unit: Double)
    -> Int?
  {
    let kinds = TripPurpose.allCases.count
    let key = (gate * kinds + Int(purpose.rawValue)) * 2 + (isInbound ? 1 : 0)
    if let known = zoneChoices[key] { return known.pick(unit) }
    let n = model.zones.count
    let seconds = (isInbound ? edge.secondsIn : edge.secondsOut)[(gate * n)..<(gate * n + n)]
    let ends = isInbound ? model.destinationWeights(purpose) : model.originWeights(purpose)
    let least = seconds.min() ?? 0
    let choice = WeightedChoice(
      zip(ends, seconds).map { weight, time -> Double in
        guard time.isFinite else { return 0 }
        // A model by distance is taken at 30 km/h: two minutes for a kilometre.
        let per = model.settings.impedance == .travelTime ? 1.0 : 0.5
        let beta = model.beta * Self.impedanceShare * per
        return weight * PortableMath.exp(-beta * (time - least) / 60)
      })
    zoneChoices[key] = choice
    return choice.pick(unit)
  }
}

extension GravityModel {
  /// Vehicles an hour by relation, in the order of `TripRelation`; without an edge all stay inside.
  public var relationWeights: [Double] {
    guard let edge else { return [1, 0, 0, 0] }
    let all = edge.totals
    // Gates are counted in the busiest hour of the day.
    let hour = edgeHourShare
    return [internalVehiclesPerHour, all.inbound * hour, all.outbound * hour, all.through * hour]
  }
}
