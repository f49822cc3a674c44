import CityBase
import CityModel

/// Makes a road source of a city's plain road layer, for cities without a network file.
///
/// A plain layer has lines and no nodes: points within 10 cm of each other are one node, and the end
/// of a line that lies on another line (to half a metre) is joined to it. Standard fields come
/// through the layer's field map; what a road does not say is filled in by its class.
public enum RoadLayerReader {
  /// Reads the roads of a city. Signals of its signal layer go to the nearest node within 30 m
  /// where roads meet.
  public static func read(_ map: CityMap, diagnostics: inout Diagnostics) -> RoadSource {
    var lines: [RoadLine] = []
    for id in map.roads.ids {
      let road = map.roads[id]
      let parts = map.roads.shapes.parts(of: id)
      for part in parts {
        let name =
          parts.count == 1 ? road.externalID : "\(road.externalID).\(part - parts.lowerBound)"
        lines.append(
          RoadLine(
            road, externalID: name, points: Array(map.roads.shapes.points(ofPart: part))))
      }
    }
    let signals: [Point2] = map.signals.ids.map { map.signals[$0].position }
    var source = read(lines, signals: signals, diagnostics: &diagnostics)
    source.drivesOnRight = map.drivesOnRight
    source.allowsTurnOnRed = map.allowsTurnOnRed
    return source
  }

  /// The same from lines at hand.
  static func read(
    _ lines: [RoadLine], signals: [Point2], diagnostics: inout Diagnostics
  ) -> RoadSource {
    var source = RoadSource()
    var nodes = NodeJoiner()
    for line in lines { source.ways.append(line.way(nodes.nodes(of: line.points), &diagnostics)) }
    let joined = nodes.joinEnds(&source.ways)
    if joined > 0 {
      diagnostics.note(
        "road-ends-joined", "\(joined) road ends lie on another road; joined to it there")
    }
    source.nodes = nodes.positions.enumerated().map {
      RoadSource.Node(position: $0.element, externalID: Int64($0.offset))
    }
    placeSignals(signals, &source, &diagnostics)
    return source
  }

  private static func placeSignals(
    _ signals: [Point2], _ source: inout RoadSource, _ diagnostics: inout Diagnostics
  ) {
    guard !signals.isEmpty else { return }
    var uses = [Int32](repeating: 0, count: source.nodes.count)
    for way in source.ways {
      for (i, n) in way.nodes.enumerated() {
        uses[Int(n)] += i == 0 || i == way.nodes.count - 1 ? 1 : 2
      }
    }
    let index = PointIndex(source.nodes.map(\.position)) { uses[$0] > 2 }
    var lost = 0
    for p in signals {
      if let n = index.nearest(to: p, maxDistance: 30) {
        source.nodes[n].control = .signals
      } else {
        lost += 1
      }
    }
    if lost > 0 {
      diagnostics.note(
        "signal-dropped", "\(lost) signals stand away from any intersection; left out")
    }
  }
}
