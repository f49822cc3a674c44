import CityBase
import CityReporting
import CityTestSupport
import CityText
import Foundation
import Synchronization
import XCTest

@testable import CityScenario

/// Comparisons of a tiny city with itself and with variants.
final class ComparisonTests: XCTestCase {
  /// A city with all domains, and a variant that closes a street and sets a price.
  private func site() throws -> TinyCity {
    let city = try TinyCity(scenario: TinyCity.scenario(parts: TinyCity.allDomains))
    try city.write(
      #"{"extends": "scenario.json", "name": "Works", "policies": \#(TinyCity.policiesOnAll)}"#,
      to: "variant.json")
    return city
  }

  private func plan(
    _ city: TinyCity, _ files: [String], replications: Int, _ options: RunOptions = RunOptions()
  ) throws -> ComparisonPlan {
    var options = options
    options.until = TimeText("07:04")
    return try ComparisonPlan(
      baseline: city.path + "/" + files[0],
      variants: files.dropFirst().map { city.path + "/" + $0 }, replications: replications,
      options: options)
  }

  func testAScenarioAgainstItselfIsExactlyZero() throws {
    let city = try site()
    let plan = try plan(city, ["variant.json", "variant.json"], replications: 3)
    let result = try ScenarioComparison(plan).run()
    // Really run twice: the state hashes are those of six runs, equal in pairs.
    XCTAssertEqual(result.runCount, 6)
    XCTAssertEqual(result.runs[0].map { $0?.stateHash }, result.runs[1].map { $0?.stateHash })
    XCTAssertEqual(Set(result.runs[0].compactMap { $0?.stateHash }).count, 3, "three seeds")
    XCTAssertGreaterThan(result.rows.count, 30)
    for group in ["trips", "traffic", "parking", "emergency", "demand"] {
      XCTAssertTrue(result.rows.contains { $0.figure.hasPrefix(group + ".") }, group)
    }
    for row in result.rows {
      XCTAssertEqual(row.difference.difference, 0, row.figure)
      XCTAssertEqual(row.difference.interval, 0...0, row.figure)
      XCTAssertEqual(row.difference.verdict, .same, row.figure)
    }
  }

  func testSwappingBaselineAndVariantFlipsEverySign() throws {
    let city = try site()
    let there = try ScenarioComparison(
      try plan(city, ["scenario.json", "variant.json"], replications: 3)
    ).run()
    let back = try ScenarioComparison(
      try plan(city, ["variant.json", "scenario.json"], replications: 3)
    ).run()
    XCTAssertEqual(there.rows.map(\.figure), back.rows.map(\.figure))
    var changed = 0
    for (a, b) in zip(there.rows, back.rows) {
      XCTAssertEqual(a.difference.baseline, b.difference.value, a.figure)
      XCTAssertEqual(a.difference.difference, b.difference.difference.map { -$0 }, a.figure)
      XCTAssertEqual(
        a.difference.interval?.lowerBound, b.difference.interval.map { -$0.upperBound }, a.figure)
      if a.difference.verdict != .same { changed += 1 }
    }
    XCTAssertGreaterThan(changed, 5, "the policies do something")
  }

  func testTheSameFilesOnAnyThreads() throws {
    let city = try site()
    var found: [[String: Data]] = []
    for threads in [1, 2, 4] {
      let folder = ComparisonFolder(path: city.path + "/compared-\(threads)")
      try folder.prepare()
      let plan = try plan(
        city, ["scenario.json", "variant.json"], replications: 3, RunOptions(threads: threads))
      let result = try ScenarioComparison(plan).run(into: folder, ComparisonObserver())
      XCTAssertEqual(result.ending, .complete)
      var files: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        files[name] = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
      }
      found.append(files)
    }
    XCTAssertEqual(
      found[0].keys.sorted(),
      ["comparison.csv", "comparison.json", "manifest.json", "replications.csv"])
    XCTAssertEqual(found[0], found[1])
    XCTAssertEqual(found[0], found[2])
    for (name, bytes) in found[0] {
      XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains(city.path), name)
    }
  }

  func testAReplicationIsTheRunOfItsSeed() throws {
    let city = try site()
    let result = try ScenarioComparison(
      try plan(city, ["scenario.json", "variant.json"], replications: 2, RunOptions(seed: 7))
    ).run()
    for (i, file) in ["scenario.json", "variant.json"].enumerated() {
      let options = RunOptions(seed: 8, until: TimeText("07:04"))
      let loaded = try ScenarioLoader.load(path: city.path + "/" + file, options: options)
      let folder = try RunFolder.prepare(path: city.path + "/run-\(i)")
      let run = try ScenarioRunner(loaded, folder: folder, options: options).run()
      let replication = try XCTUnwrap(result.runs[i][1])
      XCTAssertEqual(replication.seed, 8)
      XCTAssertEqual(replication.stateHash, run.stateHash)
      XCTAssertEqual(replication.figures, RunFigures(run.metrics))
    }
  }

  func testAnInterruptionLeavesWholeFilesAndNoComparison() throws {
    let city = try site()
    let folder = ComparisonFolder(path: city.path + "/compared")
    try folder.prepare()
    let asked = Atomic<Int>(0)
    let plan = try plan(city, ["scenario.json", "variant.json"], replications: 2)
    // 480 ticks a run: this stops in the second one.
    let result = try ScenarioComparison(plan).run(
      into: folder,
      ComparisonObserver(
        shouldStop: { asked.add(1, ordering: .relaxed).newValue > 600 }))
    XCTAssertEqual(result.ending, .interrupted)
    XCTAssertEqual(result.runCount, 1)
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted(),
      ["manifest.json", "replications.csv"])
    let manifest = try JSONValue.read(path: folder.path + "/manifest.json")
    XCTAssertEqual(manifest["ended"]?.string, "interrupted")
    // It is known for what it is, and the next comparison replaces it.
    XCTAssertNoThrow(try folder.checkReplaceable())
    XCTAssertThrowsError(try RunFolder(existing: folder.path).checkReplaceable())
  }

  func testSaysWhereThePeopleAreOthers() throws {
    let city = try site()
    try city.write(
      #"{"extends": "scenario.json", "name": "Busy", "seed": 5, "demand": {"gravity": {"trips": 50}}}"#,
      to: "busy.json")
    let plan = try plan(city, ["scenario.json", "variant.json", "busy.json"], replications: 1)
    XCTAssertEqual(plan.labels, ["Tiny", "Works", "Busy"])
    XCTAssertEqual(plan.diagnostics.counts.map(\.code), ["other-people", "seed-unused"])
    XCTAssertTrue(plan.diagnostics.entries.allSatisfy { $0.file.hasSuffix("busy.json") })
    XCTAssertEqual(plan.seeds, [1])
  }

  func testLabelsTellVariantsApart() throws {
    let city = try site()
    try city.write(#"{"extends": "scenario.json"}"#, to: "a.json")
    try city.write(#"{"extends": "scenario.json"}"#, to: "b.json")
    func labels(_ files: [String]) throws -> [String] {
      ComparisonPlan.labels(
        try files.map { try ScenarioFile.read(path: city.path + "/" + $0) })
    }
    XCTAssertEqual(
      try labels(["scenario.json", "a.json", "b.json"]), ["Tiny", "Tiny (a.json)", "Tiny (b.json)"])
    XCTAssertEqual(try labels(["scenario.json", "scenario.json"]), ["Tiny (baseline)", "Tiny"])
    XCTAssertEqual(
      try labels(["scenario.json", "variant.json", "variant.json"]), ["Tiny", "Works", "Works #2"])
  }

  func testTheFirstJobThatFailsIsTheOneThatIsTold() {
    for threads in [1, 3] {
      let began = Mutex<Set<Int>>([])
      XCTAssertThrowsError(
        try JobQueue.run(count: 100, threads: threads, watch: {}) {
          job throws(CityError) -> Int? in
          _ = began.withLock { $0.insert(job) }
          if job == 5 || job == 6 { throw .failed("job \(job)") }
          return job
        }
      ) { XCTAssertEqual(($0 as? CityError)?.message, "job 5") }
      XCTAssertLessThan(began.withLock { $0.count }, 100, "nothing begins after a failure")
    }
    XCTAssertEqual(
      try JobQueue.run(count: 50, threads: 4, watch: {}) { job throws(CityError) -> Int? in
        job % 2 == 0 ? job : nil
      }, (0..<50).map { $0 % 2 == 0 ? $0 : nil })
  }
}
