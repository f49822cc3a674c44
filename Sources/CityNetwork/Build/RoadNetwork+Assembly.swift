import CityBase

extension RoadNetwork {
  /// Lists the links that leave each junction, ascending, once all links are there.
  mutating func indexDepartures() {
    var next = [Int32](repeating: 0, count: junctionCount + 1)
    for j in linkFrom.values { next[j.index + 1] += 1 }
    for j in 0..<junctionCount { next[j + 1] += next[j] }
    junctionFirstDeparture = next
    departureLinks = Array(repeating: .none, count: linkCount)
    for l in 0..<linkCount {
      let j = linkFrom[LinkID(l)].index
      departureLinks[Int(next[j])] = LinkID(l)
      next[j] += 1
    }
  }
}
