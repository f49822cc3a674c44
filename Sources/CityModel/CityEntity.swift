import CityBase

/// One thing of the city: an id of its own type, a name, and a place.
public protocol CityEntity: Sendable {
  associatedtype ID: EntityID
  /// The word of this kind in `city.json`.
  static var kind: EntityKind { get }
  /// The id in the source, unique within the kind; made up where the source has none.
  var externalID: String { get }
  /// The name in the source, or an empty text.
  var name: String { get }
  /// A point that stands for the whole, in metres of the working CRS: the point itself, the middle
  /// of a line, a point inside an area.
  var position: Point2 { get }
}
