import CityBase
import CitySimulation
import Foundation

/// A folder in the temporary directory that goes with its owner.
final class ScratchFolder {
  let url: URL
  var path: String { url.path }

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "city-reporting-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func text(_ file: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appendingPathComponent(file)), as: UTF8.self)
  }

  var files: [String] {
    (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
  }
}

let start = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)

/// The moment after so many ticks of half a second from 07:00 on.
func moment(_ tick: Tick) -> Moment {
  Moment(
    tick: tick, clock: Clock(epoch: start, stepMilliseconds: 500), random: RandomStream(seed: 1),
    overrides: CityOverrides(linkCount: 0))
}

/// A layer with a square (drawn clockwise, left open), a line and a point on the meridian 117° E.
struct FakeLayer: SnapshotLayer, SummaryLayer {
  let layerName = "fake"
  let summaryName = "fake-summary"

  func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    let (x, y) = (500_000.0, 4_330_000.0)
    sink.add(
      kind: "block", id: "b\"1",
      shape: .polygon([
        [Point2(x, y), Point2(x, y + 100), Point2(x + 100, y + 100), Point2(x + 100, y)],
        [Point2(x + 10, y + 10), Point2(x + 20, y + 10), Point2(x + 20, y + 20)],
      ]), properties: [Property("mean", .number(.nan)), Property("tick", .integer(moment.tick))])
    sink.add(
      kind: "street", id: "s1", shape: .line([Point2(x, y), Point2(x, y + 50)]),
      properties: [Property("ratio", .number(1.0 / 3, decimals: 9))])
    sink.add(kind: "stop", id: "p1", shape: .point(Point2(x, y)), properties: [])
    // No shape at all: must not come out as a broken line.
    sink.add(kind: "street", id: "gone", shape: .line([Point2(x, y)]), properties: [])
  }

  func addSummary(to sink: inout some FeatureSink, at moment: Moment) {
    addFeatures(to: &sink, at: moment)
  }
}

/// Counts how often and for how long it was asked.
final class FakeIntervals: IntervalSource {
  let intervalColumns = ["calls", "seconds", "mean"]
  var calls = 0
  func closeInterval(seconds: Double) -> [PropertyValue] {
    calls += 1
    return [.integer(Int64(calls)), .number(seconds, decimals: 3), .number(.infinity)]
  }
}

struct FakeTable: TableSource {
  let tableName = "people"
  let tableColumns = ["id", "figure"]
  let rowCount = 2
  func row(_ index: Int) -> [PropertyValue] {
    index == 0 ? [.text("a,b"), .number(.nan)] : [.text("c"), .number(2.5)]
  }
}
