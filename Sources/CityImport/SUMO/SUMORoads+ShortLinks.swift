import CityNetwork

/// What the rest of a scenario has to know of edges that junctions have taken in.
extension SUMORoads {
  /// The edges after and before one that is part of a junction: where trips that would begin or end
  /// on it do so.
  struct StandIns {
    var after: String?
    var before: String?
  }

  mutating func absorbShortLinks(_ untaken: inout Untaken) {
    var connectionOf = Array(repeating: -1, count: source.connectors.count)
    var signals = Array(repeating: Set<String>(), count: source.junctions.count)
    for (i, c) in net.connections.enumerated() where connectorOfConnection[i] >= 0 {
      connectionOf[connectorOfConnection[i]] = i
      if c.signal.isEmpty { continue }
      let from = source.connectors[connectorOfConnection[i]].fromLink
      signals[source.links[from].to].insert(c.signal)
    }
    let short = ShortLinks(source, signals: signals)
    connectionsOfConnector = short.parts.map { $0.map { connectionOf[$0] } }
    setStandIns(short.linkNow)
    for link in short.leftShort {
      untaken.add(
        "edges without room for a car",
        "kept, because they are a road's end or lie between signals",
        example: source.links[link].externalID)
    }
    for e in linkOfEdge.indices where linkOfEdge[e] >= 0 {
      linkOfEdge[e] = short.linkNow[linkOfEdge[e]]
    }
    edgeOfLink = edgeOfLink.indices.filter { short.linkNow[$0] >= 0 }.map { edgeOfLink[$0] }
    source = short.source
  }

  private mutating func setStandIns(_ linkNow: [Int]) {
    // By link: the one straight on after it, or before; else any.
    var after = Array(repeating: -1, count: source.links.count)
    var before = after
    for c in source.connectors {
      if after[c.fromLink] < 0 || c.turn == .through { after[c.fromLink] = c.toLink }
      if before[c.toLink] < 0 || c.turn == .through { before[c.toLink] = c.fromLink }
    }
    func left(_ link: Int, _ next: [Int]) -> String? {
      var at = link
      // A handful in a row, or a circle.
      for _ in 0..<8 where next[at] >= 0 {
        at = next[at]
        if linkNow[at] >= 0 { return source.links[at].externalID }
      }
      return nil
    }
    for link in source.links.indices where linkNow[link] < 0 {
      absorbedEdges[source.links[link].externalID] = StandIns(
        after: left(link, after), before: left(link, before))
    }
  }
}
