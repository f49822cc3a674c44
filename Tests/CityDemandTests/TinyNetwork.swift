import CityBase
import CityNetwork

/// A road network made by hand: one-lane links along straight lines, connectors of 10 m at 5 m/s.
struct TinyNetwork {
  struct Road {
    var from: Int
    var to: Int
    var roadClass = RoadClass.residential
    var isBridge = false
    var isTunnel = false
  }

  /// Two-way roads between points, each link named `FROM>TO` by the numbers of its ends.
  static func build(_ points: [Point2], _ twoWay: [Road], oneWay: [Road] = []) -> RoadNetwork {
    var roads = oneWay
    for road in twoWay {
      roads.append(road)
      var back = road
      (back.from, back.to) = (road.to, road.from)
      roads.append(back)
    }
    roads.sort { ($0.to, $0.from) < ($1.to, $1.from) }
    var n = RoadNetwork()
    for p in points {
      n.junctionPosition.append(p)
      n.junctionControl.append(.priority)
      n.junctionSignal.append(.none)
      n.junctionExternalID.append("\(n.junctionCount - 1)")
    }
    for (l, road) in roads.enumerated() { add(road, l, roads, points, to: &n) }
    for j in points.indices { connect(j, roads, &n) }
    n.laneFirstConnector.append(Int32(n.connectorCount))
    return n
  }

  private static func add(
    _ road: Road, _ l: Int, _ roads: [Road], _ points: [Point2], to n: inout RoadNetwork
  ) {
    let (a, b) = (points[road.from], points[road.to])
    n.linkFrom.append(JunctionID(road.from))
    n.linkTo.append(JunctionID(road.to))
    n.linkFirstLane.append(Int32(l + 1))
    n.linkLength.append(Float(a.distance(to: b)))
    n.linkSpeedLimit.append(10)
    n.linkClass.append(road.roadClass)
    n.linkAccess.append(.all)
    n.linkName.append("")
    n.linkExternalID.append("\(road.from)>\(road.to)")
    let reverse = roads.firstIndex { $0.from == road.to && $0.to == road.from }
    n.linkReverse.append(reverse.map { LinkID($0) } ?? .none)
    n.linkIsBridge.append(road.isBridge)
    n.linkIsTunnel.append(road.isTunnel)
    n.linkIsRoundabout.append(false)
    n.linkPoints += [a, b]
    n.linkFirstPoint.append(Int32(n.linkPoints.count))
    n.laneLink.append(LinkID(l))
    n.laneWidth.append(3.5)
    n.laneLength.append(n.linkLength[LinkID(l)])
    n.laneSpeed.append(10)
  }

  /// Every approach of a junction into every departure, back only where there is no other way.
  private static func connect(_ j: Int, _ roads: [Road], _ n: inout RoadNetwork) {
    let departures = roads.indices.filter { roads[$0].from == j }
    n.departureLinks += departures.map { LinkID($0) }
    n.junctionFirstDeparture.append(Int32(n.departureLinks.count))
    let approaches = roads.indices.filter { roads[$0].to == j }
    n.junctionFirstApproach.append(Int32(approaches.last.map { $0 + 1 } ?? 0))
    if approaches.isEmpty {
      n.junctionFirstApproach[j + 1] = n.junctionFirstApproach[j]
    }
    for l in approaches {
      if l > 0 { n.laneFirstConnector.append(Int32(n.connectorCount)) }
      let onward = departures.filter { roads[$0].to != roads[l].from }
      for next in onward.isEmpty ? departures : onward {
        n.connectorFrom.append(LaneID(l))
        n.connectorTo.append(LaneID(next))
        n.connectorTurn.append(.through)
        n.connectorGroup.append(-1)
        n.connectorRank.append(0)
        n.connectorPoints += [n.junctionPosition[JunctionID(j)], n.junctionPosition[JunctionID(j)]]
        n.connectorFirstPoint.append(Int32(n.connectorPoints.count))
        n.connectorFirstConflict.append(0)
        n.laneLength.append(10)
        n.laneSpeed.append(5)
      }
    }
    n.junctionFirstConnector.append(Int32(n.connectorCount))
  }

  /// `side` * `side` junctions, 200 m apart, named row by row.
  static func grid(_ side: Int) -> RoadNetwork {
    var points: [Point2] = []
    var roads: [Road] = []
    for y in 0..<side {
      for x in 0..<side {
        points.append(Point2(Double(x) * 200, Double(y) * 200))
        let j = y * side + x
        if x + 1 < side { roads.append(Road(from: j, to: j + 1)) }
        if y + 1 < side { roads.append(Road(from: j, to: j + side)) }
      }
    }
    return build(points, roads)
  }

  /// Junctions 0, 1, 2 at x = 0, 200, 400.
  static func line() -> RoadNetwork {
    build(
      [Point2(0, 0), Point2(200, 0), Point2(400, 0)],
      [Road(from: 0, to: 1), Road(from: 1, to: 2)])
  }
}

extension RoadNetwork {
  /// The link with an external id; none where there is no such link.
  func link(_ name: String) -> LinkID {
    linkExternalID.values.firstIndex(of: name).map { LinkID($0) } ?? .none
  }
}
