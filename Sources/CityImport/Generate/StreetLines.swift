import CityBase
import CityNetwork

/// The main street lines of a lattice: which class and how many lanes each has.
struct StreetLines {
  let lattice: CityLattice
  let random: RandomStream

  private var rowBase: Int { 2 * (lattice.n + 1) }
  private var ringBase: Int { rowBase + 2 * lattice.n + 1 }
  private var diagonalBase: Int { ringBase + lattice.m + 1 }
  /// Lines from here on are local streets.
  var count: Int { diagonalBase + 4 }

  /// A street along the river or parallel to it.
  func column(_ side: Int, _ i: Int) -> Street {
    let roadClass: RoadClass = i == 0 ? .secondary : graded(i)
    return street(side * (lattice.n + 1) + i, roadClass)
  }

  /// A street across the river; the middle one is the main axis.
  func row(_ j: Int) -> Street { street(rowBase + j + lattice.n, j == 0 ? .primary : graded(j)) }

  func ring(_ k: Int) -> Street {
    let roadClass: RoadClass
    if k == lattice.m || (k > 0 && k.isMultiple(of: 8)) {
      roadClass = .trunk
    } else {
      roadClass = graded(k)
    }
    return street(ringBase + k, roadClass)
  }

  /// The continuation of columns and rows outside the inner ring; the corners have their own.
  func radial(_ side: Int, _ t: Int) -> Street {
    let n = lattice.n
    if t == n || t == 3 * n { return street(diagonalBase + 2 * side + (t == n ? 0 : 1), .primary) }
    if t < n { return column(side, t) }
    if t > 3 * n { return column(side, 4 * n - t) }
    return row(t - 2 * n)
  }

  /// What a line is, for its name.
  func kind(ofLine line: Int) -> StreetNameKind {
    if line >= count { return .local }
    if line >= diagonalBase { return .radial }
    if line >= ringBase { return .ring(line - ringBase) }
    if line >= rowBase { return .across }
    return isEmbankment(line) ? .embankment(line / (lattice.n + 1)) : .along
  }

  private func isEmbankment(_ line: Int) -> Bool {
    line < rowBase && line % (lattice.n + 1) == 0
  }

  private func graded(_ index: Int) -> RoadClass {
    if !index.isMultiple(of: 2) { return .tertiary }
    return index.isMultiple(of: 4) ? .primary : .secondary
  }

  private func street(_ line: Int, _ roadClass: RoadClass) -> Street {
    let lanes: Int
    switch roadClass {
    case .motorway, .trunk, .primary: lanes = 3
    // Arterials widen at signals; the middle lane stands for that. Embankments are too narrow.
    case .secondary: lanes = isEmbankment(line) ? 2 : 3
    case .tertiary: lanes = KeyedDraws(random, .cityLayout, 4, line).happens(0.6, 0) ? 2 : 1
    case .residential, .service: lanes = 1
    }
    return Street(line: Int32(line), roadClass: roadClass, lanes: lanes)
  }
}

/// What a street is called after.
enum StreetNameKind: Equatable {
  case ring(Int)
  case radial
  case across
  case along
  case embankment(Int)
  case local
}
