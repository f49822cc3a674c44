import CityBase
import CityNetwork
import XCTest

/// Who yields where roads of several kinds meet, and who has lights of his own.
final class RightOfWayTests: XCTestCase {
  private func assertSound(_ built: BuiltSketch, line: UInt = #line) {
    XCTAssertEqual(NetworkInvariants.breaches(built.network), [], line: line)
  }

  /// The end of a ramp at a main road: the ramp has the class of the motorway that it comes from, and
  /// yields all the same, whichever way it turns.
  func testARampYieldsToTheRoadItLeadsTo() {
    for roadClass in [RoadClass.primary, .secondary, .residential] {
      var s = Sketch()
      for (name, x, y) in [("m", 0.0, 0.0), ("w", -300, 0), ("e", 300, 0), ("r", 40, -300)] {
        s.node(name, x, y)
      }
      s.way("ew", "w m e", roadClass)
      s.way("off", "r m", .motorway, lanes: 1, backward: 0, ramp: true)
      let built = s.build()
      assertSound(built)
      XCTAssertEqual(built.network.junctionControl[built.junction(0, 0)], .priority)
      XCTAssertEqual(built.conflict(("off+0", "ew+1"), ("ew+0", "ew+1"))?.yields, 1)
      XCTAssertEqual(built.conflict(("off+0", "ew-0"), ("ew+0", "ew+1"))?.yields, 1)
      XCTAssertEqual(built.conflict(("off+0", "ew-0"), ("ew-1", "ew-0"))?.yields, 1)
    }
    // Of ramps alone, classes tell as of all roads.
    var s = Sketch()
    for (name, x, y) in [("m", 0.0, 0.0), ("w", -300, 0), ("e", 300, 0), ("r", 40, -300)] {
      s.node(name, x, y)
    }
    s.way("ew", "w m e", .motorway, lanes: 1, backward: 0, ramp: true)
    s.way("off", "r m", .primary, lanes: 1, backward: 0, ramp: true)
    let built = s.build()
    XCTAssertEqual(built.network.junctionControl[built.junction(0, 0)], .priority)
  }

  /// A street of two carriageways and lights, where one street and one driveway come out: across from
  /// the street the driveway is the fourth arm and has lights; beside it, it comes out as it can.
  /// Where only driveways cross, the lights are for them.
  func testTheFourthArmOfACrossingHasLights() {
    func built(streets: String, driveways: String) -> BuiltSketch {
      var s = Sketch()
      for (name, x, y) in [
        ("w", -300.0, -8.0), ("w2", -300, 8), ("e", 300, 8), ("e2", 300, -8), ("s", 0, -300),
        ("n", 0, 300), ("c", 200, -300),
      ] {
        s.node(name, x, y)
      }
      s.node("m", 0, 0, .signals)
      for (name, nodes) in [("west", "w m"), ("wout", "m w2"), ("east", "e m"), ("eout", "m e2")] {
        s.way(name, nodes, .primary, lanes: 2, backward: 0)
      }
      for arm in streets { s.way(String(arm), "\(arm) m", .tertiary) }
      for arm in driveways { s.way(String(arm), "\(arm) m", .service) }
      return s.build()
    }
    func haveLights(_ built: BuiltSketch, _ arm: String) -> Bool {
      let own = built.network.connectorFrom.ids.filter {
        built.network.laneLink[built.network.connectorFrom[$0]] == built.link(arm + "+0")
      }
      XCTAssertFalse(own.isEmpty)
      return own.allSatisfy { built.network.connectorGroup[$0] >= 0 }
    }
    let fourth = built(streets: "s", driveways: "n")
    assertSound(fourth)
    XCTAssertTrue(haveLights(fourth, "s") && haveLights(fourth, "n") && haveLights(fourth, "west"))
    let fifth = built(streets: "sn", driveways: "c")
    assertSound(fifth)
    XCTAssertFalse(haveLights(fifth, "c"))
    let only = built(streets: "", driveways: "sn")
    assertSound(only)
    XCTAssertTrue(haveLights(only, "s") && haveLights(only, "n") && haveLights(only, "west"))
  }

  /// A motorway of three lanes that parts in two of one class, all arrows straight on: each lane goes
  /// on by itself, so that nobody has to change and none has to end.
  func testLanesThatAllGoOnPartSideBySide() {
    for (left, right) in [(1, 2), (2, 1)] {
      var s = Sketch()
      for (name, x, y) in [
        ("w", -500.0, 0.0), ("m", 0, 0), ("l", 500, 30), ("r", 500, -30),
      ] {
        s.node(name, x, y)
      }
      let road = s.way("road", "w m", .motorway, lanes: 3, backward: 0)
      s.way("left", "m l", .motorway, lanes: left, backward: 0)
      s.way("right", "m r", .motorway, lanes: right, backward: 0)
      s.mark(road, [.through, .through, .through])
      let built = s.build()
      assertSound(built)
      XCTAssertEqual(built.lanes("road+0", "right+0"), (0..<right).map { [$0, $0] })
      XCTAssertEqual(built.lanes("road+0", "left+0"), (0..<left).map { [right + $0, $0] })
    }
  }

  /// An exit to the right that runs alongside the road at first: where it is tells the side, not how
  /// it points there. The kerb lane has an arrow to it, the other three go on.
  func testAnExitThatRunsAlongsideIsOnItsSide() {
    var s = Sketch()
    for (name, x, y) in [
      ("w", -500.0, 0.0), ("m", 0, 0), ("e", 900, 0), ("x1", 12, -4), ("x2", 120, -3.5),
      ("x3", 400, -60),
    ] {
      s.node(name, x, y)
    }
    let road = s.way("road", "w m", .motorway, lanes: 4, backward: 0)
    s.way("main", "m e", .motorway, lanes: 3, backward: 0)
    s.way("exit", "m x1 x2 x3", .motorway, lanes: 1, backward: 0, ramp: true)
    s.mark(road, [.slightRight, [], [], []])
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.lanes("road+0", "exit+0"), [[0, 0]])
    XCTAssertEqual(built.lanes("road+0", "main+0"), [[1, 0], [2, 1], [3, 2]])
  }
}
