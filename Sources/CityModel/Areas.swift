import CityBase

/// A district of the city.
public struct District: CityEntity {
  public typealias ID = DistrictID
  public static let kind = EntityKind.district
  public var externalID: String
  public var name: String
  public var position: Point2
  /// The official code, or an empty text.
  public var code: String
  /// Inhabitants, or nil where the source does not say.
  public var population: Double?
}

/// A part of a district.
public struct Subdistrict: CityEntity {
  public typealias ID = SubdistrictID
  public static let kind = EntityKind.subdistrict
  public var externalID: String
  public var name: String
  public var position: Point2
  /// The official code, or an empty text.
  public var code: String
  /// The district it belongs to: by the code that the source names, else the one its position lies
  /// in, else none.
  public var district: DistrictID
  /// Inhabitants, or nil where the source does not say.
  public var population: Double?
}
