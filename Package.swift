// swift-tools-version: 6.1
import PackageDescription

// GEOS and PROJ come with a pkg-config file on every system, but SwiftPM warns where the
// pkg-config program itself is missing; on Debian the headers lie on the default path anyway.
#if os(macOS)
  let geosPkgConfig: String? = "geos"
  let projPkgConfig: String? = "proj"
#else
  let geosPkgConfig: String? = nil
  let projPkgConfig: String? = nil
#endif

let package = Package(
  name: "CityTwin",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "CityTwin", targets: ["CityTwin"]),
    .executable(name: "cim", targets: ["cim"]),
    .executable(name: "benchmarks", targets: ["Benchmarks"]),
  ],
  targets: [
    // C libraries: a module map, nothing else.
    .systemLibrary(
      name: "CGEOS", pkgConfig: geosPkgConfig,
      providers: [.apt(["libgeos-dev"]), .brew(["geos"])]),
    .systemLibrary(
      name: "CPROJ", pkgConfig: projPkgConfig,
      providers: [.apt(["libproj-dev"]), .brew(["proj"])]),
    .systemLibrary(name: "CZlib"),

    // One instruction that Swift has no word for
    .target(name: "CPrefetch"),
    // Instructions for the rounds of SHA-256
    .target(name: "CSHA256"),

    // Floor 0
    .target(name: "CityBase"),
    // Floor 1
    .target(name: "CitySpatial", dependencies: ["CityBase"]),
    .target(name: "CityText", dependencies: ["CityBase"]),
    // Floor 2
    .target(
      name: "CityGIS",
      dependencies: ["CGEOS", "CPROJ", "CZlib", "CityText", "CitySpatial", "CityBase"]),
    // Floor 3
    .target(name: "CityModel", dependencies: ["CityGIS", "CityText", "CitySpatial", "CityBase"]),
    // Floor 4
    .target(
      name: "CityNetwork",
      dependencies: ["CityModel", "CityGIS", "CityText", "CitySpatial", "CityBase"]),
    // Floor 5
    .target(
      name: "CityDemand",
      dependencies: ["CityNetwork", "CityModel", "CityGIS", "CityText", "CitySpatial", "CityBase"]),
    // Floor 6
    .target(
      name: "CitySimulation",
      dependencies: ["CityDemand", "CityNetwork", "CityModel", "CityText", "CityBase"]),
    // Floor 7
    .target(
      name: "CityTraffic",
      dependencies: [
        "CPrefetch", "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityText",
        "CityBase",
      ]),
    .target(
      name: "CityParking",
      dependencies: [
        "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityText", "CityBase",
      ]),
    .target(
      name: "CityEmergency",
      dependencies: [
        "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityText", "CityBase",
      ]),
    .target(
      name: "CityReporting",
      dependencies: [
        "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityGIS", "CityText",
        "CityBase",
      ]),
    // Floor 8
    .target(
      name: "CityPolicy",
      dependencies: ["CitySimulation", "CityNetwork", "CityModel", "CityText", "CityBase"]),
    // Floor 9
    .target(
      name: "CityScenario",
      dependencies: [
        "CSHA256", "CityPolicy", "CityEmergency", "CityParking", "CityTraffic", "CityReporting",
        "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityGIS", "CityText",
        "CitySpatial", "CityBase",
      ]),
    // Floor 10
    .target(
      name: "CityImport",
      dependencies: [
        "CityScenario", "CityTraffic", "CityDemand", "CityNetwork", "CityModel", "CityGIS",
        "CityText",
        "CitySpatial", "CityBase",
      ]),
    // Floor 11
    .target(
      name: "CityTwin",
      dependencies: [
        "CityImport", "CityScenario", "CityPolicy", "CityEmergency", "CityParking", "CityTraffic",
        "CityReporting", "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityGIS",
        "CityText",
        "CitySpatial", "CityBase",
      ]),
    // Floor 12
    .target(
      name: "CityCLI",
      dependencies: [
        "CityImport", "CityScenario", "CityTraffic", "CityReporting", "CitySimulation",
        "CityNetwork",
        "CityModel", "CityGIS", "CityText", "CityBase",
      ]),
    .executableTarget(name: "cim", dependencies: ["CityCLI"]),

    // Benchmarks, and what tests and benchmarks share
    .target(
      name: "CityTestSupport",
      dependencies: [
        "CityScenario", "CityPolicy", "CityEmergency", "CityParking", "CityTraffic",
        "CityReporting", "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityGIS",
        "CityText", "CityBase",
      ],
      path: "Tests/CityTestSupport"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CityTestSupport", "CityImport", "CityScenario", "CityReporting", "CityTraffic",
        "CitySimulation", "CityDemand", "CityNetwork", "CityModel", "CityGIS", "CityText",
        "CitySpatial", "CityBase",
      ],
      path: "Benchmarks",
      exclude: [
        "RESULTS.md", "compare-netconvert", "compare-peers", "compare-wildau", "day-table",
        "extract-table",
        "netconvert", "peak-table", "peers",
      ]),

    // Tests, in the order of the floors
    .testTarget(name: "CityBaseTests", dependencies: ["CityBase"]),
    .testTarget(name: "CitySpatialTests", dependencies: ["CitySpatial", "CityBase"]),
    .testTarget(
      name: "CityTextTests", dependencies: ["CityTestSupport", "CityText", "CityBase"]),
    .testTarget(
      name: "CityGISTests",
      dependencies: [
        "CityTestSupport", "CityGIS", "CGEOS", "CPROJ", "CZlib", "CityText", "CitySpatial",
        "CityBase",
      ]),
    .testTarget(
      name: "CityModelTests",
      dependencies: ["CityModel", "CityGIS", "CityText", "CitySpatial", "CityBase"]),
    .testTarget(
      name: "CityNetworkTests",
      dependencies: [
        "CityTestSupport", "CityNetwork", "CityModel", "CityGIS", "CityText", "CitySpatial",
        "CityBase",
      ]),
    .testTarget(
      name: "CityDemandTests",
      dependencies: ["CityDemand", "CityNetwork", "CityModel", "CityText", "CityBase"]),
    .testTarget(
      name: "CityTrafficTests",
      dependencies: [
        "CityTestSupport", "CityTraffic", "CitySimulation", "CityDemand", "CityNetwork", "CityText",
        "CityBase",
      ]),
    .testTarget(
      name: "CityParkingTests",
      dependencies: [
        "CityTestSupport", "CityParking", "CitySimulation", "CityDemand", "CityNetwork",
        "CityModel", "CityText", "CityBase",
      ]),
    .testTarget(
      name: "CityEmergencyTests",
      dependencies: [
        "CityTestSupport", "CityEmergency", "CitySimulation", "CityDemand", "CityNetwork",
        "CityModel", "CityText", "CityBase",
      ]),
    .testTarget(
      name: "CityReportingTests",
      dependencies: [
        "CityTestSupport", "CityReporting", "CitySimulation", "CityGIS", "CityText", "CityBase",
      ]),
    .testTarget(
      name: "CityPolicyTests",
      dependencies: [
        "CityTestSupport", "CityPolicy", "CitySimulation", "CityNetwork", "CityModel", "CityText",
        "CityBase",
      ]),
    .testTarget(
      name: "CityScenarioTests",
      dependencies: [
        "CityTestSupport", "CityScenario", "CityPolicy", "CityEmergency", "CityParking",
        "CityReporting", "CityTraffic", "CitySimulation", "CityDemand", "CityNetwork", "CityModel",
        "CityText", "CityBase",
      ]),
    .testTarget(
      name: "CityImportTests",
      dependencies: [
        "CityTestSupport", "CityImport", "CityScenario", "CityTraffic", "CityDemand", "CityNetwork",
        "CityModel", "CityGIS", "CityText", "CitySpatial", "CityBase",
      ]),
    .testTarget(
      name: "CityCLITests",
      dependencies: [
        "CityTestSupport", "CityCLI", "CityImport", "CityScenario", "CityReporting",
        "CitySimulation", "CityNetwork", "CityModel", "CityText", "CityBase",
      ]),
    .testTarget(name: "HouseTests", dependencies: ["CityCLI"]),
  ],
  swiftLanguageModes: [.v6]
)
