import CityBase
import CityText

/// The features of a layer in columns: geometry in shared arrays, properties as places in the
/// file's bytes that are decoded when asked for.
///
/// Features are numbered from 0 in file order, those left out by the reader not counted. Every
/// index given must be below `count`.
public struct FeatureTable: Sendable {
  /// The file's bytes, kept for the properties.
  let source: MappedFile
  var kinds: [GeometryKind] = []
  /// The part that each feature starts with, and behind the last one the end; likewise the first
  /// ring of each part and the first point of each ring.
  var firstPart: [UInt32] = [0]
  var firstRing: [UInt32] = [0]
  var firstPoint: [UInt32] = [0]
  var coordinates: [Point2] = []
  var offsets: [Int] = []
  var ordinals: [UInt32] = []
  var identifiers: [Slice] = []
  var firstEntry: [UInt32] = [0]
  var entries: [Entry] = []
  /// The names of all properties in order of first appearance.
  public internal(set) var propertyNames: [String] = []
  var keyOfName: [String: Int] = [:]
  /// The CRS that the `crs` member of older files names, such as `EPSG:4490`; nil without one.
  public internal(set) var declaredCRS: String?

  /// A place in the file's bytes; the count 0 stands for none.
  struct Slice: Sendable, BitwiseCopyable {
    var start = 0
    var count: Int32 = 0
  }

  /// A property of a feature: its key and where its value stands.
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
  /// What kind of geometry a feature has.
  public func kind(_ i: Int) -> GeometryKind { kinds[i] }
  /// Where the feature starts in the (expanded) file, in bytes.
  public func offset(_ i: Int) -> Int { offsets[i] }

  /// The feature's own `id` member, a text or a number as it is written; nil where it has none.
  public func featureID(_ i: Int) -> String? {
    let s = identifiers[i]
    guard s.count > 0 else { return nil }
    return source.withBytes { bytes in
      let raw = UnsafeRawBufferPointer(rebasing: bytes[s.start..<s.start + Int(s.count)])
      return raw.first == 0x22
        ? JSONStringText.lenient(Self.inside(raw)) : String(decoding: raw, as: UTF8.self)
    }
  }
}
