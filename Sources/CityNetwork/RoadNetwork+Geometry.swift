import CityBase

extension RoadNetwork {
  /// Where a place on a lane or connector is: the point in metres of the working CRS, and the
  /// direction of travel there (length 1).
  ///
  /// `offset` is in metres from the start of the lane, held within it. Nothing is allocated.
  public func lanePosition(_ lane: LaneID, _ offset: Float) -> (point: Point2, direction: Point2) {
    let connector = connector(of: lane)
    if connector.isSome {
      let lower = Int(connectorFirstPoint[connector.index])
      let upper = Int(connectorFirstPoint[connector.index + 1])
      return Self.locate(connectorPoints, lower, upper, Double(offset))
    }
    let link = laneLink[lane]
    let place = Self.locate(
      linkPoints, Int(linkFirstPoint[link.index]), Int(linkFirstPoint[link.index + 1]),
      Double(offset))
    let left = lateralOffset(of: lane)
    return (place.point + place.direction.leftNormal * left, place.direction)
  }

  /// Where a place on a link's centreline is, and the direction of travel there.
  public func linkPosition(_ link: LinkID, _ offset: Float) -> (point: Point2, direction: Point2) {
    Self.locate(
      linkPoints, Int(linkFirstPoint[link.index]), Int(linkFirstPoint[link.index + 1]),
      Double(offset))
  }

  /// How far to the left of its link's centreline a road lane runs, in metres (negative: right).
  public func lateralOffset(of lane: LaneID) -> Double {
    let link = laneLink[lane]
    let first = Int(linkFirstLane[link.index])
    let last = Int(linkFirstLane[link.index + 1]) - 1
    // All lanes of a link have one width.
    let fromKerb = Double(2 * lane.index - first - last) / 2 * Double(laneWidth[lane])
    return drivesOnRight ? fromKerb : -fromKerb
  }

  /// The centreline of a road lane: the link's, moved to the side.
  public func lanePoints(_ lane: LaneID) -> [Point2] {
    let connector = connector(of: lane)
    if connector.isSome { return Array(points(of: connector)) }
    return Polyline.offset(Array(points(of: laneLink[lane])), left: lateralOffset(of: lane))
  }

  private static func locate(_ points: [Point2], _ lower: Int, _ upper: Int, _ distance: Double)
    -> (point: Point2, direction: Point2)
  {
    guard lower < upper else { return (Point2(0, 0), Point2(1, 0)) }
    var left = max(0, distance)
    var direction = Point2(1, 0)
    var i = lower
    while i + 1 < upper {
      let a = points[i]
      let b = points[i + 1]
      let d = a.distance(to: b)
      if d > 0 {
        direction = Point2((b.x - a.x) / d, (b.y - a.y) / d)
        if left <= d { return (a + direction * left, direction) }
        left -= d
      }
      i += 1
    }
    return (points[upper - 1], direction)
  }
}
