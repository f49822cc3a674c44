import CityBase
import CityModel
import CityNetwork
import Foundation
import XCTest

@testable import CityImport

/// Extracts that no one of this project made; skipped where they are absent.
final class RealExtractTests: XCTestCase {
  /// The folder of shared data, from `CIM_SHARED_DATA` or beside the package.
  private static let data: String? = {
    if let path = ProcessInfo.processInfo.environment["CIM_SHARED_DATA"] { return path }
    var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared/data")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate.path }
    }
    return nil
  }()

  private func path(_ name: String) throws -> String {
    guard let data = Self.data else { throw XCTSkip("no shared data beside the package") }
    let path = "\(data)/osm/\(name).osm.gz"
    guard FileManager.default.fileExists(atPath: path) else { throw XCTSkip("no \(path)") }
    return path
  }

  /// Ways (and nodes, where known) as the data's own README counts them.
  func testEveryElementIsRead() throws {
    let cases: [(String, Int, Int?)] = [
      ("otaniemi", 3469, nil), ("monaco", 1944, nil), ("moscow", 1652, nil), ("krems", 2402, nil),
      ("bad-hersfeld", 16_299, 103_731),
    ]
    for (name, ways, nodes) in cases {
      var diagnostics = Diagnostics()
      let data = try OSMReader.read(path: try path(name), diagnostics: &diagnostics)
      XCTAssertEqual(data.wayCount, ways, name)
      if let nodes { XCTAssertEqual(data.nodeCount, nodes, name) }
      XCTAssertEqual(diagnostics.count(of: "osm-position"), 0, name)
    }
  }

  func testExtractsBecomeCitiesThatLoad() throws {
    let out = NSTemporaryDirectory() + "/extract-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: out) }
    // Hospitals, fire stations: elements with the tag as grep counts them in the file. Parts of an
    // extract that its edge cuts off are not connected, so the share is short of 1.
    let cases: [(String, Int, Int)] = [("otaniemi", 1, 0), ("krems", 2, 1), ("monaco", 3, 0)]
    for (name, hospitals, fireStations) in cases {
      let report = try OSMImport.run(
        file: try path(name), out: out, options: OSMImportOptions(timeZone: "Europe/Vienna"))
      XCTAssertTrue(report.contains("car trips in 30 minutes"))
      var diagnostics = Diagnostics()
      let map = try CityMap.load(folder: out, diagnostics: &diagnostics)
      XCTAssertFalse(diagnostics.entries.contains { $0.severity == .error }, "\(diagnostics)")
      XCTAssertEqual(map.hospitals.count, hospitals, name)
      XCTAssertEqual(map.fireStations.count, fireStations, name)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: out + "/network.cimn"))
      let network = try NetworkFile.decode(Array(bytes), file: name)
      try network.validate()
      XCTAssertGreaterThan(NetworkFigures(network).connectedShare, 0.75, name)
    }
  }

  func testATruncatedFileIsRefusedWithItsByte() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: try path("moscow")))
    let cut = NSTemporaryDirectory() + "/cut-\(UUID().uuidString).osm.gz"
    let out = cut + ".city"
    defer { try? FileManager.default.removeItem(atPath: cut) }
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
    XCTAssertThrowsError(try OSMImport.run(file: cut, out: out, options: OSMImportOptions())) {
      let error = $0 as? CityError
      XCTAssertEqual(error?.kind, .refused)
      XCTAssertEqual(error?.file, cut)
      XCTAssertTrue(error?.description.contains("byte") ?? false, "\($0)")
    }
    XCTAssertFalse(FileManager.default.fileExists(atPath: out))
  }
}
