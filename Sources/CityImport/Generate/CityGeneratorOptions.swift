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
  /// Whether buildings are drafted; benchmarks of the network alone do without.
  public var includesBuildings: Bool

  /// Options with the defaults of the command line.
  public init(
    seed: UInt64 = 1, name: String = "haihe", sizeKilometers: Double = 6,
    population: Int? = nil, blockSpacingMeters: Double = 212, links: Int? = nil,
    includesBuildings: Bool = true
  ) {
    self.seed = seed
    self.name = name
    self.sizeKilometers = sizeKilometers
    self.population = population
    self.blockSpacingMeters = blockSpacingMeters
    self.links = links
    self.includesBuildings = includesBuildings
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
      if links == nil, Double(population) > 50_000 * sizeKilometers * sizeKilometers {
        throw .usage(
          "--population must be at most 50,000 a square kilometre, found \(population) on "
            + "\(sizeKilometers) x \(sizeKilometers) km")
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
