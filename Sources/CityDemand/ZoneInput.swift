import CityBase
import CityModel

/// What a city knows about where people live and what draws them, in metres of the working CRS.
///
/// Plain values, so that zones can be built for any source: `ZoneInput(map)` fills it from a
/// `CityMap`.
public struct ZoneInput: Sendable {
  /// A district or sub-district.
  public struct Area: Sendable {
    /// Unique among its level; pieces with the same id are joined.
    public var externalID: String
    public var name: String
    /// People who live here, where known.
    public var population: Double?
    /// Polygons, each an outer ring and its holes.
    public var polygons: [[[Point2]]]
    public init(
      externalID: String, name: String, population: Double? = nil, polygons: [[[Point2]]]
    ) {
      self.externalID = externalID
      self.name = name
      self.population = population
      self.polygons = polygons
    }
  }

  public struct Building: Sendable {
    /// A point in or near it.
    public var position: Point2
    public var use: BuildingUse
    /// Square metres over all floors.
    public var floorArea: Double
    /// People who live in it, where known.
    public var population: Double?
    /// People who work in it, where known.
    public var jobs: Double?
    public init(
      position: Point2, use: BuildingUse, floorArea: Double, population: Double? = nil,
      jobs: Double? = nil
    ) {
      self.position = position
      self.use = use
      self.floorArea = floorArea
      self.population = population
      self.jobs = jobs
    }
  }

  /// Sub-districts, or whatever is the finest level of the city's administration.
  public var subdistricts: [Area] = []
  public var districts: [Area] = []
  public var buildings: [Building] = []
  /// Places with a function: each stands in for floor area of its use where the buildings of its
  /// neighbourhood show none of that use.
  public var facilities: [Building] = []

  public init() {}
}
