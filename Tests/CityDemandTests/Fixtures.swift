import CityBase
import CityNetwork

@testable import CityDemand

/// Zones without a network: a lattice of `side` * `side`, 1 km apart, with four access points each
/// on made-up links.
func latticeZones(
  _ side: Int, population: (Int) -> Double = { _ in 100 },
  attraction: (Int) -> Double = { _ in 100 }
) -> [Zone] {
  (0..<(side * side)).map { z in
    let center = Point2(Double(z % side) * 1000, Double(z / side) * 1000)
    let positions = [Point2(-100, 0), Point2(100, 0), Point2(0, -100), Point2(0, 100)]
      .map { center + $0 }
    return Zone(
      externalID: "z\(z)", name: "Zone \(z)", center: center, area: 1e6,
      population: population(z), attraction: TripPurpose.allCases.map { _ in attraction(z) },
      accessPoints: (0..<4).map { AccessPoint(link: LinkID(z * 4 + $0), offset: 30) },
      accessPositions: positions, representative: 0,
      homeChoice: WeightedChoice([1.0, 1, 1, 1]), activityChoice: WeightedChoice([1.0, 2, 3, 4]))
  }
}

/// What the choices of a trip come to, for comparing.
struct Choices: Equatable {
  var departure: Int64
  var origin: AccessPoint
  var destination: AccessPoint
  var purpose: TripPurpose
}

extension Array where Element == Trip {
  var byName: [String: Choices] {
    var out: [String: Choices] = [:]
    for t in self {
      out[t.name] = Choices(
        departure: t.departureMilliseconds, origin: t.origin, destination: t.destination,
        purpose: t.purpose)
    }
    return out
  }
}
