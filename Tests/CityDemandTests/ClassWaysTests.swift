import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

final class ClassWaysTests: XCTestCase {
  /// West to east on a short street that is closed to lorries in its middle, on a longer one closed
  /// to bicycles, or round by one that is longer still and open to all.
  private func network() -> RoadNetwork {
    var source = RoadSource()
    let places = [
      (0, 0), (300, 0), (600, 0), (900, 0), (300, 200), (600, 200), (300, -60), (600, -60),
    ]
    for (i, place) in places.enumerated() {
      source.nodes.append(
        RoadSource.Node(
          position: Point2(Double(place.0), Double(place.1)), externalID: Int64(i)))
    }
    func way(_ id: String, _ nodes: [Int32], _ access: Access, _ speed: Double) {
      source.ways.append(
        RoadSource.Way(
          externalID: id, nodes: nodes, roadClass: .secondary, forwardLanes: 1, backwardLanes: 1,
          speedLimit: speed / 3.6, access: access))
    }
    way("west", [0, 1], .all, 50)
    way("middle", [1, 2], Access.all.subtracting(.truck), 50)
    way("round", [1, 4, 5, 2], .all, 50)
    way("fast", [1, 6, 7, 2], Access.motor, 50)
    way("east", [2, 3], .all, 50)
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  private func ways(_ trips: [Trip], on network: RoadNetwork) throws -> [String: String] {
    let graph = TurnGraph(network)
    let assigner = RouteAssigner(
      network: network, graph: graph, random: RandomStream(seed: 1), model: .perturbed(spread: 0))
    let found = try assigner.assign(trips) { count, body in (0..<count).forEach(body) }
    var ways: [String: String] = [:]
    for id in found.trips.ids {
      let ids = found.routes.links(of: id).map {
        network.linkExternalID[$0].split(separator: "+")[0].split(separator: "-")[0]
      }
      ways[found.trips[id].name] = ids.joined(separator: " ")
    }
    for refused in found.refused { ways[refused.trip.name] = refused.reason }
    return ways
  }

  func testEverybodyKeepsToTheLinksOpenToHim() throws {
    let network = network()
    func link(_ id: String) -> LinkID {
      network.linkExternalID.ids.first { network.linkExternalID[$0].hasPrefix(id + "+") } ?? .none
    }
    func trip(_ name: String, _ access: Access, to: String = "east", top: Float = .infinity) -> Trip
    {
      var trip = Trip(
        name: name, departureMilliseconds: 0, origin: AccessPoint(link: link("west"), offset: 50),
        destination: AccessPoint(link: link(to), offset: 100))
      trip.access = access
      trip.topSpeed = top
      return trip
    }
    let ways = try ways(
      [
        trip("car", .car), trip("lorry", .truck, top: 80 / 3.6),
        trip("bike", .bicycle, top: 25 / 3.6), trip("delivery", .truck, to: "middle"),
      ], on: network)
    XCTAssertEqual(ways["car"], "west middle east")
    XCTAssertEqual(ways["lorry"], "west fast east")
    XCTAssertEqual(ways["bike"], "west middle east")
    XCTAssertEqual(ways["delivery"], "west middle", "whoever has business there may go there")
  }
}
