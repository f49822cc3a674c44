import CityBase
import CityImport
import CityText

/// OpenStreetMap data to a city folder.
enum ImportBenchmark {
  static func run(_ options: Options) throws -> Section {
    guard let file = options.osm else { throw CityError.usage("import needs --osm FILE") }
    let bytes = Double(try InputFile.read(path: file).count)
    return try Scratch.with { scratch in
      var seconds: [Double] = []
      for _ in 0..<options.repeats {
        let (timing, _) = try Timing.of {
          try OSMImport.run(file: file, out: scratch.file("city"), options: OSMImportOptions())
        }
        seconds.append(timing.wall)
      }
      let name = file.split(separator: "/").last.map(String.init) ?? file
      var section = Section(
        title: "import",
        about: "\(name), \(Section.figure(bytes / 1e6)) MB as it lies on the disk: read, network "
          + "built, folder written.")
      section.add("import", "s", seconds)
      return section
    }
  }
}
