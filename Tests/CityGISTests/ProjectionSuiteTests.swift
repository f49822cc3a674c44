import CityBase
import CityTestSupport
import CityText
import XCTest

@testable import CityGIS

/// The projections that cities use, held against PROJ's own test cases. This tests how PROJ is
/// called (axis order, degrees, batches), not PROJ.
final class ProjectionSuiteTests: XCTestCase {
  struct Case {
    var operation: String
    var accept: Point2
    var expect: Point2
    var tolerance: Double
  }

  /// The forward cases of the plain projections that name their ellipsoid.
  func cases(_ text: String) -> [Case] {
    var out: [Case] = []
    var operation = ""
    var tolerance = 0.0
    var accept: Point2?
    var isForward = true
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let first = words.first else { continue }
      let numbers = words.dropFirst().prefix(2).compactMap { NumberText.parseDouble($0) }
      let point = numbers.count == 2 ? Point2(numbers[0], numbers[1]) : nil
      switch first {
      case "operation":
        operation = words.dropFirst().joined(separator: " ")
        isForward = true
        tolerance = 0.0005
        accept = nil
      case "direction": isForward = words.dropFirst().first == "forward"
      case "tolerance":
        let units: [Substring: Double] = ["m": 1, "cm": 0.01, "mm": 0.001, "um": 1e-6]
        let unit = units[words.last ?? ""] ?? 0
        tolerance = (numbers.first ?? 0) * unit
      case "accept": accept = point
      case "expect":
        guard let a = accept, let e = point, isForward, tolerance > 0, isPlain(operation) else {
          continue
        }
        out.append(Case(operation: operation, accept: a, expect: e, tolerance: tolerance))
      default: break
      }
    }
    return out
  }

  /// Without `eqc` and spheres: what PROJ makes of those has changed between its versions.
  func isPlain(_ operation: String) -> Bool {
    let projections = ["merc", "tmerc", "utm", "lcc", "laea", "aea", "cass", "etmerc"]
    let names = operation.split(separator: " ").map { $0.split(separator: "=")[0] }
    let known: Set<Substring> = [
      "+proj", "+ellps", "+a", "+b", "+lat_0", "+lon_0", "+lat_1", "+lat_2", "+zone", "+k_0",
      "+x_0", "+y_0", "+lat_ts",
    ]
    return names.allSatisfy(known.contains)
      && names.contains { ["+ellps", "+a"].contains($0) }
      && projections.contains { operation.contains("+proj=\($0) ") }
  }

  func testForwardProjections() throws {
    guard let files = try SharedData.unpack("conformance/proj-gie.tar.gz") else { return }
    let text = files.filter {
      $0.path.hasSuffix("/builtins.gie") || $0.path.hasSuffix("/ellipsoid.gie")
    }
    .map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
    var checked = 0
    for c in cases(text) {
      let figure = c.operation.split(separator: " ")
        .filter { ["+ellps", "+a", "+b"].contains($0.split(separator: "=")[0]) }
      let source = "+proj=longlat " + figure.joined(separator: " ")
      let transform = try CoordinateTransform(from: source, to: c.operation)
      guard let p = transform.apply(c.accept) else {
        XCTFail("\(c.operation): no image of \(c.accept)")
        continue
      }
      XCTAssertLessThan(p.distance(to: c.expect), c.tolerance, "\(c.operation) \(c.accept)")
      checked += 1
    }
    print("PROJ cases: \(checked)")
    XCTAssertGreaterThan(checked, 40)
  }
}
