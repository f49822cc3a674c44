import CityBase

/// What kind of city is to be generated.
public struct CityGeneratorOptions: Sendable, Equatable {
  /// Seed of every draw: the same options give the same city, byte for byte.
  public var seed: UInt64
  /// Name of the city, as `city.json` carries it.
  public var name: String
  /// Diameter of the city in kilometres, 2 to 200.
  public var sizeKilometers: Double
  /// Residents, 0 or more; nil for 11,000 a square kilometre.
  public var population: Int?
  /// Typical side of an inner block in metres, 100 to 500. Collectors lie two and arterials four
  /// of these apart.
  public var blockSpacingMeters: Double
  /// How many directed links the network should have, roughly; where it is given, the size of the
  /// city follows from it. 200 to 2,000,000.
  public var links: Int?
  /// How much of what stands between the streets is drawn; nil for every building up to
  /// `largestWithBuildings` square kilometres, and whole blocks beyond.
  public var detail: Detail?

  /// What is drawn between the streets.
  public enum Detail: String, Sendable, CaseIterable {
    /// Every building, with its own outline.
    case buildings
    /// One house for each use of a block, with all its floors, people and jobs: a fiftieth of the
    /// bytes. The pavements along the main streets are left out.
    case blocks
    /// Nothing: districts with their residents, signals and sensors only.
    case streets
  }

  /// How the streets are built.
  public var streets: Streets

  /// How the streets are built.
  public enum Streets: String, Sendable, CaseIterable {
    /// One line for each street, both directions side by side.
    case simple
    /// As in a metropolis: arterials divided, with bays for turning left before signals, an
    /// elevated expressway with ramps above the inner ring, roundabouts, streets of one direction, side streets that end at the near carriageway.
    case full
  }

  /// Square kilometres beyond which blocks stand for their buildings: some 60 MB of them, and
  /// about 100,000 links.
  public static let largestWithBuildings = 2_000.0

  /// Options with the defaults of the command line.
  public init(
    seed: UInt64 = 1, name: String = "haihe", sizeKilometers: Double = 6,
    population: Int? = nil, blockSpacingMeters: Double = 212, links: Int? = nil,
    detail: Detail? = nil, streets: Streets = .full
  ) {
    self.seed = seed
    self.name = name
    self.sizeKilometers = sizeKilometers
    self.population = population
    self.blockSpacingMeters = blockSpacingMeters
    self.links = links
    self.detail = detail
    self.streets = streets
  }

  /// Half the diameter of the city in metres.
  var radius: Double {
    guard let links else { return sizeKilometers * 500 }
    let scale = blockSpacingMeters / 212
    let area = Double(links) / CityPlan.linksPerSquareKilometer * scale * scale
    return max(1_000, (area / 3.14159265).squareRoot() * 1_000)
  }

  /// The detail asked for, or what fits the size.
  var drawnDetail: Detail {
    if let detail { return detail }
    let area = 3.14159265 * radius * radius / 1e6
    return area > Self.largestWithBuildings ? .blocks : .buildings
  }

  /// Checks the ranges; throws a usage error that names the option and its range.
  public func validate() throws(CityError) {
    guard sizeKilometers >= 2, sizeKilometers <= 200 else {
      throw .usage("--size must be 2 to 200 km, found \(sizeKilometers)")
    }
    guard blockSpacingMeters >= 100, blockSpacingMeters <= 500 else {
      throw .usage("the block spacing must be 100 to 500 m, found \(blockSpacingMeters)")
    }
    if let population {
      guard population >= 0, population <= 100_000_000 else {
        throw .usage("--population must be 0 to 100,000,000, found \(population)")
      }
      // Denser than any city; the blocks have no floor area for it.
      let side = radius / 500
      if side.isFinite, Double(population) > 50_000 * side * side {
        let km = (side * 10).rounded() / 10
        throw .usage(
          "--population must be at most 50,000 a square kilometre, found \(population) on "
            + "\(km) x \(km) km")
      }
    }
    if let links {
      guard links >= 200, links <= 2_000_000 else {
        throw .usage("--links must be 200 to 2,000,000, found \(links)")
      }
    }
    guard !name.isEmpty, name.utf8.count <= 200 else {
      throw .usage("--name must have 1 to 200 bytes")
    }
  }
}
