import CityBase

/// What every entity gets from its feature: names and measures of its shape.
struct EntityHeader {
  var externalID: String
  var name: String
  var position: Point2
  /// Square metres; 0 for points and lines.
  var area: Double
}

/// An entity that can be read from a layer.
protocol LayerEntity: CityEntity {
  /// What its shape may be made of.
  static var forms: [ShapeForm] { get }
  /// Reads the fields of the reader's current feature.
  init(_ header: EntityHeader, _ fields: inout FieldReader)
}

/// The ranges within which a figure of a source is believed.
enum Plausible {
  /// The largest cities have about 35 million people.
  static let population = 0.0...1e8
  static let jobs = 0.0...1e8
  /// The highest building has 163 storeys and 828 metres.
  static let levels = 0.5...200.0
  static let heightMetres = 0.5...1000.0
  static let floorArea = 0.0...1e7
  static let lanes = 12
  static let speedKmh = 1.0...200.0
  /// The largest car parks have some 20,000 to 40,000 bays.
  static let bays = 100_000
  static let pricePerHour = 0.0...10_000.0
  static let beds = 100_000
  static let vehicles = 1000
  static let widthMetres = 0.1...200.0
  /// The widest motorways carry some 20,000 vehicles an hour and direction.
  static let vehiclesPerHour = 0.0...50_000.0
}
