import CityBase

/// The shapes of ways and relations in the working CRS.
struct OSMShapes {
  let plane: OSMPlane
  private var data: OSMData { plane.data }

  init(_ plane: OSMPlane) { self.plane = plane }

  /// The ring of a closed way whose nodes are all there; nil for any other way.
  func ring(ofWay way: Int) -> [Point2]? {
    let nodes = data.nodes(ofWay: way)
    guard nodes.count > 3, nodes.first == nodes.last, isComplete(nodes) else { return nil }
    return plane.points(nodes.dropLast())
  }

  /// Whether a way is drawn as a closed ring, complete or not.
  func isClosed(_ way: Int) -> Bool {
    let nodes = data.nodes(ofWay: way)
    return nodes.count > 3 && nodes.first == nodes.last
  }

  private func isComplete(_ nodes: ArraySlice<Int32>) -> Bool {
    nodes.allSatisfy { $0 >= 0 && plane.positions[Int($0)].isFinite }
  }

  /// The polygons of a multipolygon or boundary relation. `isComplete` is false where members are
  /// missing from the file or chains stay open, as at the edge of an extract.
  func polygons(ofRelation relation: Int) -> (polygons: [[[Point2]]], isComplete: Bool) {
    var outer: [[Int32]] = []
    var inner: [[Int32]] = []
    var isComplete = true
    for m in data.relationMembers[relation].indices where data.memberKind[m] == .way {
      let role = data.texts[Int(data.memberRole[m])]
      guard role == "outer" || role == "inner" || role.isEmpty else { continue }
      guard let way = data.wayIndex(data.memberID[m]), self.isComplete(data.nodes(ofWay: way))
      else {
        isComplete = false
        continue
      }
      let nodes = Array(data.nodes(ofWay: way))
      if role == "inner" { inner.append(nodes) } else { outer.append(nodes) }
    }
    let outerRings = RingAssembly.rings(outer)
    let innerRings = RingAssembly.rings(inner)
    if outerRings.openChains + innerRings.openChains > 0 { isComplete = false }
    let polygons = RingAssembly.polygons(
      outer: outerRings.rings.map { plane.points($0) },
      inner: innerRings.rings.map { plane.points($0) })
    return (polygons, isComplete)
  }
}
