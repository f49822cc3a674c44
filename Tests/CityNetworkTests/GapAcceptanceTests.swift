import CityBase
import CityNetwork
import XCTest

final class GapAcceptanceTests: XCTestCase {
  private func gap(_ built: BuiltSketch, _ from: String, _ to: String) -> Float {
    GapAcceptance(built.connectors(from, to)[0], in: built.network).criticalSeconds
  }

  /// The base critical headways of the Highway Capacity Manual 2000, exhibit 17-5: 4.1 s across from
  /// the major road; from the minor one 6.2 s towards the kerb and 7.1 s across.
  func testMajorAndMinorRoads() {
    for drivesOnRight in [true, false] {
      var s = Sketch(drivesOnRight: drivesOnRight)
      s.node("m", 0, 0)
      s.node("w", -200, 0)
      s.node("e", 200, 0)
      s.node("s", 0, -200)
      s.way("main", "w m e", .secondary)
      s.way("side", "s m", .residential)
      let built = s.build()
      // Who drives on the left crosses the oncoming lane from the west.
      let across = drivesOnRight ? "main-1" : "main+0"
      XCTAssertEqual(gap(built, across, "side-0"), 4.1)
      XCTAssertEqual(gap(built, "side+0", drivesOnRight ? "main+1" : "main-0"), 6.2)
      XCTAssertEqual(gap(built, "side+0", drivesOnRight ? "main-0" : "main+1"), 7.1)
    }
  }

  /// A permissive green across the oncoming traffic: 4.5 s (chapter 16, appendix C). Between equal
  /// roads one has to watch those who cross as well.
  func testPermissiveTurnsAndEqualRoads() {
    for (control, seconds) in [(NodeControl.signals, Float(4.5)), (.none, 7.1)] {
      var s = Sketch()
      s.node("m", 0, 0, control)
      s.node("w", -200, 0)
      s.node("e", 200, 0)
      s.node("s", 0, -200)
      s.node("n", 0, 200)
      s.way("ew", "w m e", .residential)
      s.way("ns", "s m n", .residential)
      let built = s.build()
      XCTAssertEqual(gap(built, "ew+0", "ns+1"), seconds)
      XCTAssertEqual(gap(built, "ns+0", "ew-0"), seconds)
    }
  }

  /// The formula worked by hand at 400 vehicles an hour.
  func testCapacity() {
    // 400 exp(-400 · 6.2 / 3600) / (1 - exp(-400 · 3.3 / 3600)) = 400 · 0.50213 / 0.30696 = 654.3.
    let right = GapAcceptance(.right, control: .priority, rank: 5, drivesOnRight: true)
    XCTAssertEqual(right.capacity(conflicting: 400), 654.3, accuracy: 0.5)
    // 400 · exp(-0.45556) / (1 - exp(-0.24444)) = 400 · 0.63409 / 0.21686 = 1169.6.
    let left = GapAcceptance(.left, control: .priority, rank: 2, drivesOnRight: true)
    XCTAssertEqual(left.capacity(conflicting: 400), 1169.6, accuracy: 0.5)
    // With nobody to wait for, one after the other.
    XCTAssertEqual(left.capacity(conflicting: 0), 3600 / 2.2, accuracy: 0.1)
    XCTAssertEqual(left.capacity(conflicting: .nan), 3600 / 2.2, accuracy: 0.1)
    XCTAssertLessThan(right.capacity(conflicting: 2000), 100)
  }
}
