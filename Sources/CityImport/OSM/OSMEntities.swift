import CityBase
import CityModel

/// Turns the elements of an extract into drafted entities, kind by kind and in the order of their
/// ids, nodes before ways before relations.
struct OSMEntities {
  let plane: OSMPlane
  let shapes: OSMShapes
  var data: OSMData { plane.data }
  var entities: [DraftEntity] = []
  var diagnostics = Diagnostics()

  init(_ plane: OSMPlane) {
    self.plane = plane
    shapes = OSMShapes(plane)
  }

  /// All entities of an extract but its roads.
  static func read(_ roads: OSMRoads, diagnostics: inout Diagnostics) -> [DraftEntity] {
    var reader = OSMEntities(roads.plane)
    reader.addBoundaries()
    reader.addBuildings()
    reader.addPlaces()
    reader.addFacilities()
    reader.addKerbParking(roads)
    reader.addFootways()
    diagnostics.add(contentsOf: reader.diagnostics)
    return reader.entities
  }

  /// Adds one entity with its standard fields and all raw tags.
  mutating func add(
    _ kind: EntityKind, id: String, shape: DraftShape, tags: OSMTags, _ fields: [Property]
  ) {
    var standard: [Property] = []
    if let name = tags[.name] { standard.append(Property("name", .text(name))) }
    standard += fields
    entities.append(
      DraftEntity(
        kind: kind, id: id, shape: shape,
        properties: StandardFields.merge(kind, standard, raw: tags.properties)))
  }

  /// An element that carries a feature: its id in the draft, its tags, and its shape when asked.
  struct Element {
    enum Source { case node(Int), way(Int), relation(Int) }
    var source: Source
    var id: String
    var tags: OSMTags
  }

  /// Calls `body` for every tagged node, way and multipolygon.
  func forEachElement(_ body: (Element) -> Void) {
    for i in 0..<data.nodeCount where data.nodeTags[i].count > 0 {
      body(Element(source: .node(i), id: "n\(data.nodeID[i])", tags: data.tags(ofNode: i)))
    }
    for i in 0..<data.wayCount where data.wayTags[i].count > 0 {
      body(Element(source: .way(i), id: "w\(data.wayID[i])", tags: data.tags(ofWay: i)))
    }
    for i in 0..<data.relationCount {
      let tags = data.tags(ofRelation: i)
      guard tags[.type] == "multipolygon" else { continue }
      body(Element(source: .relation(i), id: "r\(data.relationID[i])", tags: tags))
    }
  }

  /// The polygons of a closed way or multipolygon; nil where it encloses nothing or is not wholly
  /// in the file.
  func area(_ element: Element) -> [[[Point2]]]? {
    switch element.source {
    case .node: return nil
    case .way(let way): return shapes.ring(ofWay: way).map { [[$0]] }
    case .relation(let relation):
      let area = shapes.area(ofRelation: relation)
      return area.isComplete ? area.polygons : nil
    }
  }

  /// Why an element has no area, in words.
  func fault(_ element: Element) -> String {
    guard case .relation(let relation) = element.source else {
      return "not closed, or not wholly in the file"
    }
    let area = shapes.area(ofRelation: relation)
    return area.missing > 0
      ? "\(area.missing) of its ways are not, or not wholly, in the file"
      : area.fault ?? "it has no ring"
  }

  /// The area of an element, else its point (of a way: its first), else nil.
  func place(_ element: Element) -> DraftShape? {
    if let polygons = area(element) { return .polygons(polygons) }
    switch element.source {
    case .node(let node):
      let p = plane.positions[node]
      return p.isFinite ? .point(p) : nil
    case .way(let way):
      return plane.pieces(ofWay: way).first?.first.map { .point(plane.positions[Int($0)]) }
    case .relation(let relation):
      return shapes.area(ofRelation: relation).polygons.first?.first?.first.map { .point($0) }
    }
  }
}
