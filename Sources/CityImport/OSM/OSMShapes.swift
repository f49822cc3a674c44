import CityBase

/// The shapes of ways and relations in the working CRS.
struct OSMShapes {
  let plane: OSMPlane
  private var data: OSMData { plane.data }
  private let budget: ShapeBudget

  init(_ plane: OSMPlane) {
    self.plane = plane
    budget = ShapeBudget(corners: 1_000_000 + 20 * plane.data.refs.count)
  }

  /// The ring of a closed way whose nodes are all there; nil for any other way.
  func ring(ofWay way: Int) -> [Point2]? {
    let nodes = data.nodes(ofWay: way)
    guard nodes.count > 3, nodes.first == nodes.last, isComplete(nodes) else { return nil }
    return plane.points(nodes.dropLast())
  }

  private func isComplete(_ nodes: ArraySlice<Int32>) -> Bool {
    nodes.allSatisfy { $0 >= 0 && plane.positions[Int($0)].isFinite }
  }

  /// The polygons of a multipolygon or boundary relation.
  struct Area {
    var polygons: [[[Point2]]] = []
    /// Members that are not, or not wholly, in the file, as at the edge of an extract.
    var missing = 0
    /// What keeps a ring from closing though all its ways are there, in words.
    var fault: String?

    var isComplete: Bool { missing == 0 && fault == nil }
  }

  /// Assembles a relation whose members are `outer`, `inner` or without a role.
  func area(ofRelation relation: Int) -> Area {
    var outer: [[Int32]] = []
    var inner: [[Int32]] = []
    var unknown: [[Int32]] = []
    var area = Area()
    for m in data.relationMembers[relation].indices where data.memberKind[m] == .way {
      let role = data.texts[Int(data.memberRole[m])]
      guard ["outer", "inner", "exclave", "enclave", ""].contains(role) else { continue }
      guard let way = data.wayIndex(data.memberID[m]), isComplete(data.nodes(ofWay: way)) else {
        area.missing += 1
        continue
      }
      guard budget.take(data.wayRefs[way].indices.count) else {
        area.fault = "relations use the same ways over and over; no more is assembled"
        return area
      }
      let nodes = Array(data.nodes(ofWay: way))
      switch role {
      case "outer", "exclave": outer.append(nodes)
      case "inner", "enclave": inner.append(nodes)
      default: unknown.append(nodes)
      }
    }
    // Pieces of one ring may have a role and others not.
    var outerRings = RingAssembly.rings(outer)
    var unknownRings = RingAssembly.rings(unknown)
    if outerRings.openChains > 0 && unknownRings.openChains > 0 {
      outerRings = RingAssembly.rings(outer + unknown)
      unknownRings = RingAssembly.Result()
    }
    let innerRings = RingAssembly.rings(inner)
    for found in [outerRings, innerRings, unknownRings]
    where found.openChains > 0 && area.fault == nil {
      area.fault = "a ring is open at node \(data.nodeID[Int(found.openAt)])"
    }
    area.polygons = RingAssembly.polygons(
      outer: outerRings.rings.map { plane.points($0) },
      inner: innerRings.rings.map { plane.points($0) },
      unknown: unknownRings.rings.map { plane.points($0) })
    if area.polygons.isEmpty && area.isComplete { area.fault = "it has no ring" }
    return area
  }
}

/// How many corners may still be put into areas of relations. In a map a way belongs to a few of
/// them; thousands of relations over one long way would fill the memory.
private final class ShapeBudget {
  private var left: Int
  init(corners: Int) { left = corners }

  func take(_ corners: Int) -> Bool {
    left -= corners
    return left >= 0
  }
}
