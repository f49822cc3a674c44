import CityBase
import CitySpatial

/// The packed R-tree over a million boxes.
enum IndexBenchmark {
  static func run(_ options: Options) throws -> Section {
    let count = 1_000_000
    let queries = 100_000
    let random = RandomStream(seed: 1)
    let boxes = (0..<count).map { i in
      let corner = place(random, UInt64(i))
      let size = Point2(random.unit(.sampling, UInt64(i), 2), random.unit(.sampling, UInt64(i), 3))
      return Box2(min: corner, max: corner + size * 30)
    }
    var building: [Double] = []
    var windows: [Double] = []
    var nearest: [Double] = []
    var found = 0
    for _ in 0..<options.repeats {
      let (build, tree) = Timing.of { HilbertRTree(boxes) }
      building.append(build.wall * 1000)
      found = 0
      let (search, _) = Timing.of {
        for i in 0..<queries {
          let corner = place(random, UInt64(count + i))
          tree.search(Box2(min: corner, max: corner + Point2(60, 60))) { _ in found += 1 }
        }
      }
      windows.append(Double(queries) / search.wall)
      var sum = 0.0
      let (near, _) = Timing.of {
        for i in 0..<queries {
          sum += tree.nearest(place(random, UInt64(count + i))).first?.distance ?? 0
        }
      }
      guard sum > 0 else { throw CityError.failed("nothing was near") }
      nearest.append(Double(queries) / near.wall)
    }
    var section = Section(
      title: "index",
      about: "A million boxes of up to 30 m on 30 x 30 km; windows of 60 m find "
        + "\(Section.figure(Double(found) / Double(queries))) of them each; on one thread.")
    section.add("build", "ms", building)
    section.add("windows", "1/s", windows)
    section.add("nearest", "1/s", nearest)
    return section
  }

  private static func place(_ random: RandomStream, _ key: UInt64) -> Point2 {
    Point2(random.unit(.sampling, key, 0), random.unit(.sampling, key, 1)) * 30_000
  }
}
