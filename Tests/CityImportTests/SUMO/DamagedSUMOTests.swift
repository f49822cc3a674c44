import CityBase
import CityTestSupport
import CityText
import XCTest

@testable import CityImport

/// Broken networks and demands are refused or read in part; none traps.
final class DamagedSUMOTests: XCTestCase {
  private let net = Array(CrossText.signalled.text.utf8)
  private let routes = Array(
    """
    <routes>
      <vType id="t" vClass="truck" length="9"/>
      <route id="r" edges="SC CW"/>
      <vehicle id="a" type="t" depart="1" route="r" departPos="3" arrivalPos="-2"/>
      <trip id="b" depart="0:0:2" from="EC" to="CS" via="EC"/>
      <flow id="f" begin="0" end="20" probability="0.5" from="WC" to="CE"/>
      <flow id="g" begin="0" end="20" vehsPerHour="600" number="3" from="WC" to="CE"/>
      <flow id="h" begin="0" end="20" period="exp(0.2)" from="WC" to="CE"/>
      <vehicle id="c" depart="1"><routeDistribution last="0">
        <route edges="SC CE" probability="1"/></routeDistribution></vehicle>
      <routeDistribution id="d"><route refId="r" probability="1"/></routeDistribution>
      <inductionLoop id="i" lane="SC_0" pos="4" period="60"/>
      <parkingArea id="p" lane="CE_0" startPos="10" endPos="40" roadsideCapacity="5"/>
      <tlLogic id="T" type="actuated" programID="1" offset="0">
        <phase duration="10" state="GgrrGG" minDur="5" maxDur="50"/></tlLogic>
    </routes>
    """.utf8)

  /// Imports, and makes the files of what could be read.
  private func tryImport(_ net: [UInt8], _ routes: [UInt8]) -> Bool {
    do {
      let built = try BuiltCross(net: net, routes: routes)
      try built.network.validate()
      return true
    } catch {
      XCTAssertTrue(error is CityError, "\(error)")
      return false
    }
  }

  func testTheWholeOnesAreRead() {
    XCTAssertTrue(tryImport(net, routes))
  }

  /// Every attribute of both files left out, emptied, and given values of the wrong kind and size.
  func testEveryAttributeMayBeWrong() {
    var read = 0
    let values = ["", "x", "-1", "0", "1e300", "nan", "999999999999", "C", "1,2 3"]
    for (isNet, text) in [(true, net), (false, routes)] {
      for place in Self.attributes(text) {
        for value in [nil] + values.map({ Optional($0) }) {
          var damaged = text
          if let value {
            damaged.replaceSubrange(place.value, with: Array(value.utf8))
          } else {
            damaged.removeSubrange(place.whole)
          }
          if isNet ? tryImport(damaged, routes) : tryImport(net, damaged) { read += 1 }
        }
      }
    }
    XCTAssertGreaterThan(read, 1000)
  }

  /// Where attributes are: with their name and a space before it, and the value between the quotes.
  private static func attributes(_ text: [UInt8]) -> [(whole: Range<Int>, value: Range<Int>)] {
    var found: [(Range<Int>, Range<Int>)] = []
    var i = 0
    while i + 1 < text.count {
      if text[i] == UInt8(ascii: "="), text[i + 1] == UInt8(ascii: "\"") {
        guard let end = text[(i + 2)...].firstIndex(of: UInt8(ascii: "\"")),
          let start = text[..<i].lastIndex(where: { $0 == UInt8(ascii: " ") })
        else { break }
        found.append((start..<(end + 1), (i + 2)..<end))
        i = end
      }
      i += 1
    }
    return found
  }

  func testSeededMutations() {
    #if DEBUG
      let rounds = 400
    #else
      let rounds = 3000
    #endif
    var read = 0
    for round in 0..<rounds {
      let damaged = Mutations().mutate(round % 2 == 0 ? net : routes, round)
      if round % 2 == 0 ? tryImport(damaged, routes) : tryImport(net, damaged) { read += 1 }
    }
    // Some damage hits white space or a name that nobody needs.
    XCTAssertGreaterThan(read, rounds / 50)
  }

  func testOtherDocumentsAreRefused() {
    for text in ["<osm/>", "", "<net", "{}"] {
      XCTAssertThrowsError(try BuiltCross(net: Array(text.utf8), routes: nil))
    }
    XCTAssertThrowsError(try BuiltCross(net: Array("<net></net>".utf8), routes: nil)) {
      XCTAssertTrue("\($0)".contains("no edge that cars may use"), "\($0)")
    }
    XCTAssertThrowsError(try BuiltCross(net: net, routes: net)) {
      XCTAssertTrue("\($0)".contains("<net>"), "\($0)")
    }
  }
}
