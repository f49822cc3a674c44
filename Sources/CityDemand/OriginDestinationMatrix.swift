import CityBase

/// Numbers of trips between pairs of zones; they need not be whole.
public struct OriginDestinationMatrix: Sendable {
  public struct Cell: Sendable, Hashable {
    public var origin: ZoneID
    public var destination: ZoneID
    /// 0 or more.
    public var trips: Double
    public init(origin: ZoneID, destination: ZoneID, trips: Double) {
      self.origin = origin
      self.destination = destination
      self.trips = trips
    }
  }

  /// Sorted by origin, then destination; each pair once.
  public private(set) var cells: [Cell]

  /// More trips than this are refused, for all pairs together.
  public static let tripLimit = 20_000_000.0

  /// Pairs that come more than once are added up; numbers that are not finite or below 0 count as 0.
  public init(_ cells: [Cell]) {
    var sorted: [Cell] = []
    let order = cells.indices.sorted { a, b in
      let (x, y) = (cells[a], cells[b])
      if x.origin != y.origin { return x.origin < y.origin }
      return x.destination != y.destination ? x.destination < y.destination : a < b
    }
    for i in order {
      var cell = cells[i]
      if !(cell.trips > 0) || !cell.trips.isFinite { cell.trips = 0 }
      if let last = sorted.last, last.origin == cell.origin, last.destination == cell.destination {
        sorted[sorted.count - 1].trips += cell.trips
      } else {
        sorted.append(cell)
      }
    }
    self.cells = sorted
  }

  /// Trips of all pairs.
  public var total: Double { cells.reduce(0) { $0 + $1.trips } }

  /// Makes single trips of the matrix, in the order of departure.
  ///
  /// A pair's number times `scale` is rounded up or down at random so that the mean is right, by a
  /// draw of the pair's own. Trips are named `PREFIX-ORIGIN-DESTINATION-NUMBER`; departure and access
  /// points hang on that name alone (trips home begin where people work, shop or learn), so more trips for one pair change no other trip. Throws where
  /// the matrix has more than `tripLimit` trips.
  public func trips(
    zones: ZoneSystem, profile: DepartureProfile, random: RandomStream, scale: Double = 1,
    purpose: TripPurpose = .other, prefix: String = "od"
  ) throws(CityError) -> [Trip] {
    guard scale.isFinite, scale >= 0 else {
      throw .refused("expected a scale of 0 or more for the matrix, found \(scale)")
    }
    guard total * scale <= Self.tripLimit else {
      throw .refused("the matrix has \(total * scale) trips, more than \(Int(Self.tripLimit))")
    }
    var out: [Trip] = []
    let known = 0..<zones.count
    for cell in cells
    where known.contains(cell.origin.index) && known.contains(cell.destination.index) {
      let (from, to) = (zones.zones[cell.origin], zones.zones[cell.destination])
      let pair = "\(prefix)-\(from.externalID)-\(to.externalID)"
      let count = Self.whole(cell.trips * scale, random.unit(.sampling, StableHash.of(pair)))
      for k in 0..<count {
        let name = "\(pair)-\(k + 1)"
        let key = StableHash.of(name)
        guard
          let place = AccessDraw.places(
            from: from, to: to, originEnd: purpose == .home ? .activity : .home,
            destinationEnd: purpose == .home ? .home : .activity, key: key, random: random)
        else { continue }
        out.append(
          Trip(
            name: name,
            departureMilliseconds: profile.milliseconds(at: random.unit(.departureTime, key)),
            origin: from.accessPoints[place.origin],
            destination: to.accessPoints[place.destination], purpose: purpose))
      }
    }
    return out.inDepartureOrder()
  }

  /// `value` rounded up with a probability of its fraction.
  static func whole(_ value: Double, _ unit: Double) -> Int {
    let down = value.rounded(.down)
    guard let whole = Int(exactly: down), whole >= 0 else { return 0 }
    return whole + (unit < value - down ? 1 : 0)
  }
}
