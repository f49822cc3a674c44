import CityBase
import CitySpatial

/// Finds the link nearest to a point, to give people and places their access to the road.
public struct LinkIndex: Sendable {
  private let tree: HilbertRTree
  /// The link of each box of the tree, and the first of the two points it is about.
  private let linkOfBox: [LinkID]
  private let firstPoint: [Int32]
  private let points: [Point2]
  /// Where each link's points begin, and how long it is.
  private let pointStart: [Int32]
  private let length: [Float]

  /// Indexes the links of a network; `usable` (by link) leaves some out, such as those outside
  /// the largest connected part.
  public init(_ network: RoadNetwork, usable: [Bool]? = nil) {
    var boxes: [Box2] = []
    var links: [LinkID] = []
    var first: [Int32] = []
    for l in 0..<network.linkCount where usable.map({ $0.indices.contains(l) && $0[l] }) ?? true {
      let start = Int(network.linkFirstPoint[l])
      let end = Int(network.linkFirstPoint[l + 1])
      guard start + 1 < end else { continue }
      for i in start..<(end - 1) {
        boxes.append(Box2([network.linkPoints[i], network.linkPoints[i + 1]]))
        links.append(LinkID(l))
        first.append(Int32(i))
      }
    }
    tree = HilbertRTree(boxes)
    linkOfBox = links
    firstPoint = first
    points = network.linkPoints
    pointStart = network.linkFirstPoint
    length = network.linkLength.values
  }

  /// The nearest place on the centreline of a usable link within `maxDistance` metres, and how far
  /// away it is; of two directions equally far away, the link with the lower id.
  public func nearest(to point: Point2, maxDistance: Double = 1000) -> (
    access: AccessPoint, distance: Double
  )? {
    let hit = tree.nearest(point, maxResults: 1, maxDistance: maxDistance) {
      foot(point, $0).distance
    }
    return hit.first.map { (access(point, box: $0.index), $0.distance) }
  }

  /// The nearest places on up to `maxResults` different links, nearest first.
  public func nearest(to point: Point2, maxResults: Int, maxDistance: Double = 1000) -> [(
    access: AccessPoint, distance: Double
  )] {
    guard maxResults > 0 else { return [] }
    var found: [(access: AccessPoint, distance: Double)] = []
    var wanted = maxResults * 4
    while true {
      found.removeAll()
      let hits = tree.nearest(point, maxResults: wanted, maxDistance: maxDistance) {
        foot(point, $0).distance
      }
      for h in hits where !found.contains(where: { $0.access.link == linkOfBox[h.index] }) {
        found.append((access(point, box: h.index), h.distance))
        if found.count == maxResults { return found }
      }
      if hits.count < wanted { return found }
      wanted *= 4
    }
  }

  private func foot(_ p: Point2, _ box: Int) -> (offset: Double, distance: Double) {
    let i = Int(firstPoint[box])
    return Polyline.project(p, onto: points[i...(i + 1)])
  }

  private func access(_ p: Point2, box: Int) -> AccessPoint {
    let link = linkOfBox[box]
    let start = Int(pointStart[link.index])
    let before = Polyline.length(points[start...Int(firstPoint[box])])
    let offset = Float(((before + foot(p, box).offset) * 1000).rounded() / 1000)
    return AccessPoint(link: link, offset: min(length[link.index], max(0, offset)))
  }
}
