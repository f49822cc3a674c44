import CityBase

/// Small islands: two to four short sides that close a ring round a triangle where roads meet, or
/// round the middle of two divided roads that cross.
///
/// A side between two stop lines holds so few vehicles that those who turn left from all sides soon
/// wait for each other in a circle; such an island lies within one junction. Driveways and the
/// aisles of car parks, which close many small rings, are left alone.
struct ShortCycles {
  /// Metres between the edges of the crossing roads, of one side and all round.
  static let longestSide = 45.0
  static let longestRound = 120.0
  /// The same all round where four streets for both directions may enclose a house.
  static let longestBlock = 70.0
  static let mostSides = 4

  private struct Side {
    var piece: Int32
    var a: Int32
    var b: Int32
    var length: Double
    var isOneWay: Bool
  }

  /// A way that is being followed from a first side on.
  private struct Way {
    var end: Int32
    var goal: Int32
    var sides: [Int]
    var length: Double
    var oneWays: Int
  }

  /// Pieces that belong to an island, ascending.
  private(set) var pieces: [Int32] = []
  private var sides: [Side] = []
  /// Sides at cluster c are `at[first[c] ..< first[c + 1]]`.
  private var first: [Int32]
  private var at: [Int32] = []

  /// Finds the islands between clusters of nodes, from what the stop lines leave of every piece.
  init(_ graph: RoadGraph, clusterOfNode: [Int32], count: Int, left: [Double], _ rings: RingFinder)
  {
    first = Array(repeating: 0, count: count + 1)
    for (i, p) in graph.pieces.enumerated() where left[i] <= Self.longestSide {
      let a = clusterOfNode[Int(p.from)]
      let b = clusterOfNode[Int(p.to)]
      guard a != b, p.length <= JunctionClusters.longestInside,
        !p.profile.isRoundabout, p.profile.roadClass < .service,
        !rings.isWhole(atNode: Int(p.from)), !rings.isWhole(atNode: Int(p.to))
      else { continue }
      sides.append(
        Side(
          piece: Int32(i), a: a, b: b, length: max(0, left[i]), isOneWay: p.profile.isOneWay))
    }
    for s in sides {
      first[Int(s.a) + 1] += 1
      first[Int(s.b) + 1] += 1
    }
    for c in 0..<count { first[c + 1] += first[c] }
    var next = first
    at = Array(repeating: -1, count: 2 * sides.count)
    for (i, s) in sides.enumerated() {
      for c in [Int(s.a), Int(s.b)] {
        at[Int(next[c])] = Int32(i)
        next[c] += 1
      }
    }
    for (i, s) in sides.enumerated() {
      let way = Way(
        end: s.b, goal: s.a, sides: [i], length: s.length, oneWays: s.isOneWay ? 1 : 0)
      if closes(way) { pieces.append(s.piece) }
    }
  }

  /// Whether a few more sides lead back to where a way began.
  private func closes(_ way: Way) -> Bool {
    let places = Int(first[Int(way.end)])..<Int(first[Int(way.end) + 1])
    // Where very many short pieces meet, that is a heap and no island.
    guard way.sides.count < Self.mostSides, places.count <= 12 else { return false }
    for k in places where !way.sides.contains(Int(at[k])) {
      let side = sides[Int(at[k])]
      var longer = way
      longer.end = side.a == way.end ? side.b : side.a
      longer.sides.append(Int(at[k]))
      longer.length += side.length
      longer.oneWays += side.isOneWay ? 1 : 0
      if longer.length > Self.longestRound { continue }
      if longer.end == way.goal {
        if longer.sides.count < 4 || longer.oneWays > 1 || longer.length <= Self.longestBlock {
          return true
        }
      } else if closes(longer) {
        return true
      }
    }
    return false
  }
}
