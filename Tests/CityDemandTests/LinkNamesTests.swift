import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

final class LinkNamesTests: XCTestCase {
  /// Every id leads to the first link that has it, and what is no id to none: neither a part of one
  /// nor more than one.
  func testFindsTheFirstLinkOfAName() {
    var network = TinyNetwork.build(
      [Point2(0, 0), Point2(100, 0), Point2(100, 100)],
      [TinyNetwork.Road(from: 0, to: 1), TinyNetwork.Road(from: 1, to: 2)])
    let ids = Array(network.linkExternalID.ids)
    guard ids.count > 2 else { return XCTFail("expected three links") }
    network.linkExternalID[ids[2]] = network.linkExternalID[ids[0]]
    let names = LinkNames(network)
    for link in ids {
      let name = network.linkExternalID[link]
      XCTAssertEqual(names[name], ids.first { network.linkExternalID[$0] == name }, name)
      XCTAssertNil(names[name + "x"])
    }
    for name in ["", " ", "no such link", "é"] { XCTAssertNil(names[name], name) }
  }
}
