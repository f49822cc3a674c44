import CityBase
import XCTest

final class ColumnTests: XCTestCase {
  func testIdsFollowTheOrderOfAppending() {
    var names = Column<LinkID, String>()
    XCTAssert(names.isEmpty)
    XCTAssertEqual(names.append("a"), LinkID(0))
    XCTAssertEqual(names.append("b"), LinkID(1))
    names[LinkID(0)] += "!"
    XCTAssertEqual(names.values, ["a!", "b"])
    XCTAssertEqual(Array(names.ids), [LinkID(0), LinkID(1)])
    XCTAssertEqual(Column<LinkID, Int>(repeating: 7, count: 2), Column([7, 7]))
  }

  func testNoneIsBeforeAllOthers() {
    XCTAssertFalse(JunctionID.none.isSome)
    XCTAssert(JunctionID(0).isSome)
    XCTAssertLessThan(JunctionID.none, JunctionID(0))
    XCTAssertEqual(JunctionID(7).index, 7)
    XCTAssertEqual("\(JunctionID(7))", "7")
  }
}
