import CityBase
import CityGIS
import CityText

/// Reading a made file of buildings, and writing it.
enum GeoJSONBenchmark {
  static func run(_ options: Options) throws -> Section {
    try Scratch.with { scratch in
      let path = scratch.file("buildings.geojson")
      let made = try makeFile(path, megabytes: options.megabytes)
      var reading: [Double] = []
      var points = 0
      for _ in 0..<options.repeats {
        var diagnostics = Diagnostics()
        let (timing, table) = try Timing.of {
          try GeoJSONReader.read(path: path, diagnostics: &diagnostics)
        }
        guard table.count == made.features, diagnostics.isEmpty else {
          throw CityError.failed("read \(table.count) of \(made.features) features", file: path)
        }
        points = (0..<table.count).reduce(0) { $0 + table.points($1).count }
        reading.append(made.bytes / 1e6 / timing.wall)
      }
      var writing: [Double] = []
      for _ in 0..<options.repeats {
        var writer = GeoJSONWriter()
        writer.begin()
        let (timing, bytes) = Timing.of {
          for i in 0..<50_000 { building(i, to: &writer) }
          return writer.finish()
        }
        writing.append(Double(bytes.count) / 1e6 / timing.wall)
      }
      var section = Section(
        title: "geojson",
        about: "A made file of \(Section.figure(made.bytes / 1e6)) MB: "
          + "\(Section.figure(Double(made.features))) buildings with four properties each, "
          + "\(Section.figure(Double(points))) points; on one thread.")
      section.add("read from a mapped file", "MB/s", reading)
      section.add("write to memory, drawing the shapes included", "MB/s", writing)
      return section
    }
  }

  private static func makeFile(_ path: String, megabytes: Int) throws(CityError)
    -> (bytes: Double, features: Int)
  {
    let file = try StreamFile(path: path)
    var writer = GeoJSONWriter()
    writer.begin()
    var features = 0
    while file.offset < megabytes * 1_000_000 {
      for _ in 0..<1000 {
        building(features, to: &writer)
        features += 1
      }
      try file.append(writer.takeBytes())
    }
    try file.append(writer.finish())
    let bytes = Double(file.offset)
    try file.finish()
    return (bytes, features)
  }

  /// A house with four to ten corners around a place of its own.
  private static func building(_ i: Int, to writer: inout GeoJSONWriter) {
    let random = RandomStream(seed: 1)
    let key = UInt64(i)
    let centre = Point2(
      117 + random.unit(.cityBuilding, key, 0), 39 + random.unit(.cityBuilding, key, 1))
    let size = 0.0001 + 0.0003 * random.unit(.cityBuilding, key, 2)
    let steps = 1 + random.below(4, .cityBuilding, key, 3)
    // Stairs up the right side, straight down the left one.
    var ring = [centre, Point2(centre.x + size, centre.y)]
    for step in 1...steps {
      let share = Double(step) / Double(steps)
      ring.append(Point2(ring[ring.count - 1].x, centre.y + size * share))
      ring.append(Point2(centre.x + size * (1 - share * 0.9), centre.y + size * share))
    }
    writer.addFeature(
      id: "b\(i)", shape: .polygon([ring]),
      properties: [
        Property("id", .text("b\(i)")), Property("use", .text("residential")),
        Property("levels", .integer(Int64(1 + i % 30))),
        Property("height_m", .number(3.2 * Double(1 + i % 30), decimals: 1)),
      ])
  }
}
