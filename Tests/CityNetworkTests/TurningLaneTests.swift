import CityBase
import CityNetwork
import XCTest

/// Turning lanes that begin shortly before a junction, and what they are to those who go straight on.
final class TurningLaneTests: XCTestCase {
  private func assertSound(_ built: BuiltSketch, line: UInt = #line) {
    XCTAssertEqual(NetworkInvariants.breaches(built.network), [], line: line)
  }

  /// A one-way road of some lanes that widens 60 m before a crossing, with arrows, kerb lane first.
  /// A driveway may come out where it widens.
  private func widening(from lanes: Int, to arrows: [LaneTurns], driveway: Bool = false)
    -> BuiltSketch
  {
    var s = Sketch()
    for (name, x, y) in [
      ("w", -400.0, 0.0), ("a", -70, 0), ("m", 0, 0), ("e", 300, 0), ("s", 0, -300), ("n", 0, 300),
      ("yard", -70, -80),
    ] {
      s.node(name, x, y)
    }
    s.way("road", "w a", .primary, lanes: lanes, backward: 0)
    let wide = s.way("wide", "a m", .primary, lanes: arrows.count, backward: 0)
    s.way("out", "m e", .primary, lanes: 3, backward: 0)
    s.way("ns", "s m n", .primary, lanes: 2)
    if driveway { s.way("yard", "yard a", .service, lanes: 1, backward: 0) }
    s.mark(wide, arrows)
    let built = s.build()
    assertSound(built)
    return built
  }

  /// The lanes that go on are those without a turning arrow; the turning lanes open beside them. By the
  /// road's middle alone the innermost of three lanes would end in the left turn.
  func testThroughLanesGoOnBesideNewTurningLanes() {
    XCTAssertEqual(
      widening(from: 3, to: [[], [], [], .left, .left]).lanes("road+0", "wide+0"),
      [[0, 0], [1, 1], [2, 2], [2, 3], [2, 4]])
    XCTAssertEqual(
      widening(from: 2, to: [.right, .through, .through]).lanes("road+0", "wide+0"),
      [[0, 0], [0, 1], [1, 2]])
    XCTAssertEqual(
      widening(from: 1, to: [.right, .through, .left]).lanes("road+0", "wide+0"),
      [[0, 0], [0, 1], [0, 2]])
  }

  /// A driveway that comes out where the road widens takes none of the new lanes away from the road.
  func testADrivewayLeavesTheNewLanesToTheRoad() {
    let built = widening(from: 2, to: [[], [], .left], driveway: true)
    XCTAssertEqual(built.lanes("road+0", "wide+0"), [[0, 0], [1, 1], [1, 2]])
    XCTAssertEqual(built.lanes("yard+0", "wide+0"), [[0, 0]])
  }

  /// A turning lane runs past a driveway 100 m before its crossing: it goes on as the same lane,
  /// however many lanes open on the other side, and one can turn from it into the driveway too.
  func testATurningLaneRunsPastADriveway() {
    for arrows: [LaneTurns] in [[.right, [], []], [.right, [], [], .left]] {
      var s = Sketch()
      for (name, x, y) in [
        ("w", -400.0, 0.0), ("a", -110, 0), ("m", 0, 0), ("e", 300, 0), ("s", 0, -300),
        ("n", 0, 300), ("yard", -110, -80),
      ] {
        s.node(name, x, y)
      }
      let first = s.way("first", "w a", .primary, lanes: 3, backward: 0)
      let second = s.way("second", "a m", .primary, lanes: arrows.count, backward: 0)
      s.way("out", "m e", .primary, lanes: 2, backward: 0)
      s.way("ns", "s m n", .primary, lanes: 2)
      s.way("yard", "a yard", .service, lanes: 1, backward: 0)
      s.mark(first, [.right, [], []])
      s.mark(second, arrows)
      let built = s.build()
      assertSound(built)
      let bay = arrows.count == 4 ? [[2, 3]] : []
      XCTAssertEqual(
        built.lanes("first+0", "second+0"), [[0, 0], [1, 1], [2, 2]] + bay, "\(arrows.count)")
      XCTAssertEqual(built.lanes("first+0", "yard+0"), [[0, 0]])
      // At the crossing the arrow holds.
      XCTAssertEqual(built.lanes("second+0", "ns-0").map { $0[0] }, [0])
      XCTAssertEqual(built.lanes("second+0", "out+0").map { $0[0] }, [1, 2])
    }
  }

  /// An arrow for a street that is no driveway is meant for it, though the next crossing has one too.
  func testAnArrowForAStreetIsMeantForIt() {
    var s = Sketch()
    for (name, x, y) in [
      ("w", -400.0, 0.0), ("a", -110, 0), ("m", 0, 0), ("e", 300, 0), ("s", 0, -300),
      ("n", 0, 300), ("street", -110, -200),
    ] {
      s.node(name, x, y)
    }
    let road = s.way("road", "w a m", .primary, lanes: 3, backward: 0)
    s.way("out", "m e", .primary, lanes: 2, backward: 0)
    s.way("ns", "s m n", .primary, lanes: 2)
    s.way("street", "a street", .residential, lanes: 1, backward: 0)
    s.mark(road, [.right, [], []])
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.lanes("road+0", "street+0").map { $0[0] }, [0])
    // The kerb lane beyond is a new one.
    XCTAssertEqual(built.lanes("road+0", "road+1"), [[1, 0], [1, 1], [2, 2]])
  }
}
