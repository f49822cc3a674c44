import CityBase

extension Array where Element == Trip {
  /// In the order that trip ids count in: by departure, then by name.
  public func inDepartureOrder() -> [Trip] {
    let goesBefore: (Trip, Trip) -> Bool = {
      $0.departureMilliseconds != $1.departureMilliseconds
        ? $0.departureMilliseconds < $1.departureMilliseconds : $0.name < $1.name
    }
    // Most tables are in this order already.
    let isInOrder = indices.dropFirst().allSatisfy {
      self[$0 - 1].departureMilliseconds < self[$0].departureMilliseconds
        || !goesBefore(self[$0], self[$0 - 1])
    }
    return isInOrder ? self : sorted(by: goesBefore)
  }
}

/// The ways to draw where within a zone a trip begins or ends.
enum AccessDraw {
  /// Places of origin and destination for the trip with this key.
  ///
  /// Both are drawn again, up to 16 times in all, while they are the same place or nearer to each
  /// other than `minimumMeters` as the crow flies; after that the farthest try stands.
  static func places(
    from origin: Zone, to destination: Zone, originEnd: TripEnd, destinationEnd: TripEnd,
    key: UInt64, random: RandomStream, minimumMeters: Double = 0
  ) -> (origin: Int, destination: Int)? {
    var best: (origin: Int, destination: Int)?
    var bestDistance = -1.0
    for attempt in 0..<UInt64(16) {
      let u = random.unit(.accessPoint, key, attempt * 2)
      let v = random.unit(.accessPoint, key, attempt * 2 + 1)
      guard let a = origin.accessPoint(u, at: originEnd),
        let b = destination.accessPoint(v, at: destinationEnd)
      else { return nil }
      let d = origin.accessPositions[a].distance(to: destination.accessPositions[b])
      if d > bestDistance { (best, bestDistance) = ((a, b), d) }
      if d >= minimumMeters && d > 0 { break }
    }
    return best
  }
}
