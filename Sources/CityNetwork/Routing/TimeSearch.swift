import CityBase

/// Travel times between one place and many over fixed costs, one search for all of them.
public struct TimeSearch: Sendable {
  private let costs: [Int32]
  private var paths: ShortestPaths
  /// Made when first asked for.
  private var forward: WheelSearch?
  private var backward: WheelSearch?

  /// Over `costs` in milliseconds by link, one for each link of the network of `paths`.
  public init(_ paths: ShortestPaths, costs: [Int32]) {
    self.paths = paths
    self.costs = costs
  }

  /// Milliseconds from one place to each of some; nil where no way leads.
  public mutating func milliseconds(from origin: AccessPoint, to places: [AccessPoint]) -> [Int64?]
  {
    guard !places.isEmpty, isKnown(origin) else { return places.map { _ in nil } }
    var wheel = forward ?? paths.wheel(costs: costs, isBackward: false)
    // Only one holds it while it searches, so that it is not copied.
    forward = nil
    let labels = Self.labels(&wheel, from: origin.link, to: places.map(\.link))
    forward = wheel
    return zip(places, labels).map { time(from: origin, to: $0, label: $1) }
  }

  /// Milliseconds from each of some places to one; nil where no way leads.
  public mutating func milliseconds(from places: [AccessPoint], to destination: AccessPoint)
    -> [Int64?]
  {
    guard !places.isEmpty, isKnown(destination), costs[destination.link.index] != LinkCosts.closed
    else { return places.map { _ in nil } }
    var wheel = backward ?? paths.wheel(costs: costs, isBackward: true)
    backward = nil
    let labels = Self.labels(&wheel, from: destination.link, to: places.map(\.link))
    backward = wheel
    return zip(places, labels).map { time(from: $0, to: destination, label: $1) }
  }

  private func isKnown(_ place: AccessPoint) -> Bool { costs.indices.contains(place.link.index) }

  /// By link sought, the label that a search from a link gives it.
  private static func labels(_ wheel: inout WheelSearch, from start: LinkID, to links: [LinkID])
    -> [UInt32]
  {
    let count = wheel.withNodes { $0.count }
    _ = wheel.run(
      from: start.index, reaching: links.filter { $0 != start && 0..<count ~= $0.index })
    return wheel.withNodes { nodes in
      links.map { nodes.indices.contains($0.index) ? nodes[$0.index].label : .max }
    }
  }

  /// The label is the time from the end of the first link to the end of the last.
  private mutating func time(from origin: AccessPoint, to place: AccessPoint, label: UInt32)
    -> Int64?
  {
    guard isKnown(origin), isKnown(place) else { return nil }
    if origin.link == place.link {
      if place.offset >= origin.offset { return max(0, rest(origin) - rest(place)) }
      // Behind on the same link: once round the block.
      return paths.route(from: origin, to: place, costs: costs).map { links in
        links.dropFirst().reduce(rest(origin) - rest(place)) { $0 + Int64(costs[$1.index]) }
      }
    }
    guard label != WheelSearch.unreached else { return nil }
    return max(0, rest(origin) + Int64(label) - rest(place))
  }

  /// Milliseconds from a place to the end of its link.
  private func rest(_ place: AccessPoint) -> Int64 { paths.remainder(of: place, costs) }
}
