import CityBase

/// What a building is used for. The raw values are the words of the layer files.
public enum BuildingUse: String, Sendable, CaseIterable, Hashable {
  case residential
  case office
  case retail
  case industrial
  case education
  case health
  case hotel
  /// Administration, culture, worship, sports, transport.
  case `public`
  case other
}

/// A building with its footprint in the catalogue's shapes.
public struct Building: CityEntity {
  public typealias ID = BuildingID
  public static let kind = EntityKind.building
  public var externalID: String
  public var name: String
  public var position: Point2
  public var use: BuildingUse
  /// Storeys above ground, at least a half. Where the source has none: its height in units of
  /// `Building.storeyMetres`, else 1.
  public var levels: Double
  /// Metres above ground. Where the source has none: its levels times `storeyMetres`.
  public var heightMetres: Double
  /// Square metres on the ground, courtyards left out.
  public var footprintArea: Double
  /// Square metres on all storeys. Where the source has none: footprint times levels.
  public var floorArea: Double
  /// Inhabitants, or nil where the source does not say.
  public var population: Double?
  /// Places of work, or nil where the source does not say.
  public var jobs: Double?

  /// The height of a storey where only one of levels and height is known: 3 metres, the usual
  /// storey of a dwelling.
  public static let storeyMetres = 3.0
}
