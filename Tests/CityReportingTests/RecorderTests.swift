import CityBase
import CitySimulation
import CityText
import XCTest

@testable import CityReporting

final class RecorderTests: XCTestCase {
  private func snapshots(_ folder: RunFolder, stream: Bool) throws -> SnapshotRecorder {
    SnapshotRecorder(
      folder: folder, intervalMilliseconds: 60_000, layers: [FakeLayer()],
      projection: try OutputProjection(from: "EPSG:4548"), writesStream: stream)
  }

  func testSnapshotsAreGeoJSONInWGS84() throws {
    let scratch = try ScratchFolder()
    let recorder = try snapshots(RunFolder(existing: scratch.path), stream: false)
    for tick in 0...125 { try recorder.record(moment(Tick(tick))) }
    XCTAssertEqual(
      scratch.files,
      [
        "snapshots", "snapshots/20260302T070000.geojson",
        "snapshots/20260302T070100.geojson",
      ])

    let text = try scratch.text("snapshots/20260302T070100.geojson")
    let json = try JSONValue.parse(Array(text.utf8), file: "snapshot")
    XCTAssertEqual(json["type"]?.string, "FeatureCollection")
    let features = json["features"]?.array ?? []
    XCTAssertEqual(features.map { $0["properties"]?["id"]?.string }, ["b\"1", "s1", "p1"])
    for feature in features {
      XCTAssertEqual(feature["properties"]?["time"]?.string, "2026-03-02T07:01:00+08:00")
    }
    // x = 500 km is the meridian of 117° E of EPSG:4548; 4,330 km from the equator is 39.1° N.
    let point = features[2]["geometry"]?["coordinates"]?.array?.compactMap(\.number) ?? []
    XCTAssertEqual(point[0], 117, accuracy: 1e-7)
    XCTAssertEqual(point[1], 39.1, accuracy: 0.01)
    XCTAssertTrue(features[0]["properties"]?["mean"]?.isNull ?? false)
    XCTAssertEqual(features[0]["properties"]?["tick"]?.integer, 120)
    XCTAssertFalse(text.contains("nan"))
  }

  func testRingsRunRightHanded() throws {
    let scratch = try ScratchFolder()
    try snapshots(RunFolder(existing: scratch.path), stream: false).record(moment(0))
    let text = try scratch.text("snapshots/20260302T070000.geojson")
    let json = try JSONValue.parse(Array(text.utf8), file: "snapshot")
    let rings = json["features"]?.array?.first?["geometry"]?["coordinates"]?.array ?? []
    let areas = rings.map { ring in
      Ring.signedArea(
        (ring.array ?? []).map { Point2($0.array?[0].number ?? 0, $0.array?[1].number ?? 0) })
    }
    XCTAssertEqual(areas.count, 2)
    XCTAssertGreaterThan(areas[0], 0, "the outer ring runs counter-clockwise")
    XCTAssertLessThan(areas[1], 0, "a hole runs clockwise")
    let ends = [rings[0].array?.first, rings[0].array?.last].map { $0?.array?.map(\.number) }
    XCTAssertEqual(ends[0], ends[1], "a ring is closed")
    let longest = text.split { !$0.isNumber }.map(\.count).max() ?? 0
    XCTAssertLessThanOrEqual(longest, 9, "seven decimals, and nine where a property asks for them")
  }

  func testStreamGoesOnAfterAResume() throws {
    let whole = try ScratchFolder()
    let one = try snapshots(RunFolder(existing: whole.path), stream: true)
    for tick in 0...480 { try one.record(moment(Tick(tick))) }
    try one.finish(at: moment(480), ending: .complete)

    let cut = try ScratchFolder()
    let first = try snapshots(RunFolder(existing: cut.path), stream: true)
    var state = StateWriter()
    for tick in 0...300 {
      try first.record(moment(Tick(tick)))
      if tick == 200 { first.encodeState(into: &state) }
    }
    try first.finish(at: moment(300), ending: .interrupted)
    XCTAssertTrue(cut.files.contains("snapshots.geojsonl.part"))
    let second = try snapshots(RunFolder(existing: cut.path), stream: true)
    var reader = StateReader(state.bytes, file: "state")
    try second.decodeState(from: &reader)
    for tick in 201...480 { try second.record(moment(Tick(tick))) }
    try second.finish(at: moment(480), ending: .complete)

    XCTAssertEqual(cut.files, whole.files)
    let text = try whole.text("snapshots.geojsonl")
    XCTAssertEqual(try cut.text("snapshots.geojsonl"), text)
    // Five snapshots of three features, each between a record separator and a line feed.
    let records = text.split(separator: "\u{1E}")
    XCTAssertEqual(records.count, 15)
    XCTAssertTrue(text.hasPrefix("\u{1E}"))
    for record in records {
      XCTAssertTrue(record.hasSuffix("\n"))
      let json = try JSONValue.parse(Array(record.utf8), file: "record")
      XCTAssertEqual(json["type"]?.string, "Feature")
    }
  }

  func testTimeseriesHasARowAnInterval() throws {
    let scratch = try ScratchFolder()
    let folder = RunFolder(existing: scratch.path)
    let source = FakeIntervals()
    let recorder = TimeseriesRecorder(
      folder: folder, intervalMilliseconds: 60_000, sources: [source])
    for tick in 0...300 { try recorder.record(moment(Tick(tick))) }
    // An interruption leaves the half minute open, the end closes it.
    try recorder.finish(at: moment(300), ending: .interrupted)
    XCTAssertEqual(source.calls, 2)
    try recorder.finish(at: moment(300), ending: .complete)
    XCTAssertEqual(
      try scratch.text("timeseries.csv"),
      """
      time,time_s,calls,seconds,mean
      2026-03-02T07:01:00+08:00,60,1,60,
      2026-03-02T07:02:00+08:00,120,2,60,
      2026-03-02T07:02:30+08:00,150,3,30,

      """)
  }
}
