import CityBase

/// Balances the matrices of all purposes for one beta after another.
struct GravitySolver {
  let count: Int
  let purposeShares: [Double]
  /// Impedance of each pair, in minutes or kilometres; infinite where it exchanges no trips.
  let impedance: [Double]
  let meters: [Double]
  /// Where trips of each purpose start and end; each sums to 1.
  let productions: [[Double]]
  let attractions: [[Double]]
  private var deterrence: [Double]
  private(set) var matrices: [[Double]] = []

  /// `originShares` say, by purpose, where those come from who are on their way home.
  init(
    zones: ZoneSystem, skim: ZoneSkim, settings: GravitySettings, purposeShares: [Double],
    originShares: [Double]
  ) {
    let n = zones.count
    count = n
    self.purposeShares = purposeShares
    meters = skim.meters
    let costs =
      settings.impedance == .travelTime
      ? skim.seconds.map { $0 / 60 } : skim.meters.map { $0 / 1000 }
    impedance = costs.indices.map { k in
      let usable = costs[k].isFinite && skim.meters[k].isFinite && costs[k] >= 0
      return usable && skim.meters[k] >= settings.minimumDistanceMeters ? costs[k] : .infinity
    }
    let homes = Self.normalized(zones.zones.values.map(\.population), zones)
    let pulls = TripPurpose.allCases.map { purpose in
      Self.normalized(zones.zones.values.map { $0.attraction(for: purpose) }, zones)
    }
    // The way home starts from wherever the other purposes led.
    let away = (0..<n).map { z in
      TripPurpose.allCases.reduce(0.0) {
        $1 == .home ? $0 : $0 + pulls[Int($1.rawValue)][z] * originShares[Int($1.rawValue)]
      }
    }
    let work = pulls[Int(TripPurpose.work.rawValue)]
    let startsAtWork = settings.pattern.businessStartsAtWork
    productions = TripPurpose.allCases.map { purpose in
      switch purpose {
      case .home: Self.normalized(away, zones)
      case .business: startsAtWork ? work : homes
      default: homes
      }
    }
    attractions = TripPurpose.allCases.map { $0 == .home ? homes : pulls[Int($0.rawValue)] }
    deterrence = Array(repeating: 0, count: n * n)
  }

  /// Shares of the sum; of the access points where there is nothing to share.
  private static func normalized(_ weights: [Double], _ zones: ZoneSystem) -> [Double] {
    let sum = weights.reduce(0, +)
    if sum > 0, sum.isFinite { return weights.map { $0 / sum } }
    let points = zones.zones.values.map { Double($0.accessPoints.count) }
    let all = points.reduce(0, +)
    return points.map { $0 / max(1, all) }
  }

  var hasPairs: Bool { impedance.contains { $0.isFinite } }

  /// Balances all purposes and returns the mean length of their trips in metres.
  mutating func balance(beta: Double, iterations: Int) -> Double {
    // Relative to the cheapest pair of its row, which changes nothing after balancing but keeps a
    // whole row from sinking to 0.
    for i in 0..<count {
      let row = (i * count)..<(i * count + count)
      let least = impedance[row].min() ?? 0
      for k in row {
        deterrence[k] =
          impedance[k].isFinite ? PortableMath.exp(-beta * (impedance[k] - least)) : 0
      }
    }
    matrices = []
    var length = 0.0
    var share = 0.0
    for p in purposeShares.indices {
      guard purposeShares[p] > 0 else {
        matrices.append([])
        continue
      }
      var matrix = Furness.balanced(
        seed: deterrence, rowTotals: productions[p], columnTotals: attractions[p],
        iterations: iterations)
      let sum = matrix.reduce(0, +)
      guard sum > 0, sum.isFinite else {
        matrices.append([])
        continue
      }
      var mean = 0.0
      for k in matrix.indices where matrix[k] > 0 {
        matrix[k] /= sum
        mean += matrix[k] * meters[k]
      }
      matrices.append(matrix)
      length += mean * purposeShares[p]
      share += purposeShares[p]
    }
    return share > 0 ? length / share : 0
  }

  /// The beta at which the mean length of trips is the target: the length falls as beta grows, so
  /// it is found by doubling and halving an interval, to a thousandth of the target. 0 where even
  /// then trips are too short; the last one tried where they stay too long.
  mutating func calibrate(to target: Double, iterations: Int) -> Double {
    var low = 0.0
    var high = 0.05
    guard balance(beta: low, iterations: iterations) > target else { return 0 }
    while high < 100 {
      let mean = balance(beta: high, iterations: iterations)
      if abs(mean - target) < 0.001 * target { return high }
      if mean < target { break }
      low = high
      high *= 2
    }
    for _ in 0..<20 {
      let mid = (low + high) / 2
      let mean = balance(beta: mid, iterations: iterations)
      if abs(mean - target) < 0.001 * target { return mid }
      if mean > target { low = mid } else { high = mid }
    }
    return (low + high) / 2
  }
}
