import CityBase
import CityTestSupport
import XCTest

@testable import CityText

/// The public suite of JSON texts that must parse (`y_`), must not (`n_`) or may (`i_`).
final class JSONConformanceTests: XCTestCase {
  func testSuite() throws {
    guard let files = try SharedData.unpack("conformance/json-test-suite.tar.gz") else { return }
    var counts = [0, 0, 0]
    for (path, bytes) in files {
      guard path.contains("test_parsing/"), path.hasSuffix(".json"),
        let name = path.split(separator: "/").last
      else { continue }
      // The suite counts repeated keys among what must parse; configuration does not allow them.
      let parsed = Result { try JSONValue.parse(bytes, file: path, allowsDuplicateKeys: true) }
      switch name.first {
      case "y":
        counts[0] += 1
        if case .failure(let error) = parsed { XCTFail("\(name) must parse: \(error)") }
      case "n":
        counts[1] += 1
        guard case .failure(let error) = parsed else {
          XCTFail("\(name) must not parse")
          continue
        }
        let refusal = try XCTUnwrap(error as? CityError)
        XCTAssertEqual(refusal.kind, .refused)
        XCTAssertTrue(refusal.place?.contains("byte") ?? false, "\(refusal)")
      default: counts[2] += 1
      }
    }
    print("JSON suite: \(counts[0]) accepted, \(counts[1]) refused, \(counts[2]) either way")
    XCTAssertGreaterThan(counts[0], 90)
    XCTAssertGreaterThan(counts[1], 180)
    XCTAssertGreaterThan(counts[2], 30)
  }
}
