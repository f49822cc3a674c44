import CityBase
import CityNetwork

/// Lays the main streets of a lattice onto the land.
struct MainStreets {
  let lattice: CityLattice
  let lines: StreetLines
  let terrain: CityTerrain
  let random: RandomStream
  /// Edges are drawn with a bend about every so many metres.
  let bendSpacing: Double

  private var positions: [Point2] = []
  private var edges: [(from: Int32, to: Int32, street: Street)] = []
  private var latticeDegree: [Int] = []
  private var candidates: [Candidate] = []
  /// Half-edges that have water on their left, as edge number and direction.
  private(set) var waterside: [Int32] = []
  /// Where bridges stand, from the lower end of the river: y in the plan, and the two bank nodes.
  private(set) var bridges: [Bridge] = []
  private(set) var map = PlanarMap(positions: [], edges: [])

  struct Bridge {
    var planY: Double
    var west: Int32
    var east: Int32
    var street: Street
  }

  private struct Candidate {
    var from: Int32
    var to: Int32
    var street: Street
    var path: (Double) -> Point2
    /// 0, or the bank whose river side it is, as 1 west and 2 east.
    var bank = 0
  }

  init(lattice: CityLattice, terrain: CityTerrain, random: RandomStream, bendSpacing: Double) {
    self.lattice = lattice
    self.terrain = terrain
    self.random = random
    self.bendSpacing = bendSpacing
    lines = StreetLines(lattice: lattice, random: random)
    positions = Array(repeating: Point2(0, 0), count: lattice.nodeCount)
    latticeDegree = Array(repeating: 0, count: lattice.nodeCount)
    placeNodes()
    for side in 0...1 {
      planInner(side)
      planOuter(side)
    }
    planBridges()
    for c in candidates {
      latticeDegree[Int(c.from)] += 1
      latticeDegree[Int(c.to)] += 1
    }
    thinCollectors()
    for c in candidates { lay(c) }
    for b in bridges { edges.append((b.west, b.east, b.street)) }
    map = PlanarMap(positions: positions, edges: edges)
    candidates = []
  }

  private mutating func placeNodes() {
    let (n, m) = (lattice.n, lattice.m)
    for side in 0...1 {
      for i in 0...n {
        for j in -n...n {
          setNode(lattice.node(side, i, j), lattice.position(side, Double(i), Double(j)))
        }
      }
      for k in 1...m {
        for t in 0...(4 * n) {
          setNode(
            lattice.node(side, ring: k, radial: t),
            lattice.position(side, ring: Double(k), radial: Double(t)))
        }
      }
    }
  }

  private mutating func setNode(_ node: Int32, _ plan: Point2) {
    let p = terrain.place(plan)
    let draws = KeyedDraws(random, .cityLayout, 5, Int(node))
    let onBank = abs(plan.x) <= lattice.halfChannel
    let jitter = Point2(draws.between(-10, 10, 0), draws.between(-10, 10, 1))
    positions[Int(node)] = onBank ? p : (p + jitter).roundedToMillimetre
  }

  private mutating func planInner(_ side: Int) {
    let (n, lattice) = (lattice.n, lattice)
    for i in 0...n {
      for j in -n..<n {
        let street = i == n ? lines.ring(0) : lines.column(side, i)
        candidates.append(
          Candidate(
            from: lattice.node(side, i, j), to: lattice.node(side, i, j + 1), street: street,
            path: { lattice.position(side, Double(i), Double(j) + $0) },
            bank: i == 0 ? side + 1 : 0))
      }
    }
    for j in -n...n {
      for i in 0..<n {
        candidates.append(
          Candidate(
            from: lattice.node(side, i, j), to: lattice.node(side, i + 1, j),
            street: abs(j) == n ? lines.ring(0) : lines.row(j),
            path: { lattice.position(side, Double(i) + $0, Double(j)) }))
      }
    }
  }

  private mutating func planOuter(_ side: Int) {
    let (n, m, lattice) = (lattice.n, lattice.m, lattice)
    for t in 0...(4 * n) {
      for k in 0..<m {
        let low = lattice.node(side, ring: k, radial: t)
        let high = lattice.node(side, ring: k + 1, radial: t)
        let isBank = t == 0 || t == 4 * n
        // Along the banks the river's left and right must not depend on the way outwards.
        let isDownward = t == 0
        candidates.append(
          Candidate(
            from: isDownward ? high : low, to: isDownward ? low : high,
            street: lines.radial(side, t),
            path: {
              lattice.position(
                side, ring: isDownward ? Double(k + 1) - $0 : Double(k) + $0, radial: Double(t))
            }, bank: isBank ? side + 1 : 0))
      }
    }
    for k in 1...m {
      for t in 0..<(4 * n) {
        candidates.append(
          Candidate(
            from: lattice.node(side, ring: k, radial: t),
            to: lattice.node(side, ring: k, radial: t + 1), street: lines.ring(k),
            path: { lattice.position(side, ring: Double(k), radial: Double(t) + $0) }))
      }
    }
  }

  /// Rings and main rows always cross the river; of the others no two neighbours go without.
  private mutating func planBridges() {
    let (n, m) = (lattice.n, lattice.m)
    var all: [Bridge] = []
    func add(_ street: Street, _ west: Int32, _ east: Int32, _ y: Double) {
      var s = street
      s.isBridge = true
      all.append(Bridge(planY: y, west: west, east: east, street: s))
    }
    for k in stride(from: m, to: 0, by: -2) {
      add(
        lines.ring(k), lattice.node(0, ring: k, radial: 0), lattice.node(1, ring: k, radial: 0),
        lattice.position(1, ring: Double(k), radial: 0).y)
    }
    for j in stride(from: -n, through: n, by: 2) {
      let street = abs(j) == n ? lines.ring(0) : lines.row(j)
      add(
        street, lattice.node(0, 0, j), lattice.node(1, 0, j),
        lattice.position(1, 0, Double(j)).y)
    }
    for k in stride(from: 2, through: m, by: 2) {
      add(
        lines.ring(k), lattice.node(0, ring: k, radial: 4 * n),
        lattice.node(1, ring: k, radial: 4 * n),
        lattice.position(1, ring: Double(k), radial: Double(4 * n)).y)
    }
    var leftOut = false
    for (i, b) in all.enumerated() {
      let optional = b.street.roadClass == .secondary && i > 0 && i + 1 < all.count && !leftOut
      leftOut = optional && KeyedDraws(random, .cityLayout, 6, i).happens(0.3, 0)
      if !leftOut { bridges.append(b) }
    }
  }

  /// Leaves out some stretches of collectors, so that not every block is a square.
  private mutating func thinCollectors() {
    var kept: [Candidate] = []
    for (i, c) in candidates.enumerated() {
      let (u, v) = (Int(c.from), Int(c.to))
      let away = min(1, (positions[u] - CityTerrain.center).length / lattice.radius)
      let draws = KeyedDraws(random, .cityLayout, 7, i)
      if c.street.roadClass == .tertiary, latticeDegree[u] == 4, latticeDegree[v] == 4,
        draws.happens(0.06 + 0.2 * away, 0)
      {
        latticeDegree[u] -= 1
        latticeDegree[v] -= 1
      } else {
        kept.append(c)
      }
    }
    candidates = kept
  }

  private mutating func lay(_ c: Candidate) {
    let length = positions[Int(c.from)].distance(to: positions[Int(c.to)])
    let pieces = max(1, Int((length / bendSpacing).rounded()))
    // The jitter of the ends is shared out along the way.
    let startShift = positions[Int(c.from)] - terrain.place(c.path(0))
    let endShift = positions[Int(c.to)] - terrain.place(c.path(1))
    var from = c.from
    for piece in 1...pieces {
      let share = Double(piece) / Double(pieces)
      let to: Int32
      if piece == pieces {
        to = c.to
      } else {
        to = Int32(positions.count)
        let p = terrain.place(c.path(share)) + startShift.lerp(to: endShift, share)
        positions.append(p.roundedToMillimetre)
      }
      if c.bank != 0 {
        // Streets along the banks are laid upwards: water lies right of the west, left of the east.
        waterside.append(Int32(2 * edges.count) + (c.bank == 1 ? 1 : 0))
      }
      edges.append((from, to, c.street))
      from = to
    }
  }
}
