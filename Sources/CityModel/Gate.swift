import CityBase

/// A place where a road crosses the edge of what the city holds: traffic comes in or goes out.
public struct Gate: CityEntity {
  /// Seen from the city. The raw values are the words of the layer files.
  public enum Direction: String, Sendable, CaseIterable, Hashable {
    /// Traffic comes in here: the link begins at the edge.
    case `in`
    /// Traffic leaves here: the link ends at the edge.
    case out
  }

  public typealias ID = GateID
  public static let kind = EntityKind.gate
  public var externalID: String
  public var name: String
  public var position: Point2
  /// The external id of the link in the network.
  public var link: String
  public var direction: Direction
  /// The name of a road class (`primary`), as the source has it.
  public var className: String
  /// Vehicles an hour that the road can carry here, or nil where the source does not say.
  public var capacity: Double?
  /// Vehicles in the busiest hour of the day, from a count; nil to take what is usual for the class.
  public var volume: Double?
  /// Share of those vehicles that pass through the city, 0 to 1; nil to take what is usual.
  public var throughShare: Double?
}

/// Something that draws or houses people and is no building: a shop in a house of several uses, a
/// settlement that is known by name alone, a stretch of built-up ground whose houses are not drawn.
public struct Place: CityEntity {
  public typealias ID = PlaceID
  public static let kind = EntityKind.place
  public var externalID: String
  public var name: String
  public var position: Point2
  public var use: BuildingUse
  /// Square metres on the ground; 0 for a point.
  public var area: Double
  /// Square metres on all storeys, or nil where the source does not say.
  public var floorArea: Double?
  /// Inhabitants, or nil where the source does not say.
  public var population: Double?
}
