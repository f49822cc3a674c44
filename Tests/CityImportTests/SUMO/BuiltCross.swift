import CityBase
import CityNetwork
import CityText

@testable import CityImport

/// A hand-written network and demand, imported in memory.
struct BuiltCross {
  let city: SUMOCity
  var network: RoadNetwork { city.network }

  init(_ cross: CrossText = CrossText(), routes: String? = nil, timeZone: String = "UTC") throws {
    try self.init(
      net: Array(cross.text.utf8), routes: routes.map { Array($0.utf8) }, timeZone: timeZone)
  }

  init(net: [UInt8], routes: [UInt8]?, timeZone: String = "UTC") throws {
    var (diagnostics, untaken) = (Diagnostics(), Untaken())
    let read = try net.withUnsafeBytes {
      try SUMONetReader.read($0, file: "net", diagnostics: &diagnostics, untaken: &untaken)
    }
    var input = SUMOInputReader()
    try routes?.withUnsafeBytes {
      try input.read($0, file: "rou", diagnostics: &diagnostics, untaken: &untaken)
    }
    city = try SUMOCity(
      read, input, name: "cross", timeZone: timeZone, diagnostics: diagnostics, untaken: untaken)
  }

  func link(_ name: String) -> LinkID {
    (0..<network.linkCount).map { LinkID($0) }.first { network.linkExternalID[$0] == name } ?? .none
  }

  /// The connector of one of `CrossText.ways`.
  func connector(_ way: Int) -> ConnectorID {
    let (from, to) = (link(CrossText.ways[way].from), link(CrossText.ways[way].to))
    return (0..<network.connectorCount).map { ConnectorID($0) }.first {
      network.laneLink[network.connectorFrom[$0]] == from
        && network.laneLink[network.connectorTo[$0]] == to
    } ?? .none
  }

  func conflict(_ way: Int, with other: Int) -> Conflict? {
    network.conflicts(of: connector(way)).first { $0.other == connector(other) }
  }

  func rows(_ prefix: String) -> [SUMOTrips.Row] {
    city.trips.rows.filter { $0.id.hasPrefix(prefix) }
  }

  func names(_ links: [LinkID]) -> [String] { links.map { network.linkExternalID[$0] } }
}
