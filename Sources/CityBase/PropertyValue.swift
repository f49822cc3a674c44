/// The value of a property of a feature, or of a figure in a table.
public enum PropertyValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// A number written with at most this many decimals, trailing zeros dropped.
  case number(Double, decimals: Int)
  case text(String)

  /// A number of whatever precision it has, at most 7 decimals.
  public static func number(_ value: Double) -> PropertyValue { .number(value, decimals: 7) }
}

/// A named value; lists of these keep their order in every file.
public struct Property: Sendable, Hashable {
  public var name: String
  public var value: PropertyValue
  public init(_ name: String, _ value: PropertyValue) {
    self.name = name
    self.value = value
  }
}
