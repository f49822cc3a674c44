import CityBase

/// Turn bans of the source, looked up by (from way, node, to way).
struct TurnBans {
  private struct Key: Hashable {
    var from: Int32
    var via: Int32
    var to: Int32
  }
  private var keys: Set<Key> = []
  /// Bans over several ways, by the first of them.
  private var paths: [Int32: [[Int32]]] = [:]

  init(_ source: RoadSource) {
    for b in source.turnBans { keys.insert(Key(from: b.fromWay, via: b.viaNode, to: b.toWay)) }
    for b in source.pathBans {
      if let first = b.ways.first, b.ways.count > 2 { paths[first, default: []].append(b.ways) }
    }
  }

  /// Whether a way over these ways of the source, one after the other, holds a banned path.
  func forbids(_ ways: [Int32]) -> Bool {
    if paths.isEmpty { return false }
    for (i, way) in ways.enumerated() {
      for banned in paths[way] ?? [] where ways[i...].starts(with: banned) { return true }
    }
    return false
  }

  var isEmpty: Bool { keys.isEmpty }

  func forbids(_ from: Int32, over via: Int32, into to: Int32) -> Bool {
    !keys.isEmpty && keys.contains(Key(from: from, via: via, to: to))
  }
}

extension TurnBans {
  /// Says how many bans over several ways cannot be kept, because a way between is a link of its own:
  /// links know who may turn from one into the next, not where somebody has come from before.
  static func reportUnkept(
    _ source: RoadSource, _ graph: RoadGraph, _ clusters: JunctionClusters,
    _ diagnostics: inout Diagnostics
  ) {
    guard !source.pathBans.isEmpty else { return }
    var staying: Set<Int32> = []
    for (i, piece) in graph.pieces.enumerated() where !clusters.isInside[i] {
      staying.formUnion([piece.firstWay, piece.lastWay, piece.namedBy])
    }
    let unkept = source.pathBans.count { ban in
      ban.ways.dropFirst().dropLast().contains { staying.contains($0) }
    }
    guard unkept > 0 else { return }
    diagnostics.note(
      "path-ban-unkept",
      "\(unkept) bans of turns over several ways are not kept: a way between is too long to be part"
        + " of one junction")
  }
}
