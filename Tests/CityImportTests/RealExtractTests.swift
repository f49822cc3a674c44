import CityBase
import CityModel
import CityNetwork
import CityTestSupport
import Foundation
import XCTest

@testable import CityImport

/// Extracts that no one of this project made; skipped where they are absent.
final class RealExtractTests: XCTestCase {
  private func path(_ name: String) throws -> String {
    guard let path = SharedData.path("osm/\(name)") else { throw XCTSkip("no \(name)") }
    return path
  }

  /// Ways (and nodes, where known) as the data's own README counts them.
  func testEveryElementIsRead() throws {
    let cases: [(String, Int, Int?)] = [
      ("otaniemi.osm.gz", 3469, nil), ("monaco.osm.gz", 1944, nil),
      ("moscow.osm.gz", 1652, nil), ("krems.osm.gz", 2402, nil),
      ("bad-hersfeld.osm.gz", 16_299, 103_731), ("andorra.osm.pbf", 2725, nil),
      ("lower-saxony-main-roads.osm.gz", 20_077, 97_185),
      ("liechtenstein.osm.pbf", 15_247, 142_832), ("arizona-303.osm.pbf", 57_852, 371_865),
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
    let cases: [(String, Int, Int)] = [
      ("otaniemi.osm.gz", 1, 0), ("krems.osm.gz", 2, 1), ("monaco.osm.gz", 3, 0),
    ]
    for (name, hospitals, fireStations) in cases {
      let report = try OSMImport.run(
        file: try path(name), out: out, options: OSMImportOptions(timeZone: "Europe/Vienna"))
      XCTAssertTrue(
        report.contains("car trips: 10 minutes to fill the roads, 30 that are measured"))
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

  /// Needs osmium-tool (Debian: `apt-get install osmium-tool`), which makes PBF of XML and XML of PBF.
  func testXMLAndPBFOfOneAreaGiveOneNetwork() throws {
    /// What the program ended with; 127 where it is not there.
    func osmium(_ arguments: [String]) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["osmium"] + arguments
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    guard try osmium(["--version"]) == 0 else {
      return print("skipped: osmium-tool is not installed")
    }
    func hash(_ path: String) throws -> UInt64 {
      var diagnostics = Diagnostics()
      let data = try OSMReader.read(path: path, diagnostics: &diagnostics)
      let draft = try OSMImport.draft(data, name: "x", diagnostics: &diagnostics)
      return NetworkBuilder.build(draft.roads, diagnostics: &diagnostics).networkHash
    }
    let folder = Scratch.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["krems.osm.gz", "monaco.osm.gz", "moscow.osm.gz", "andorra.osm.pbf"] {
      let path = try path(name)
      let expected = try hash(path)
      let others = name.hasSuffix(".pbf") ? ["a.osm", "b.osm.gz"] : ["c.osm.pbf"]
      for other in others {
        let made = "\(folder)/\(name).\(other)"
        XCTAssertEqual(try osmium(["cat", path, "-o", made, "-O", "--no-progress"]), 0)
        XCTAssertEqual(try hash(made), expected, "\(name) as \(other)")
      }
      // Raw data, sparse nodes and no metadata are PBF too.
      let made = "\(folder)/\(name).raw.osm.pbf"
      let format = "pbf,pbf_dense_nodes=false,pbf_compression=none,add_metadata=none"
      XCTAssertEqual(
        try osmium(["cat", path, "-o", made, "-O", "--no-progress", "-f", format]), 0)
      XCTAssertEqual(try hash(made), expected, "\(name) raw")
    }
  }

  func testATruncatedFileIsRefusedWithItsByte() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: try path("moscow.osm.gz")))
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
