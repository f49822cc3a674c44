import CityBase
import CityText

/// The features of a layer in columns: geometry in shared arrays, properties as places in the
/// file's bytes that are decoded when asked for.
public struct FeatureTable: Sendable {
  /// The file, for messages and for the raw properties.
  let source: MappedFile
  var kinds: [GeometryKind] = []
  /// The part each feature starts with, then the end; likewise rings of parts, points of rings.
  var firstPart: [UInt32] = [0]
  var firstRing: [UInt32] = [0]
  var firstPoint: [UInt32] = [0]
  var coordinates: [Point2] = []
  var offsets: [Int] = []
  var identifiers: [Slice] = []
  var firstEntry: [UInt32] = [0]
  var entries: [Entry] = []
  /// The names of all properties in order of first appearance.
  public internal(set) var propertyNames: [String] = []
  var keyOfName: [String: Int] = [:]
  /// The CRS that the old `crs` member names, as `EPSG:4490`; nil where there is none.
  public internal(set) var declaredCRS: String?

  /// A place in the file's bytes; the length 0 stands for none.
  struct Slice: Sendable, BitwiseCopyable {
    var start: Int = 0
    var count: Int32 = 0
  }
  /// A property of a feature.
  struct Entry: Sendable, BitwiseCopyable {
    var start: Int
    var count: Int32
    var key: Int32
  }

  init(source: MappedFile) { self.source = source }

  /// The path the features came from.
  public var file: String { source.path }
  /// How many features there are.
  public var count: Int { kinds.count }
  public func kind(_ i: Int) -> GeometryKind { kinds[i] }
  /// Where the feature starts in the file, in bytes.
  public func offset(_ i: Int) -> Int { offsets[i] }
  /// The feature's own id, a text or a number as it is written; nil where it has none.
  public func featureID(_ i: Int) -> String? { nil }
}
