import CityBase
import CityModel
import CityNetwork

/// The shape of a drafted entity, in metres of the draft's working CRS.
public enum DraftShape: Sendable {
  case point(Point2)
  case line([Point2])
  /// Outer rings with their holes: one polygon or several.
  case polygons([[[Point2]]])
  case lines([[Point2]])
}

/// One entity on its way into a city folder.
public struct DraftEntity: Sendable {
  public var kind: EntityKind
  public var id: String
  public var shape: DraftShape
  /// The standard fields of its kind and the raw attributes, in the order they are written.
  public var properties: [Property]
  public init(kind: EntityKind, id: String, shape: DraftShape, properties: [Property]) {
    self.kind = kind
    self.id = id
    self.shape = shape
    self.properties = properties
  }
}

/// A feature of a layer beside those of the city model.
public struct DraftFeature: Sendable {
  public var id: String
  public var shape: DraftShape
  public var properties: [Property]
  public init(id: String, shape: DraftShape, properties: [Property]) {
    self.id = id
    self.shape = shape
    self.properties = properties
  }
}

/// A GeoJSON file in the city folder that `city.json` does not list: nothing is loaded from it; it
/// is there for people and other programs.
public struct SideLayer: Sendable {
  public var fileName: String
  public var features: [DraftFeature] = []
  public init(fileName: String) { self.fileName = fileName }
}

/// A city that an importer or the generator has put together, before it is written as a folder.
public struct CityDraft: Sendable {
  public var name: String
  /// IANA name, such as `Asia/Shanghai`.
  public var timeZone: String
  /// The metric CRS that all coordinates are in, such as `EPSG:4548`.
  public var workingCRS: String
  /// The geographic CRS the layers are written in: `EPSG:4326` or `EPSG:4490`.
  public var layerCRS: String
  public var entities: [DraftEntity] = []
  public var roads = RoadSource()
  /// Raw attributes of each way of `roads`, in its order, for the road layer; empty for none.
  public var roadProperties: [[Property]] = []
  public var sideLayers: [SideLayer] = []
  /// What may cut its roads off, and the ring it was cut out along (empty where unknown), in metres.
  var evidence: [CutOffEvidence] = []
  var edge: [Point2] = []
  /// Gaps between roads that were closed.
  var repairs: [GapRepair.Repair] = []
  /// Where the city is from and under which licence: the text of the folder's `README.md`.
  public var notice = ""
  public var diagnostics = Diagnostics()

  public init(name: String, timeZone: String, workingCRS: String, layerCRS: String) {
    self.name = name
    self.timeZone = timeZone
    self.workingCRS = workingCRS
    self.layerCRS = layerCRS
  }
}
