import CityBase
import CityNetwork

/// Cuts blocks that are too large with local streets.
struct BlockSubdivision {
  /// Metres of the junctions of a street from one another, at least.
  static let junctionSpacing = 78.0
  /// The same on main streets, where queues and changes of lane before signals need the room.
  static let mainJunctionSpacing = 125.0
  /// An end this near to a bend or a side street moves there.
  static let snap = 48.0
  /// Cosine of the smallest angle between a new street and what it ends on.
  static let steepest = 0.6

  let random: RandomStream
  let radius: Double
  /// Side of an inner block in metres.
  let spacing: Double
  var map: PlanarMap
  /// The cell of the first map that each face lies in; -1 outside.
  var cell: [Int32]
  private var nextLine: Int32

  init(
    map: PlanarMap, cell: [Int32], random: RandomStream, radius: Double, spacing: Double,
    firstLine: Int
  ) {
    self.map = map
    self.cell = cell
    self.random = random
    self.radius = radius
    self.spacing = spacing
    nextLine = Int32(firstLine)
  }

  /// Cuts every face of which `isLand` holds, and the pieces again, until all are small enough.
  mutating func cutAll(isLand: [Bool]) {
    var land = isLand
    var f = 0
    while f < map.faceStart.count {
      if land[f] {
        // The pieces that come off are appended and get their turn later.
        while let piece = cut(f) {
          precondition(Int(piece) == land.count)
          land.append(true)
          cell.append(cell[f])
        }
      }
      f += 1
    }
  }

  private func targetArea(at p: Point2) -> Double {
    let away = (p - CityTerrain.center).length / radius
    let share = away < 0.22 ? 0.85 : away < 0.42 ? 1.2 : away < 0.68 ? 1.7 : 2.6
    return share * spacing * spacing
  }

  /// Cuts a piece off a face that is too large; nil where it is not, or no street fits.
  private mutating func cut(_ f: Int) -> Int32? {
    let loop = map.loop(f)
    let ring = loop.map { map.position[Int(map.origin[Int($0)])] }
    let center = Ring.centroid(ring)
    let draws = KeyedDraws(random, .cityLayout, 8, f, loop.count)
    guard Ring.signedArea(ring) > targetArea(at: center) * draws.between(1.15, 1.7, 0) else {
      return nil
    }
    let long = BlockFrame.longDirection(ring)
    for attempt in 0..<20 {
      // Across the middle of the long side first; then along it, and farther from the middle.
      let axis = attempt % 10 < 6 ? long : long.leftNormal
      let reach = attempt < 10 ? 0.14 : 0.28
      let shift = draws.between(-reach, reach, 1 + attempt) * BlockFrame.extent(ring, along: axis)
      guard
        let ends = chord(through: center + axis * shift, direction: axis.leftNormal, loop),
        isClear(ends, loop)
      else { continue }
      let street = Street(line: nextLine, roadClass: .residential, lanes: 1)
      nextLine += 1
      let a = attach(ends.0)
      let b = attach(ends.1)
      return map.splitFace(from: a, to: b, street: street)
    }
    return nil
  }

  /// One end of a new street: at the start of a half-edge, or at a point within it.
  private struct End {
    var halfEdge: Int32
    var point: Point2
    var isNode: Bool
  }

  private func chord(through c: Point2, direction d: Point2, _ loop: [Int32]) -> (End, End)? {
    guard let ahead = hit(from: c, direction: d, loop),
      let behind = hit(from: c, direction: d * -1, loop), ahead.halfEdge != behind.halfEdge,
      let a = settle(ahead, loop), let b = settle(behind, loop),
      a.halfEdge != b.halfEdge, a.point.distance(to: b.point) > Self.junctionSpacing + 10,
      isSquare(a, from: b.point), isSquare(b, from: a.point)
    else { return nil }
    return (a, b)
  }

  /// The nearest point of the border in a direction.
  private func hit(from c: Point2, direction d: Point2, _ loop: [Int32]) -> End? {
    var best: (distance: Double, End)?
    for h in loop {
      let a = map.position[Int(map.origin[Int(h)])] - c
      let v = map.vector(h)
      let across = d.cross(v)
      guard abs(across) > 1e-9 else { continue }
      let distance = a.cross(v) / across
      let share = a.cross(d) / across
      guard distance > 0, share >= 0, share < 1, distance < best?.distance ?? .infinity else {
        continue
      }
      best = (distance, End(halfEdge: h, point: c + d * distance, isNode: false))
    }
    return best?.1
  }

  /// Moves an end to a bend or side street close by, or refuses it where a junction is too near.
  private func settle(_ end: End, _ loop: [Int32]) -> End? {
    let h = end.halfEdge
    let after = map.next[Int(h)]
    let isMain = map.street(of: h).roadClass <= .secondary
    let ends = [h, after].map {
      (h: $0, p: map.position[Int(map.origin[Int($0)])], node: map.origin[Int($0)])
    }
    let nearest =
      ends[0].p.distance(to: end.point) <= ends[1].p.distance(to: end.point) ? ends[0] : ends[1]
    let away = nearest.p.distance(to: end.point)
    let degree = map.degree[Int(nearest.node)]
    if away < Self.snap {
      let atNode = End(halfEdge: nearest.h, point: nearest.p, isNode: true)
      if degree == 2 { return keepsDistance(atNode, skippingBend: true) ? atNode : nil }
      // A side street opposite makes a crossing; on a main street it must stay apart.
      return degree == 3 && !isMain && isFlat(nearest.h) ? atNode : nil
    }
    let within = End(halfEdge: h, point: end.point.roundedToMillimetre, isNode: false)
    return keepsDistance(within, skippingBend: false) ? within : nil
  }

  /// Whether the border of the face runs straight on at the origin of a half-edge.
  private func isFlat(_ h: Int32) -> Bool {
    let arriving = map.vector(map.previous[Int(h)]).normalized
    return arriving.dot(map.vector(h).normalized) > 0.85
  }

  /// Whether the junctions next along the street are far enough away on both sides.
  private func keepsDistance(_ end: End, skippingBend: Bool) -> Bool {
    let h = end.halfEdge
    let isMain = map.street(of: h).roadClass <= .secondary
    let least = isMain ? Self.mainJunctionSpacing : Self.junctionSpacing
    var ahead = end.point.distance(to: map.position[Int(map.destination(h))])
    var e = h
    while map.degree[Int(map.destination(e))] == 2, ahead < least {
      e = map.next[Int(e)]
      ahead += map.length(e)
    }
    if ahead < least { return false }
    e = skippingBend ? map.previous[Int(h)] : h
    var behind = skippingBend ? map.length(e) : end.point.distance(to: origin(h))
    while map.degree[Int(map.origin[Int(e)])] == 2, behind < least {
      e = map.previous[Int(e)]
      behind += map.length(e)
    }
    return behind >= least
  }

  private func origin(_ h: Int32) -> Point2 { map.position[Int(map.origin[Int(h)])] }

  /// Whether the new street leaves its end steeply enough.
  private func isSquare(_ end: End, from other: Point2) -> Bool {
    let d = (other - end.point).normalized
    let around = end.isNode ? map.departures(map.origin[Int(end.halfEdge)]) : [end.halfEdge]
    return around.allSatisfy { h in
      let cosine = d.dot(map.vector(h).normalized)
      return end.isNode ? cosine < Self.steepest : abs(cosine) < Self.steepest
    }
  }

  /// Whether the new street meets the border nowhere but at its ends, and keeps off its corners.
  private func isClear(_ ends: (End, End), _ loop: [Int32]) -> Bool {
    let (a, b) = (ends.0.point, ends.1.point)
    for h in loop {
      let (p, q) = (origin(h), origin(map.next[Int(h)]))
      let touchesA = Segment.distance(a, p, q) < 0.01
      let touchesB = Segment.distance(b, p, q) < 0.01
      if !touchesA, !touchesB, Segment.intersect(a, b, p, q) { return false }
      if p.distance(to: a) > 0.01, p.distance(to: b) > 0.01, Segment.distance(p, a, b) < 38 {
        let closeToEnd = min(p.distance(to: a), p.distance(to: b)) < Self.junctionSpacing
        if !closeToEnd { return false }
      }
    }
    return true
  }

  /// Makes sure a node is there; returns the half-edge of the face that leaves it.
  private mutating func attach(_ end: End) -> Int32 {
    if end.isNode { return end.halfEdge }
    map.splitEdge(end.halfEdge, at: end.point)
    return map.next[Int(end.halfEdge)]
  }
}
