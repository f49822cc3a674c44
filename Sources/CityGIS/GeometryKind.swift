/// The kinds of geometry a feature can have.
public enum GeometryKind: UInt8, Sendable, CaseIterable {
  /// No geometry: null, empty, or left out because it could not be used.
  case none
  case point
  case multiPoint
  case line
  case multiLine
  case polygon
  case multiPolygon

  public var isPoint: Bool { self == .point || self == .multiPoint }
  public var isLine: Bool { self == .line || self == .multiLine }
  public var isArea: Bool { self == .polygon || self == .multiPolygon }
}
