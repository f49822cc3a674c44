import Foundation
import XCTest

final class FloorTests: XCTestCase {
  func testImportsOnlyGoToLowerFloors() throws {
    let files = House.files(under: "Sources", ending: ".swift")
    XCTAssertGreaterThan(files.count, 100)
    for file in files {
      let target = String(file.split(separator: "/")[1])
      for module in try ImportLine.modules(in: House.text(file)) {
        if let objection = House.objection(to: module, in: target) {
          XCTFail("\(file): \(objection)")
        }
      }
    }
  }

  func testEveryRoomIsOnThePlan() {
    let rooms = Set(House.folders(of: "Sources"))
    XCTAssertEqual(rooms, Set(House.floors.keys).union(House.importersOfC.keys))
  }

  func testEveryImportIsADeclaredDependency() throws {
    let targets = try ManifestText.targets(in: House.text("Package.swift"))
    let names = Set(targets.map(\.name))
    XCTAssertEqual(names.count, targets.count, "a target is declared twice")
    for target in targets {
      let folder =
        House.floors[target.name] != nil ? "Sources/\(target.name)" : "Tests/\(target.name)"
      let path = target.name == "Benchmarks" ? "Benchmarks" : folder
      for file in House.files(under: path, ending: ".swift") {
        let imported = Set(try ImportLine.modules(in: House.text(file))).intersection(names)
        for module in imported.subtracting([target.name]).subtracting(target.dependencies) {
          XCTFail("\(file) imports \(module), which \(target.name) does not declare")
        }
      }
    }
  }

  func testDeclaredDependenciesGoToLowerFloorsToo() throws {
    let targets = try ManifestText.targets(in: House.text("Package.swift"))
    XCTAssert(targets.contains { $0.name == "CityGIS" && $0.dependencies.contains("CPROJ") })
    for target in targets where House.floors[target.name] != nil {
      for module in target.dependencies {
        if let objection = House.objection(to: module, in: target.name) { XCTFail(objection) }
      }
    }
    for target in targets where target.name == "Benchmarks" || target.name == "CityTestSupport" {
      for module in target.dependencies where module != "CityTestSupport" {
        XCTAssertLessThan(House.floors[module] ?? .max, 12, "\(target.name): \(module)")
      }
    }
  }

  func testEveryFolderOfTestsIsATarget() throws {
    let targets = Set(try ManifestText.targets(in: House.text("Package.swift")).map(\.name))
    for folder in House.folders(of: "Tests")
    where !House.files(under: "Tests/\(folder)", ending: ".swift").isEmpty {
      XCTAssert(targets.contains(folder), "Tests/\(folder) is not in Package.swift")
    }
  }

  /// The reader has to see an import in whatever dress it comes.
  func testViolationsAreCaught() throws {
    let dresses = [
      "import CityTraffic", "  import CityTraffic", "@testable import CityTraffic",
      "public import CityTraffic", "@_exported import CityTraffic",
      "import struct CityTraffic.Lane",
      "import func CityTraffic.drive", "@preconcurrency public import class CityTraffic.X",
      "@_spi(Inside) import CityTraffic", "private import CityTraffic // why",
      "import Foundation\u{3B} import CityTraffic", "@_implementationOnly import CityTraffic",
      "import CityTraffic.Lane", "\timport   CityTraffic", "import `CityTraffic`",
      "#if os(Linux)\n  import CityTraffic\n#endif",
    ]
    for dress in dresses {
      let modules = try ImportLine.modules(in: "import CityBase\n" + dress + "\n")
      XCTAssert(modules.contains("CityTraffic"), dress)
    }
    XCTAssertEqual(try ImportLine.modules(in: "// import CityTraffic\nlet important = 1\n"), [])

    let violations = [
      ("CityTraffic", "CityNetwork"), ("CityReporting", "CityTraffic"), ("CityText", "CitySpatial"),
      ("CGEOS", "CityModel"), ("CZlib", "CityText"), ("XCTest", "CityBase"),
      ("CPrefetch", "CityGIS"), ("CSHA256", "CityTraffic"),
      ("CityBase", "CityBase"),
      ("CityTestSupport", "CityScenario"), ("CityCLI", "CityTwin"), ("CityBase", "CityElsewhere"),
    ]
    for (module, target) in violations {
      XCTAssertNotNil(House.objection(to: module, in: target), "\(module) in \(target)")
    }
    let allowed = [
      ("CityBase", "CityText"), ("CGEOS", "CityGIS"), ("CPrefetch", "CityTraffic"),
      ("CSHA256", "CityScenario"),
      ("Foundation", "CityBase"),
      ("CityCLI", "cim"),
      ("CityTraffic", "CityScenario"),
    ]
    for (module, target) in allowed {
      XCTAssertNil(House.objection(to: module, in: target), "\(module) in \(target)")
    }
  }
}
