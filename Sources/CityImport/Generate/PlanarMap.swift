import CityBase
import CityNetwork

/// What runs along an edge of the map.
struct Street: Sendable, Equatable {
  /// The street line it belongs to: edges of one line have one name.
  var line: Int32
  var roadClass: RoadClass
  /// Lanes in each direction.
  var lanes: Int
  var isBridge = false
}

/// Streets as a planar subdivision in half-edges: what lies between them are the blocks.
///
/// Edge e has the half-edges 2e and 2e + 1, each with its face on the left. Streets are only ever
/// added by cutting a face in two, so no two streets can cross without a node.
struct PlanarMap {
  private(set) var position: [Point2]
  /// How many edges meet at a node.
  private(set) var degree: [Int32]
  private(set) var origin: [Int32] = []
  private(set) var next: [Int32] = []
  private(set) var previous: [Int32] = []
  private(set) var face: [Int32] = []
  /// One half-edge that leaves a node.
  private(set) var departure: [Int32]
  /// By edge.
  private(set) var street: [Street] = []
  /// A half-edge of each face.
  private(set) var faceStart: [Int32] = []

  /// Builds the map from straight edges that meet at nodes only.
  init(positions: [Point2], edges: [(from: Int32, to: Int32, street: Street)]) {
    position = positions
    degree = Array(repeating: 0, count: positions.count)
    departure = Array(repeating: -1, count: positions.count)
    for e in edges {
      origin.append(e.from)
      origin.append(e.to)
      street.append(e.street)
      degree[Int(e.from)] += 1
      degree[Int(e.to)] += 1
    }
    next = Array(repeating: -1, count: origin.count)
    previous = next
    face = next
    linkAroundNodes()
    traceFaces()
  }

  func destination(_ h: Int32) -> Int32 { origin[Int(h ^ 1)] }
  func vector(_ h: Int32) -> Point2 {
    position[Int(destination(h))] - position[Int(origin[Int(h)])]
  }
  func length(_ h: Int32) -> Double { vector(h).length }
  func street(of h: Int32) -> Street { street[Int(h >> 1)] }

  /// The half-edges around a face, from its start.
  func loop(_ f: Int) -> [Int32] {
    var out: [Int32] = []
    var h = faceStart[f]
    repeat {
      out.append(h)
      h = next[Int(h)]
    } while h != faceStart[f]
    return out
  }

  /// The half-edges that leave a node, clockwise.
  func departures(_ node: Int32) -> [Int32] {
    let first = departure[Int(node)]
    guard first >= 0 else { return [] }
    var out: [Int32] = []
    var h = first
    repeat {
      out.append(h)
      h = next[Int(h ^ 1)]
    } while h != first
    return out
  }

  /// Sorts the departures of every node by direction and ties each arrival to the departure next
  /// to it clockwise, which keeps the same face on the left.
  private mutating func linkAroundNodes() {
    var first = Array(repeating: 0, count: position.count + 1)
    for v in position.indices { first[v + 1] = first[v] + Int(degree[v]) }
    var fill = first
    var around = Array(repeating: Int32(0), count: origin.count)
    for h in origin.indices {
      let v = Int(origin[h])
      around[fill[v]] = Int32(h)
      fill[v] += 1
    }
    for v in position.indices where degree[v] > 0 {
      let sorted = around[first[v]..<first[v + 1]].sorted { precedes(vector($0), vector($1)) }
      departure[v] = sorted[0]
      var last = sorted[sorted.count - 1]
      for h in sorted {
        next[Int(h ^ 1)] = last
        previous[Int(last)] = h ^ 1
        last = h
      }
    }
  }

  /// Order of directions counter-clockwise from the positive x axis.
  private func precedes(_ a: Point2, _ b: Point2) -> Bool {
    let upperA = a.y > 0 || (a.y == 0 && a.x > 0)
    let upperB = b.y > 0 || (b.y == 0 && b.x > 0)
    return upperA != upperB ? upperA : a.cross(b) > 0
  }

  private mutating func traceFaces() {
    for start in next.indices where face[start] < 0 {
      label(from: Int32(start), as: Int32(faceStart.count))
      faceStart.append(Int32(start))
    }
  }

  private mutating func label(from start: Int32, as f: Int32) {
    var h = start
    repeat {
      face[Int(h)] = f
      h = next[Int(h)]
    } while h != start
  }

  /// Adds a node that no edge touches yet.
  private mutating func addNode(_ p: Point2) -> Int32 {
    position.append(p)
    degree.append(0)
    departure.append(-1)
    return Int32(position.count - 1)
  }

  private mutating func addEdge(_ from: Int32, _ to: Int32, _ s: Street) -> Int32 {
    let h = Int32(origin.count)
    origin.append(from)
    origin.append(to)
    next.append(contentsOf: [-1, -1])
    previous.append(contentsOf: [-1, -1])
    face.append(contentsOf: [-1, -1])
    street.append(s)
    return h
  }

  private mutating func tie(_ h: Int32, _ after: Int32) {
    next[Int(h)] = after
    previous[Int(after)] = h
  }

  /// Cuts the edge of `h` at a point; `h` ends there from now on. Returns the new node.
  @discardableResult mutating func splitEdge(_ h: Int32, at p: Point2) -> Int32 {
    let v = addNode(p)
    let w = destination(h)
    let afterH = next[Int(h)]
    let beforeTwin = previous[Int(h ^ 1)]
    let rest = addEdge(v, w, street(of: h))
    face[Int(rest)] = face[Int(h)]
    face[Int(rest ^ 1)] = face[Int(h ^ 1)]
    origin[Int(h ^ 1)] = v
    // A dead end turns back on itself.
    if afterH == h ^ 1 { tie(rest, rest ^ 1) } else { tie(rest, afterH) }
    if beforeTwin != h { tie(beforeTwin, rest ^ 1) }
    tie(h, rest)
    tie(rest ^ 1, h ^ 1)
    degree[Int(v)] = 2
    departure[Int(v)] = rest
    if departure[Int(w)] == h ^ 1 { departure[Int(w)] = rest ^ 1 }
    return v
  }

  /// Lays a street across a face, from the origin of `a` to the origin of `b`, both half-edges of
  /// that face. The old face keeps the side of `b`; returns the new face, on the side of `a`.
  mutating func splitFace(from a: Int32, to b: Int32, street s: Street) -> Int32 {
    let beforeA = previous[Int(a)]
    let beforeB = previous[Int(b)]
    let old = face[Int(a)]
    let u = origin[Int(a)]
    let v = origin[Int(b)]
    let e = addEdge(u, v, s)
    tie(beforeA, e)
    tie(e, b)
    tie(beforeB, e ^ 1)
    tie(e ^ 1, a)
    degree[Int(u)] += 1
    degree[Int(v)] += 1
    label(from: e, as: old)
    faceStart[Int(old)] = e
    let f = Int32(faceStart.count)
    label(from: e ^ 1, as: f)
    faceStart.append(e ^ 1)
    return f
  }
}
