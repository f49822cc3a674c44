import CityBase

/// Rings of streets for one direction that are driven like roundabouts though nothing says so: who
/// is in the ring goes first.
///
/// With priority to the right the ring would yield to all who come in, and lock as soon as it is
/// full. netconvert (SUMO 1.28) guesses such rings too. A block of streets for one direction is
/// none: there the streets go on beyond the corners.
struct Gyratories {
  /// Metres round the longest ring, and the most pieces that it is made of.
  static let longestRound = 500.0
  static let mostPieces = 24
  /// The fewest roads that come together in a ring.
  static let fewestArms = 3
  /// The least of 4π times the area over the square of the length round it: 1 for a circle, 0.6
  /// for a triangle, 0.5 for a rectangle four times as long as wide.
  static let leastRoundness = 0.5
  /// The cosine of the sharpest bend of a ring: 135 degrees; it is 120 in a triangle.
  static let leastCosine = -0.7071

  private let graph: RoadGraph
  private let controls: NodeControls
  /// Ends of pieces at node n are `ends[first[n] ..< first[n + 1]]`: twice the piece, and one more
  /// for its `to` end.
  private var first: [Int32]
  private var ends: [Int32]

  /// Makes the pieces of all such rings of a graph roundabouts.
  static func mark(
    _ graph: inout RoadGraph, _ controls: NodeControls, _ diagnostics: inout Diagnostics
  ) {
    let finder = Gyratories(graph, controls)
    var count = 0
    for i in graph.pieces.indices where !graph.pieces[i].profile.isRoundabout {
      guard let ring = finder.ring(from: i) else { continue }
      for k in ring { graph.pieces[k].profile.isRoundabout = true }
      count += 1
    }
    if count > 0 {
      diagnostics.note(
        "gyratories",
        "\(count) rings of streets for one direction, without signals or signs; driven like"
          + " roundabouts")
    }
  }

  private init(_ graph: RoadGraph, _ controls: NodeControls) {
    self.graph = graph
    self.controls = controls
    first = Array(repeating: 0, count: graph.positions.count + 1)
    for p in graph.pieces {
      first[Int(p.from) + 1] += 1
      first[Int(p.to) + 1] += 1
    }
    for n in graph.positions.indices { first[n + 1] += first[n] }
    var next = first
    ends = Array(repeating: -1, count: 2 * graph.pieces.count)
    for (i, p) in graph.pieces.enumerated() {
      for (node, end) in [(Int(p.from), Int32(2 * i)), (Int(p.to), Int32(2 * i + 1))] {
        ends[Int(next[node])] = end
        next[node] += 1
      }
    }
  }

  /// The pieces of the ring that a piece is part of, which runs counter-clockwise.
  private func ring(from start: Int) -> [Int]? {
    var pieces: [Int] = []
    var points: [Point2] = []
    var length = 0.0
    var arms = 0
    var i = start
    repeat {
      let p = graph.pieces[i]
      length += p.length
      guard canBePart(p), pieces.count < Self.mostPieces, length <= Self.longestRound,
        let next = following(i)
      else { return nil }
      pieces.append(i)
      points += p.points.dropLast()
      if graph.degree[Int(p.to)] > 2 { arms += 1 }
      i = next
    } while i != start
    let area = Ring.signedArea(points)
    guard arms >= Self.fewestArms, 4 * Double.pi * area >= Self.leastRoundness * length * length
    else { return nil }
    return pieces
  }

  /// Streets for one direction, neither fast nor private, on which no sign asks to yield.
  private func canBePart(_ p: RoadPiece) -> Bool {
    let profile = p.profile
    return profile.forward > 0 && profile.backward == 0 && !profile.isRamp
      && !profile.isRoundabout && p.from != p.to
      && profile.roadClass > .motorway && profile.roadClass < .service
      && !controls.hasSignals[Int(p.to)] && p.signAtTo == .none
  }

  /// The next piece of the ring: the one furthest to the left, so that no road lies within.
  ///
  /// None where the ring is not the main thing at its end: where a street of the same class goes on
  /// for one direction and straighter, as behind the corner of a block, where a higher class comes
  /// in, and where the ring all but turns back.
  private func following(_ index: Int) -> Int? {
    let p = graph.pieces[index]
    let heading = direction(p.reversed) * -1
    var best: (turn: Double, end: Int32)?
    var straightest = Self.leastCosine
    for end in ends[Int(first[Int(p.to)])..<Int(first[Int(p.to) + 1])] where end >> 1 != index {
      let other = graph.pieces[Int(end >> 1)]
      if other.profile.roadClass < p.profile.roadClass { return nil }
      let away = direction(end & 1 == 0 ? other : other.reversed)
      let turn = Self.turn(heading, away)
      if turn > best?.turn ?? -.infinity { best = (turn, end) }
      let goesOn = end & 1 == 0 && other.profile.backward == 0
      if goesOn && other.profile.roadClass == p.profile.roadClass {
        straightest = max(straightest, heading.dot(away))
      }
    }
    guard let best, best.end & 1 == 0 else { return nil }
    let next = Int(best.end >> 1)
    return heading.dot(direction(graph.pieces[next])) >= straightest ? next : nil
  }

  /// Where a piece leads at its start.
  private func direction(_ p: RoadPiece) -> Point2 {
    let reach = min(JunctionArms.directionReach, p.length / 2)
    return (Polyline.locate(p.points, at: reach).point - p.points[0]).normalized
  }

  /// Grows with the angle to the left: -2 for turning round over the right, 0 for straight on, 2
  /// for turning round over the left.
  private static func turn(_ a: Point2, _ b: Point2) -> Double {
    let across = a.cross(b)
    let along = a.dot(b)
    let turn = 1 - along / max(abs(across) + abs(along), .leastNormalMagnitude)
    return across < 0 ? -turn : turn
  }
}
