import CityBase
import CitySpatial

/// Where an entity was read from: a layer of the city and a feature in it, both counted from 0.
public struct FeatureSource: Hashable, Sendable, BitwiseCopyable {
  public var layer: Int32
  public var feature: Int32
  public init(layer: Int, feature: Int) {
    self.layer = Int32(truncatingIfNeeded: layer)
    self.feature = Int32(truncatingIfNeeded: feature)
  }
}

/// All entities of one kind, with their shapes and a spatial index. It never changes.
///
/// Ids follow the order of the layers in `city.json` and of the features in each.
public struct Catalogue<Entity: CityEntity>: Sendable {
  public typealias ID = Entity.ID

  /// The entities by id.
  public let entities: Column<ID, Entity>
  /// Their shapes by id.
  public let shapes: ShapeStore<ID>
  /// Their boxes; item i is the entity with id i.
  public let index: HilbertRTree
  /// Where each was read from, for its raw attributes.
  public let sources: Column<ID, FeatureSource>
  private let idOfExternalID: [String: ID]

  init(
    entities: Column<ID, Entity>, shapes: ShapeStore<ID>, sources: Column<ID, FeatureSource>,
    idOfExternalID: [String: ID]
  ) {
    self.entities = entities
    self.shapes = shapes
    self.sources = sources
    self.idOfExternalID = idOfExternalID
    index = HilbertRTree(entities.ids.map { shapes.box(of: $0) })
  }

  public var count: Int { entities.count }
  public var isEmpty: Bool { entities.isEmpty }
  /// All ids, ascending.
  public var ids: LazyMapSequence<Range<Int>, ID> { entities.ids }
  /// The box around all, in metres of the working CRS; empty where there is none.
  public var bounds: Box2 { index.bounds }

  /// An entity by its id.
  public subscript(id: ID) -> Entity { entities[id] }

  /// The entity with an id of the source, or nil.
  public func find(_ externalID: String) -> ID? { idOfExternalID[externalID] }

  /// The entities nearest to a point, nearest first, by the distance to their shape in metres: 0
  /// inside an area. Among equals the lower id. `isWanted` leaves others out.
  public func nearest(
    to point: Point2, maxResults: Int = 1, maxDistance: Double = .infinity,
    where isWanted: (ID) -> Bool = { _ in true }
  ) -> [(id: ID, distance: Double)] {
    index.nearest(point, maxResults: maxResults, maxDistance: maxDistance) {
      isWanted(ID($0)) ? shapes.distance(from: point, to: ID($0)) : .infinity
    }.map { (ID($0.index), $0.distance) }
  }

  /// The entities whose box meets a box, ascending.
  public func meeting(_ box: Box2) -> [ID] {
    var found: [ID] = []
    index.search(box) {
      if shapes.box(of: ID($0)).intersects(box) { found.append(ID($0)) }
    }
    found.sort()
    return found
  }

  /// The areas that contain a point, ascending.
  public func containing(_ point: Point2) -> [ID] {
    var found: [ID] = []
    index.search(Box2(min: point, max: point)) {
      if shapes.contains(point, in: ID($0)) { found.append(ID($0)) }
    }
    found.sort()
    return found
  }

  /// The first area that contains a point, or none.
  public func first(containing point: Point2) -> ID {
    index.first(in: Box2(min: point, max: point)) { shapes.contains(point, in: ID($0)) }
      .map { ID($0) } ?? .none
  }
}
