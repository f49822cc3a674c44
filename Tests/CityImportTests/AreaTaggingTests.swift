import CityBase
import CityModel
import XCTest

@testable import CityImport

/// Kerb bays, car parks, ways on foot, buildings and areas made of relations.
final class AreaTaggingTests: XCTestCase {
  private func entities(_ kind: EntityKind, _ town: TownText) throws -> [DraftEntity] {
    try town.draft().entities.filter { $0.kind == kind }
  }

  /// Bays on both sides of a street of 200 m, of which 190 m may be used: at 5.7 m a bay along the
  /// kerb 33, at 3.54 m aslant 53, at 2.5 m upright 76.
  func testKerbBays() throws {
    let cases: [(String, [String])] = [
      ("parking:both=lane", ["left 33", "right 33"]),
      ("parking:both=lane parking:both:orientation=perpendicular", ["left 76", "right 76"]),
      ("parking:left=street_side parking:left:orientation=diagonal parking:right=no", ["left 53"]),
      ("parking:right=half_on_kerb parking:right:capacity=12", ["right 12"]),
      ("parking:right=separate", []), ("parking:both=no", []),
      ("parking:both=lane parking:both:access=private", []),
      ("parking:both=lane parking:left:restriction=no_stopping", ["right 33"]),
      ("parking:lane:both=parallel", ["left 33", "right 33"]),
      ("parking:lane:right=perpendicular", ["right 76"]),
      ("parking:lane:left=diagonal parking:lane:right=no_parking", ["left 53"]),
      ("parking:lane:both=parallel parking:condition:both=residents", []),
      ("parking:lane:left=fire_lane", []), ("highway=residential", []),
    ]
    for (tags, expected) in cases {
      let bays = try entities(.parking, TownText.street("highway=residential " + tags))
      XCTAssertEqual(
        bays.map { "\($0.id.split(separator: ".")[1]) \(Int($0.number("capacity") ?? 0))" },
        expected, tags)
      for bay in bays {
        XCTAssertEqual(bay.text("type"), "kerb")
        guard case .line(let points) = bay.shape else { return XCTFail("no line") }
        // The way runs east: its left is north. The ends stay clear.
        XCTAssertEqual(Polyline.length(points), 190, accuracy: 0.1)
        for p in points { XCTAssertEqual(p.y > 0, bay.id.hasSuffix("left")) }
      }
    }
    let free = try entities(
      .parking, TownText.street("highway=residential parking:both=lane parking:both:fee=no"))
    XCTAssertEqual(free.map { $0.number("price_cny_h") }, [0, 0])
    // What is no road of the network has no kerb.
    XCTAssertEqual(
      try entities(.parking, TownText.street("highway=footway parking:both=lane")).count, 0)
  }

  func testCarParksAreForThePublic() throws {
    let cases: [(String, Int)] = [
      ("", 1), ("access=yes", 1), ("access=customers", 1), ("access=permissive", 1),
      ("access=private", 0), ("access=no", 0), ("access=residents", 0), ("access=permit", 0),
      ("access=private motor_vehicle=yes", 1),
    ]
    for (tags, count) in cases {
      var town = TownText()
      town.rectangle(1, 0, 0, 50, 50, TownText.tags("amenity=parking capacity=80 " + tags))
      let draft = try town.draft()
      XCTAssertEqual(draft.entities.count, count, tags)
      XCTAssertEqual(draft.diagnostics.count(of: "osm-parking-private"), 1 - count, tags)
    }
  }

  func testWaysOnFoot() throws {
    for (tags, isThere) in [
      ("highway=footway", true), ("highway=path", true), ("highway=pedestrian", true),
      ("highway=steps step_count=20", true), ("highway=cycleway", true),
      ("highway=cycleway foot=no", false), ("highway=bridleway", true), ("highway=track", true),
      ("highway=footway footway=crossing crossing=zebra", true), ("highway=residential", false),
      ("highway=proposed proposed=footway", false),
    ] {
      let found = try entities(.footway, TownText.street(tags))
      XCTAssertEqual(found.count, isThere ? 1 : 0, tags)
      XCTAssertEqual(found.first?.value("steps"), isThere ? .bool(tags.contains("steps")) : nil)
    }
  }

  func testStreetPoints() throws {
    var town = TownText.street("highway=tertiary")
    for (i, tags) in [
      "highway=bus_stop", "public_transport=platform bus=yes", "highway=crossing crossing=zebra",
      "barrier=kerb kerb=lowered", "railway=level_crossing", "traffic_calming=hump",
      "highway=stop", "highway=give_way", "barrier=bollard", "highway=street_lamp",
    ].enumerated() {
      town.node(100 + i, Double(i) * 10, 20, TownText.tags(tags))
    }
    let layer = try XCTUnwrap(try town.draft().sideLayers.first)
    XCTAssertEqual(layer.fileName, "street_points.geojson")
    XCTAssertEqual(
      layer.features.map { $0.properties.first?.value },
      [
        "bus_stop", "bus_stop", "crossing", "kerb", "level_crossing", "traffic_calming",
        "stop_sign", "give_way_sign", "barrier",
      ].map { .text($0) })
    XCTAssertEqual(layer.features.map(\.id), (100...108).map { "n\($0)" })
  }

  func testBuildings() throws {
    var town = TownText()
    // The part is drawn over the whole; it is no house of its own.
    town.rectangle(1, 0, 0, 20, 20, TownText.tags("building=apartments building:levels=5"))
    town.rectangle(2, 0, 0, 20, 10, TownText.tags("building:part=yes building:levels=9"))
    town.rectangle(3, 50, 0, 20, 20, TownText.tags("building=construction"))
    town.rectangle(4, 80, 0, 20, 20, TownText.tags("building=school height=9"))
    town.rectangle(5, 110, 0, 20, 20, TownText.tags("building=yes amenity=hospital"))
    // A relation that groups a building and its parts says nothing new.
    town.relation(
      6, [("way", 1, "outline"), ("way", 2, "part")], TownText.tags("type=building building=yes"))
    let found = try entities(.building, town)
    XCTAssertEqual(found.map(\.id), ["w1", "w4", "w5"])
    XCTAssertEqual(found.map { $0.text("use") }, ["residential", "education", "health"])
    XCTAssertEqual(found.map { $0.number("levels") }, [5, 3, 3])
    XCTAssertEqual(found[0].number("floor_area_m2") ?? 0, 2000, accuracy: 2)
  }

  /// Ten nodes for rings: an outer square 1 2 3 4 of 100 m, a hole 5 6 7 8 of 20 m in its middle,
  /// and a diamond 3 9 10 that touches the square at node 3.
  private func rings() -> TownText {
    var town = TownText()
    for (id, x, y) in [
      (1, 0.0, 0.0), (2, 100, 0), (3, 100, 100), (4, 0, 100), (5, 40, 40), (6, 60, 40),
      (7, 60, 60), (8, 40, 60), (9, 150, 100), (10, 150, 150),
    ] { town.node(id, x, y) }
    return town
  }

  private func areas(_ town: TownText) throws -> [[Double]] {
    try entities(.building, town).map {
      guard case .polygons(let polygons) = $0.shape else { return [] }
      return polygons.flatMap { $0.map { abs(Ring.signedArea($0)).rounded() } }
    }
  }

  func testMultipolygons() throws {
    let tags = TownText.tags("type=multipolygon building=yes")
    // Split ways, in either direction, and an inner ring.
    var town = rings()
    town.way(1, [1, 2, 3], [:])
    town.way(2, [1, 4, 3], [:])
    town.way(3, [5, 6, 7, 8, 5], [:])
    town.relation(1, [("way", 1, "outer"), ("way", 2, "outer"), ("way", 3, "inner")], tags)
    XCTAssertEqual(try areas(town), [[10_000, 400]])
    // No roles: what lies inside is a hole.
    town = rings()
    town.way(1, [1, 2, 3, 4, 1], [:])
    town.way(3, [5, 6, 7, 8, 5], [:])
    town.relation(1, [("way", 3, ""), ("way", 1, "")], tags)
    XCTAssertEqual(try areas(town), [[10_000, 400]])
    // One ring, half with a role and half without.
    town = rings()
    town.way(1, [1, 2, 3], [:])
    town.way(2, [3, 4, 1], [:])
    town.relation(1, [("way", 1, "outer"), ("way", 2, "")], tags)
    XCTAssertEqual(try areas(town), [[10_000]])
    // Two rings in one line that meet at node 3, drawn as an eight.
    town = rings()
    town.way(1, [1, 2, 3, 9, 10], [:])
    town.way(2, [10, 3, 4, 1], [:])
    town.relation(1, [("way", 1, "outer"), ("way", 2, "outer")], tags)
    XCTAssertEqual(try areas(town).map { $0.sorted() }, [[1250, 10_000]])
    // An island in the hole is a polygon of its own.
    town = rings()
    town.way(1, [1, 2, 3, 4, 1], [:])
    town.way(3, [5, 6, 7, 8, 5], [:])
    town.rectangle(20, 45, 45, 10, 10, [:])
    town.relation(1, [("way", 1, "outer"), ("way", 3, "inner"), ("way", 20, "outer")], tags)
    XCTAssertEqual(try areas(town), [[10_000, 400, 100]])
  }

  func testBrokenRingsAreSaid() throws {
    let tags = TownText.tags("type=multipolygon building=yes")
    var town = rings()
    town.way(1, [1, 2, 3, 4], [:])
    town.relation(1, [("way", 1, "outer")], tags)
    var draft = try town.draft()
    XCTAssertEqual(draft.entities.count, 0)
    XCTAssertTrue(
      draft.diagnostics.entries.contains {
        $0.code == "osm-open-area" && $0.message.contains("open at node 4")
      })
    town = rings()
    town.way(1, [1, 2, 3], [:])
    town.relation(1, [("way", 1, "outer"), ("way", 99, "outer")], tags)
    draft = try town.draft()
    XCTAssertTrue(
      draft.diagnostics.entries.contains {
        $0.code == "osm-open-area" && $0.message.contains("1 of its ways")
      })
    // A boundary all of whose ways are there, and that still does not close.
    town = rings()
    town.way(1, [1, 2, 3, 4], [:])
    town.relation(
      1, [("way", 1, "outer")],
      TownText.tags("type=boundary boundary=administrative admin_level=9"))
    draft = try town.draft()
    XCTAssertEqual(draft.diagnostics.count(of: "osm-broken-boundary"), 1)
  }

  func testBoundaries() throws {
    var town = rings()
    town.way(1, [1, 2, 3], [:])
    town.way(2, [3, 4, 1], [:])
    town.node(30, 50, 50, TownText.tags("place=suburb name=Centre population=4000"))
    town.relation(
      7, [("way", 1, "outer"), ("way", 2, "outer"), ("node", 30, "admin_centre")],
      TownText.tags("type=boundary boundary=administrative admin_level=9 name=District"))
    let found = try entities(.district, town)
    XCTAssertEqual(found.map(\.id), ["r7"])
    XCTAssertEqual(found[0].text("name"), "District")
    XCTAssertEqual(found[0].number("population"), 4000)
  }
}
