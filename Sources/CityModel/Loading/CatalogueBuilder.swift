import CityBase
import CityGIS

/// Collects the entities of one kind from any number of layers.
struct CatalogueBuilder<Entity: LayerEntity> {
  typealias ID = Entity.ID

  private(set) var entities = Column<ID, Entity>()
  private(set) var sources = Column<ID, FeatureSource>()
  private(set) var shapes = ShapeStore<ID>()
  private var idOfExternalID: [String: ID] = [:]
  /// The last number that was put behind each id that came twice.
  private var lastSuffix: [String: Int] = [:]
  private var shapeReader = ShapeReader()

  /// Adds the usable features of a layer, whose coordinates are in the working CRS already.
  mutating func add(
    _ features: FeatureTable, layer: CityDescription.Layer, number: Int,
    unplaced: [Bool], diagnostics: inout Diagnostics
  ) throws(CityError) {
    var fields = FieldReader(features, layer: layer)
    try reserve(for: features)
    let region = LayerRegion(features)
    var unnamed = 0
    for i in 0..<features.count where !unplaced[i] {
      fields.feature = i
      guard region.contains(features.points(i)) else {
        fields.warn("far-away", "more than 1,000 km from the rest of the layer; left out")
        continue
      }
      do throws(ShapeReader.Refusal) {
        let outcome = try shapeReader.read(i, of: features, into: &shapes, forms: Entity.forms)
        if let repair = outcome.repair { fields.warn("geometry-repaired", repair) }
      } catch {
        fields.warn(error.code, error.message)
        continue
      }
      append(&fields, source: FeatureSource(layer: number, feature: i), unnamed: &unnamed)
    }
    if unnamed > 0 {
      fields.diagnostics.note(
        "id-missing", file: fields.file,
        "\(unnamed) features have no id; they are called by their place in the layer")
    }
    diagnostics.add(contentsOf: fields.diagnostics)
  }

  private mutating func reserve(for features: FeatureTable) throws(CityError) {
    var points = shapes.points.count
    for i in 0..<features.count { points += features.points(i).count }
    guard points < Int(Int32.max), entities.count + features.count < Int(Int32.max) else {
      throw .refused("more points than a city can hold", file: features.file)
    }
    entities.values.reserveCapacity(entities.count + features.count)
    sources.values.reserveCapacity(sources.count + features.count)
    idOfExternalID.reserveCapacity(entities.count + features.count)
    shapes.reserve(shapes: features.count, points: points - shapes.points.count)
  }

  /// Makes an entity of the last shape in the store and the fields of the reader's feature.
  private mutating func append(
    _ fields: inout FieldReader, source: FeatureSource, unnamed: inout Int
  ) {
    let id = ID(entities.count)
    var externalID = fields.text("id")
    if externalID.isEmpty { externalID = fields.features.featureID(fields.feature) ?? "" }
    if externalID.isEmpty {
      unnamed += 1
      externalID = "\(Entity.kind.rawValue)-\(fields.feature + 1)"
    }
    externalID = unique(externalID, &fields)
    idOfExternalID[externalID] = id
    let header = EntityHeader(
      externalID: externalID, name: fields.text("name"), position: position(of: id),
      area: shapes.area(of: id))
    entities.append(Entity(header, &fields))
    sources.append(source)
  }

  /// The id itself where it is new, else with a number behind it. Numbers go on from the last one
  /// used, so that a million equal ids take no longer than a million different ones.
  private mutating func unique(_ externalID: String, _ fields: inout FieldReader) -> String {
    guard idOfExternalID[externalID] != nil else { return externalID }
    var suffix = lastSuffix[externalID] ?? 1
    var candidate: String
    repeat {
      suffix += 1
      candidate = "\(externalID)#\(suffix)"
    } while idOfExternalID[candidate] != nil
    lastSuffix[externalID] = suffix
    fields.warn("id-duplicate", "the id \"\(externalID)\" came before; called \"\(candidate)\"")
    return candidate
  }

  private func position(of id: ID) -> Point2 {
    switch shapes.form[id] {
    case .point: return shapes.points(of: id).first ?? Point2(0, 0)
    case .area: return AreaPosition.of(id, in: shapes)
    case .line:
      var longest: ArraySlice<Point2> = []
      var length = -1.0
      for part in shapes.parts(of: id) {
        let l = Polyline.length(shapes.points(ofPart: part))
        if l > length { (longest, length) = (shapes.points(ofPart: part), l) }
      }
      return Polyline.locate(longest, at: length / 2).point.roundedToMillimetre
    }
  }

  /// Changes the entities once all layers are in.
  mutating func update(_ change: (ID, inout Entity) -> Void) {
    for id in entities.ids { change(id, &entities[id]) }
  }

  func finish() -> Catalogue<Entity> {
    Catalogue(
      entities: entities, shapes: shapes, sources: sources, idOfExternalID: idOfExternalID)
  }
}

/// Where most of a layer lies, so that a feature on the other side of the world is noticed: the usual
/// sign of a zero or a swapped pair of coordinates.
struct LayerRegion {
  static let reachMetres = 1e6
  /// No metric CRS has a city beyond this.
  static let farthestMetres = 1e8
  private var center: Point2?

  init(_ features: FeatureTable) {
    let step = max(1, features.count / 1000)
    var xs: [Double] = []
    var ys: [Double] = []
    for i in stride(from: 0, to: features.count, by: step) {
      guard let p = features.points(i).first, p.isFinite else { continue }
      xs.append(p.x)
      ys.append(p.y)
    }
    // Of fewer features nobody can say which one is wrong.
    guard xs.count >= 5 else { return }
    xs.sort()
    ys.sort()
    center = Point2(xs[xs.count / 2], ys[ys.count / 2])
  }

  func contains(_ points: ArraySlice<Point2>) -> Bool {
    points.allSatisfy { p in
      guard abs(p.x) < Self.farthestMetres, abs(p.y) < Self.farthestMetres else { return false }
      guard let center else { return true }
      return abs(p.x - center.x) < Self.reachMetres && abs(p.y - center.y) < Self.reachMetres
    }
  }
}
