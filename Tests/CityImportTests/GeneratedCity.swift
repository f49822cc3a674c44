import CityBase
import CityModel
import CityNetwork

@testable import CityImport

/// A generated city with the questions the tests ask of it.
struct GeneratedCity {
  let draft: CityDraft
  /// Straight pieces of all ways.
  var pieces: [(from: Int, to: Int, way: Int)] = []
  /// Pieces around each node, as index and whether it leaves in the way's direction.
  var around: [[Int]]

  init(seed: UInt64, size: Double) throws {
    try self.init(CityGeneratorOptions(seed: seed, sizeKilometers: size, streets: .simple))
  }

  init(_ options: CityGeneratorOptions) throws {
    draft = try CityGenerator.generate(options)
    around = Array(repeating: [], count: draft.roads.nodes.count)
    for (w, way) in draft.roads.ways.enumerated() {
      for (a, b) in zip(way.nodes, way.nodes.dropFirst()) {
        around[Int(a)].append(pieces.count)
        around[Int(b)].append(pieces.count)
        pieces.append((Int(a), Int(b), w))
      }
    }
  }

  func position(_ node: Int) -> Point2 { draft.roads.nodes[node].position }
  func way(_ piece: Int) -> RoadSource.Way { draft.roads.ways[pieces[piece].way] }
  func other(_ piece: Int, than node: Int) -> Int {
    pieces[piece].from == node ? pieces[piece].to : pieces[piece].from
  }
  func entities(_ kind: EntityKind) -> [DraftEntity] { draft.entities.filter { $0.kind == kind } }

  static func rings(_ e: DraftEntity) -> [[Point2]] {
    guard case .polygons(let polygons) = e.shape else { return [] }
    return polygons.flatMap { $0 }
  }
  static func number(_ e: DraftEntity, _ name: String) -> Int64? {
    for p in e.properties where p.name == name {
      if case .integer(let n) = p.value { return n }
    }
    return nil
  }
  static func text(_ e: DraftEntity, _ name: String) -> String? {
    for p in e.properties where p.name == name {
      if case .text(let t) = p.value { return t }
    }
    return nil
  }
  /// Area with holes taken off.
  static func area(_ e: DraftEntity) -> Double {
    rings(e).reduce(0) { $0 + Ring.signedArea($1) }
  }

  /// Nodes that can be reached from a node along the directions of travel, or against them.
  func reached(from start: Int, backwards: Bool) -> Int {
    var seen = Array(repeating: false, count: around.count)
    seen[start] = true
    var queue = [start]
    var i = 0
    while i < queue.count {
      let node = queue[i]
      i += 1
      for piece in around[node] {
        let isForward = (pieces[piece].from == node) != backwards
        let lanes = isForward ? way(piece).forwardLanes : way(piece).backwardLanes
        let next = other(piece, than: node)
        if lanes > 0, !seen[next] {
          seen[next] = true
          queue.append(next)
        }
      }
    }
    return queue.count
  }

  /// Everything of a draft in one text, to tell two apart.
  static func text(of draft: CityDraft) -> String {
    "\(draft.entities) \(draft.roads.nodes) \(draft.roads.ways)"
  }
}

/// Pairs of things whose boxes come near, by a grid over the plane.
struct NearPairs {
  private let size: Double
  private var cells: [Cell: [Int]] = [:]
  private struct Cell: Hashable {
    var x: Int
    var y: Int
  }

  init(boxes: [Box2], cellSize: Double) {
    size = cellSize
    for (i, b) in boxes.enumerated() { for c in cellsOf(b) { cells[c, default: []].append(i) } }
  }

  private func cellsOf(_ b: Box2) -> [Cell] {
    let x = Int((b.min.x / size).rounded(.down))...Int((b.max.x / size).rounded(.down))
    let y = Int((b.min.y / size).rounded(.down))...Int((b.max.y / size).rounded(.down))
    return x.flatMap { x in y.map { Cell(x: x, y: $0) } }
  }

  func near(_ b: Box2) -> Set<Int> { Set(cellsOf(b).flatMap { cells[$0] ?? [] }) }
}
