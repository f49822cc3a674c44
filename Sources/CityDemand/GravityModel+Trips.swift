import CityBase

extension GravityModel {
  /// Draws the trips of the model, in the order of departure.
  ///
  /// Trip number k is named `PREFIX-k` (`PREFIX-in-k`, `-out-k` or `-through-k` over the edge of the
  /// city), and all its choices (relation, purpose, departure, zones, access points) are draws of
  /// its own: more trips leave the first ones as they are, and another model changes a trip only
  /// where its draw falls elsewhere.
  public func trips(random: RandomStream) -> [Trip] {
    let n = zones.count
    let purposes = WeightedChoice(
      purposeShares.indices.map { matrices[$0].isEmpty ? 0 : purposeShares[$0] })
    let origins = matrices.map { matrix in
      WeightedChoice(
        matrix.isEmpty ? [] : (0..<n).map { i in matrix[(i * n)..<(i * n + n)].reduce(0, +) })
    }
    var rows: [WeightedChoice?] = Array(repeating: nil, count: matrices.count * n)
    var overEdge = EdgeDraws(self)
    var out: [Trip] = []
    out.reserveCapacity(tripCount)
    for k in 0..<tripCount {
      let name = "\(settings.prefix)-\(k + 1)"
      let key = StableHash.of(name)
      if let relation = overEdge?.relation(key, random), relation != .internal {
        if let trip = overEdge?.trip(k + 1, key, relation, random) { out.append(trip) }
        continue
      }
      guard let p = purposes.pick(random.unit(.tripPurpose, key)), let profile = profiles[p],
        let i = origins[p].pick(random.unit(.originZone, key))
      else { continue }
      let row = rows[p * n + i] ?? WeightedChoice(matrices[p][(i * n)..<(i * n + n)])
      rows[p * n + i] = row
      guard let j = row.pick(random.unit(.destinationZone, key)) else { continue }
      let purpose = TripPurpose.allCases[p]
      guard let trip = trip(name, key, purpose, from: i, to: j, profile, random) else { continue }
      out.append(trip)
    }
    return out.inDepartureOrder()
  }

  private func trip(
    _ name: String, _ key: UInt64, _ purpose: TripPurpose, from i: Int, to j: Int,
    _ profile: DepartureProfile, _ random: RandomStream
  ) -> Trip? {
    let origin = zones.zones[ZoneID(i)]
    let destination = zones.zones[ZoneID(j)]
    guard
      let place = AccessDraw.places(
        from: origin, to: destination, originEnd: startsAway(purpose) ? .activity : .home,
        destinationEnd: purpose == .home ? .home : .activity, key: key, random: random,
        minimumMeters: settings.minimumDistanceMeters / ZoneSkim.detour)
    else { return nil }
    return Trip(
      name: name, departureMilliseconds: profile.milliseconds(at: random.unit(.departureTime, key)),
      origin: origin.accessPoints[place.origin],
      destination: destination.accessPoints[place.destination], purpose: purpose)
  }

  /// Whether trips of a purpose set out from where people work, shop or learn.
  func startsAway(_ purpose: TripPurpose) -> Bool {
    purpose == .home || purpose == .business && settings.pattern.businessStartsAtWork
  }
}
