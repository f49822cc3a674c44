import CityBase
import CityNetwork

/// A square grid of streets for tests: `size` by `size` crossings, with a dead-end stub of one
/// spacing beyond every outer crossing, where trips can begin and end.
public struct GridNetwork {
  /// Crossings a side, 1 or more.
  public var size: Int
  /// Metres between crossings.
  public var spacing: Double
  /// Lanes in each direction.
  public var lanes: Int
  public var isSignalised: Bool
  public var drivesOnRight: Bool
  public var roadClass: RoadClass
  /// Metres per second.
  public var speedLimit: Double

  public init(
    size: Int = 4, spacing: Double = 200, lanes: Int = 1, isSignalised: Bool = true,
    drivesOnRight: Bool = true, roadClass: RoadClass = .secondary, speedLimit: Double = 50 / 3.6
  ) {
    self.size = size
    self.spacing = spacing
    self.lanes = lanes
    self.isSignalised = isSignalised
    self.drivesOnRight = drivesOnRight
    self.roadClass = roadClass
    self.speedLimit = speedLimit
  }

  /// The streets as a source: nodes in rows from the south, a way for each street.
  public var source: RoadSource {
    var source = RoadSource()
    source.drivesOnRight = drivesOnRight
    let side = size + 2
    for row in 0..<side {
      for column in 0..<side {
        let isCrossing = 1...size ~= row && 1...size ~= column
        source.nodes.append(
          RoadSource.Node(
            position: Point2(Double(column) * spacing, Double(row) * spacing),
            control: isCrossing && isSignalised ? .signals : .none,
            externalID: Int64(row * side + column)))
      }
    }
    for i in 1...max(1, size) {
      let eastward = (0..<side).map { Int32(i * side + $0) }
      let northward = (0..<side).map { Int32($0 * side + i) }
      for (name, nodes) in [("row-\(i)", eastward), ("column-\(i)", northward)] {
        source.ways.append(
          RoadSource.Way(
            externalID: name, name: name, nodes: nodes, roadClass: roadClass,
            forwardLanes: lanes, backwardLanes: lanes, speedLimit: speedLimit))
      }
    }
    return source
  }

  /// The built network.
  public func build() -> RoadNetwork {
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }
}
