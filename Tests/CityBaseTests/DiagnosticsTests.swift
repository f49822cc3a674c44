import CityBase
import XCTest

final class DiagnosticsTests: XCTestCase {
  func list(_ code: String, _ count: Int, limit: Int = 50) -> Diagnostics {
    var d = Diagnostics()
    d.limitPerCode = limit
    for i in 0..<count { d.warn(code, file: "f", place: "feature \(i)", "broken") }
    return d
  }

  func testTheLimitCutsTheListAndNotTheCount() {
    var d = list("ring-repaired", 120)
    XCTAssertEqual(d.entries.count, 50)
    XCTAssertEqual(d.count(of: "ring-repaired"), 120)
    d.note("other", "x")
    XCTAssertEqual(d.entries.count, 51)
    XCTAssertEqual(d.total, 121)
    XCTAssertEqual(d.counts.map(\.code), ["ring-repaired", "other"])
    XCTAssertEqual(d.count(of: "none"), 0)
    XCTAssert(Diagnostics().isEmpty && !d.isEmpty)
  }

  func testAddingAListKeepsCounts() {
    let parts: [(Diagnostics, Diagnostics)] = [
      (list("a", 30), list("a", 120)), (list("a", 120), list("a", 30)),
      (list("a", 120), list("a", 120)), (Diagnostics(), list("a", 150)),
      (list("b", 3), list("a", 147)), (list("a", 1, limit: 0), list("a", 149, limit: 0)),
      (Diagnostics(), list("a", 150, limit: 0)),
    ]
    for (first, second) in parts {
      var sum = first
      sum.add(contentsOf: second)
      XCTAssertEqual(sum.total, first.total + second.total)
      XCTAssertEqual(sum.count(of: "a"), first.count(of: "a") + second.count(of: "a"))
      XCTAssertLessThanOrEqual(sum.entries.count { $0.code == "a" }, sum.limitPerCode)
    }
  }

  func testHowADiagnosticReads() {
    XCTAssertEqual(
      Diagnostic(.warning, code: "c", file: "a.geojson", place: "feature 3", "left out")
        .description,
      "warning: a.geojson: feature 3: left out")
    XCTAssertEqual(Diagnostic(.note, code: "c", "fine").description, "note: fine")
    XCTAssertLessThan(Diagnostic.Severity.note, .warning)
    XCTAssertLessThan(Diagnostic.Severity.warning, .error)
  }

  func testHowAnErrorReads() {
    let error = CityError.refused("expected a number", file: "s.json", place: "$.clock.step")
    XCTAssertEqual(error.description, "s.json: $.clock.step: expected a number")
    XCTAssertEqual(error.exitCode, 2)
    XCTAssertEqual(CityError.failed("x").exitCode, 1)
    XCTAssertEqual(CityError.usage("x").exitCode, 64)
    XCTAssertEqual(CityError(.interrupted, "x").exitCode, 130)
  }
}
