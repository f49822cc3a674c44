import CityBase
import CityNetwork

@testable import CityImport

/// A town whose network is built, seen through the ids of its ways: link `11+0` is the first piece
/// of way 11 in the direction of its traffic, `11-0` the other way.
struct BuiltTown {
  let draft: CityDraft
  let network: RoadNetwork
  let diagnostics: Diagnostics

  init(_ town: TownText, _ options: OSMImportOptions = OSMImportOptions()) throws {
    draft = try town.draft(options)
    var diagnostics = draft.diagnostics
    network = NetworkBuilder.build(draft.roads, diagnostics: &diagnostics)
    try network.validate()
    self.diagnostics = diagnostics
  }

  func name(_ link: LinkID) -> String { network.linkExternalID[link] }

  var linkNames: [String] { (0..<network.linkCount).map { name(LinkID($0)) }.sorted() }

  func link(_ name: String) -> LinkID {
    (0..<network.linkCount).map { LinkID($0) }.first { self.name($0) == name } ?? .none
  }

  func lanes(_ name: String) -> Int {
    let link = link(name)
    return link.isSome ? network.lanes(of: link).count : 0
  }

  /// The lane of a connector's end as `11+0/0`, kerb lane 0.
  private func place(_ lane: LaneID) -> String {
    let link = network.laneLink[lane]
    return "\(name(link))/\(lane.index - network.lanes(of: link).lowerBound)"
  }

  /// Every connector as `11+0/0 > 12+0/0`.
  var connectors: [String] {
    (0..<network.connectorCount).map {
      let c = ConnectorID($0)
      return "\(place(network.connectorFrom[c])) > \(place(network.connectorTo[c]))"
    }.sorted()
  }

  /// The links that can be driven into from a link.
  func next(_ name: String) -> [String] {
    let link = link(name)
    var found: Set<String> = []
    for lane in link.isSome ? network.lanes(of: link) : 0..<0 {
      for c in network.connectors(from: LaneID(lane)) {
        found.insert(self.name(network.laneLink[network.connectorTo[ConnectorID(c)]]))
      }
    }
    return found.sorted()
  }

  /// The links that can be reached from a link over others whose names start with `prefix`.
  func next(_ name: String, over prefix: String) -> [String] {
    var found: Set<String> = []
    var waiting = [name]
    while let one = waiting.popLast() {
      for next in next(one) where found.insert(next).inserted && next.hasPrefix(prefix) {
        waiting.append(next)
      }
    }
    return found.filter { !$0.hasPrefix(prefix) }.sorted()
  }

  /// The junction at the end of a link.
  func junction(after name: String) -> JunctionID { network.linkTo[link(name)] }

  func control(after name: String) -> JunctionControl {
    network.junctionControl[junction(after: name)]
  }

  /// Who yields where two movements, each from a link to a link, meet: 1 the first, -1 the second,
  /// 0 neither; nil where they have no conflict.
  func yields(_ a: (String, String), _ b: (String, String)) -> Int? {
    for x in connectors(a) {
      for conflict in network.conflicts(of: x) where connectors(b).contains(conflict.other) {
        return Int(conflict.yields)
      }
    }
    return nil
  }

  private func connectors(_ movement: (String, String)) -> [ConnectorID] {
    (0..<network.connectorCount).map { ConnectorID($0) }.filter {
      name(network.laneLink[network.connectorFrom[$0]]) == movement.0
        && name(network.laneLink[network.connectorTo[$0]]) == movement.1
    }
  }

  func way(_ id: String) -> RoadSource.Way? { draft.roads.ways.first { $0.externalID == id } }

  func node(_ id: Int64) -> RoadSource.Node? {
    draft.roads.nodes.first { $0.externalID == id }
  }
}

extension TownText {
  /// Four arms of 120 m at node 1: way 11 comes from the west, 12 goes on east, 13 comes from the
  /// south, 14 goes on north. Tags by way, as `k=v k=v`.
  static func crossing(
    _ west: String, _ east: String, _ south: String, _ north: String, node: String = ""
  ) -> TownText {
    var town = TownText()
    town.node(1, 0, 0, tags(node))
    town.node(2, -120, 0)
    town.node(3, 120, 0)
    town.node(4, 0, -120)
    town.node(5, 0, 120)
    town.way(11, [2, 1], tags(west))
    town.way(12, [1, 3], tags(east))
    town.way(13, [4, 1], tags(south))
    town.way(14, [1, 5], tags(north))
    return town
  }

  /// A straight street of 200 m: way 11 from the west to the east over nodes 2, 1, 3.
  static func street(_ text: String, node: String = "") -> TownText {
    var town = TownText()
    town.node(2, -100, 0)
    town.node(1, 0, 0, tags(node))
    town.node(3, 100, 0)
    town.way(11, [2, 1, 3], tags(text))
    return town
  }
}
