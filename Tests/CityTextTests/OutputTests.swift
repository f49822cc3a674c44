import CityBase
import CityTestSupport
import Foundation
import XCTest

@testable import CityText

final class OutputTests: XCTestCase {
  var folder = ""

  override func setUp() { folder = Scratch.folder() }
  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
  func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
  func kind(_ body: () throws -> Void) -> CityError.Kind? {
    do {
      try body()
      return nil
    } catch { return (error as? CityError)?.kind }
  }

  func testFileAppearsWhole() throws {
    try OutputFile.write("one", to: "\(folder)/a.txt")
    try OutputFile.write("two", to: "\(folder)/a.txt")
    XCTAssertEqual(text("\(folder)/a.txt"), "two")
    XCTAssertEqual(names(folder), ["a.txt"])
    XCTAssertEqual(kind { try OutputFile.write("x", to: "\(folder)/none/a.txt") }, .failed)
    try FileManager.default.createDirectory(
      atPath: "\(folder)/b", withIntermediateDirectories: true)
    XCTAssertEqual(kind { try OutputFile.write("x", to: "\(folder)/b") }, .failed)
    XCTAssertEqual(names(folder), ["a.txt", "b"])
  }

  func testReading() throws {
    try OutputFile.write("", to: "\(folder)/empty")
    XCTAssertEqual(try InputFile.read(path: "\(folder)/empty"), [])
    XCTAssertEqual(kind { _ = try InputFile.read(path: folder) }, .refused)
    XCTAssertEqual(kind { _ = try InputFile.read(path: "\(folder)/none") }, .refused)
    // Not a regular file: cannot be mapped, is read instead.
    XCTAssertEqual(try InputFile.read(path: "/dev/null"), [])
  }

  func testStreamIsCutBackOnResume() throws {
    let path = "\(folder)/trips.csv"
    let stream = try StreamFile(path: path)
    try stream.append(Array("abc".utf8))
    try stream.flush()
    let kept = stream.offset
    try stream.append(Array("lost".utf8))
    try stream.flush()
    XCTAssertEqual(names(folder), ["trips.csv.part"])

    let resumed = try StreamFile(resuming: path, at: kept)
    try resumed.append(Array("def".utf8))
    XCTAssertEqual(resumed.offset, 6)
    try resumed.finish()
    XCTAssertEqual(text(path), "abcdef")
    XCTAssertEqual(names(folder), ["trips.csv"])

    // A finished file can be taken up again; one that is too short cannot.
    let again = try StreamFile(resuming: path, at: 2)
    try again.finish()
    XCTAssertEqual(text(path), "ab")
    XCTAssertEqual(kind { _ = try StreamFile(resuming: path, at: 3) }, .refused)
    XCTAssertEqual(kind { _ = try StreamFile(path: "\(folder)/none/x") }, .failed)
    XCTAssertEqual(
      kind {
        try again.append([1]); try again.flush()
      }, .failed)
  }

  func testFolderIsCreatedReplacedOrRefused() throws {
    let run = "\(folder)/deep/run"
    try OutputFolder.prepare(path: run, markerFile: "manifest.json")
    try OutputFolder.prepare(path: run, markerFile: "manifest.json")
    XCTAssertEqual(names(run), [])

    try OutputFile.write("{\"format\":\"citytwin-run\"}", to: "\(run)/manifest.json")
    try OutputFolder.create(path: "\(run)/snapshots")
    try OutputFile.write("x", to: "\(run)/snapshots/1.geojson")
    try FileManager.default.createSymbolicLink(
      atPath: "\(run)/link", withDestinationPath: folder)
    try OutputFolder.prepare(path: run, markerFile: "manifest.json", markerText: "citytwin-run")
    XCTAssertEqual(names(run), [])
    XCTAssertEqual(names(folder), ["deep"], "a link must not be followed")

    try OutputFile.write("mine", to: "\(run)/notes.txt")
    XCTAssertEqual(
      kind { try OutputFolder.prepare(path: run, markerFile: "manifest.json") }, .refused)
    try OutputFile.write("{}", to: "\(run)/manifest.json")
    XCTAssertEqual(
      kind {
        try OutputFolder.prepare(path: run, markerFile: "manifest.json", markerText: "citytwin-run")
      }, .refused)
    XCTAssertEqual(names(run), ["manifest.json", "notes.txt"])
    XCTAssertEqual(
      kind { try OutputFolder.prepare(path: "\(run)/notes.txt", markerFile: "m") }, .refused)
    XCTAssertEqual(
      kind { try OutputFolder.prepare(path: "\(run)/notes.txt/x", markerFile: "m") }, .failed)
    XCTAssertEqual(kind { try OutputFolder.prepare(path: "/proc/x", markerFile: "m") }, .failed)
    XCTAssertEqual(kind { try OutputFolder.prepare(path: "", markerFile: "m") }, .failed)
  }
}
