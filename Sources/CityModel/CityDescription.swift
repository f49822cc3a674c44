import CityBase
import CityText

/// What `city.json` says: the name of a city, its rules, and the layers it is made of.
public struct CityDescription: Sendable, Equatable {
  /// One GeoJSON file with entities of one kind.
  public struct Layer: Sendable, Equatable {
    /// The path of the file relative to `city.json`.
    public var file: String
    public var kind: EntityKind
    /// The CRS of its coordinates: anything PROJ knows, `GCJ-02` or `BD-09`.
    public var crs: String
    /// Standard fields that the layer calls otherwise, with the layer's own name of each.
    public var fields: [Field]

    /// A layer; without a CRS its coordinates are WGS 84, without fields its names are the standard.
    public init(
      file: String, kind: EntityKind, crs: String = CityDescription.defaultLayerCRS,
      fields: [Field] = []
    ) {
      self.file = file
      self.kind = kind
      self.crs = crs
      self.fields = fields
    }

    /// The layer's own name of a standard field.
    public func property(for field: String) -> String {
      fields.first { $0.standard == field }?.own ?? field
    }
  }

  /// A standard field and what a layer calls it.
  public struct Field: Sendable, Equatable {
    public var standard: String
    public var own: String
    public init(standard: String, own: String) {
      self.standard = standard
      self.own = own
    }
  }

  /// The word that marks the file.
  public static let format = "citytwin-city"
  /// The version this build reads and writes.
  public static let version = 1
  /// The name of the file in a city folder.
  public static let fileName = "city.json"
  /// The CRS of a layer that names none: longitude and latitude on WGS 84.
  public static let defaultLayerCRS = "EPSG:4326"

  public var name: String
  /// Whether one drives on the right.
  public var drivesOnRight: Bool
  /// IANA name, such as `Asia/Shanghai`.
  public var timeZone: String
  /// The metric CRS that everything is brought into, such as `EPSG:4548`.
  public var workingCRS: String
  /// The path of the network file relative to `city.json`, or nil.
  public var network: String?
  /// Whether a vehicle may turn towards the kerb at red after yielding.
  public var allowsTurnOnRed: Bool
  public var layers: [Layer]

  public init(
    name: String, drivesOnRight: Bool = true, timeZone: String, workingCRS: String,
    network: String? = nil, allowsTurnOnRed: Bool = false, layers: [Layer] = []
  ) {
    self.name = name
    self.drivesOnRight = drivesOnRight
    self.timeZone = timeZone
    self.workingCRS = workingCRS
    self.network = network
    self.allowsTurnOnRed = allowsTurnOnRed
    self.layers = layers
  }

  /// The path of a file that is named relative to a city folder.
  public static func path(of file: String, in folder: String) -> String {
    folder.isEmpty ? file : folder.hasSuffix("/") ? folder + file : folder + "/" + file
  }
}

/// The words of the key `drive`.
enum DrivingSide: String, CaseIterable {
  case left
  case right
}
