/// A dense table of one value per entity, indexed by that entity's own id type.
public struct Column<ID: EntityID, Value> {
  public var values: [Value]

  /// An empty column.
  @inlinable public init() { values = [] }
  /// A column over values that are already in id order.
  @inlinable public init(_ values: [Value]) { self.values = values }
  /// A column of equal values.
  @inlinable public init(repeating value: Value, count: Int) {
    values = Array(repeating: value, count: count)
  }

  @inlinable public var count: Int { values.count }
  @inlinable public var isEmpty: Bool { values.isEmpty }
  /// All ids of this column, in order.
  @inlinable public var ids: LazyMapSequence<Range<Int>, ID> {
    (0..<values.count).lazy.map { ID($0) }
  }

  /// The value of an entity; an id outside the column is a programmer's mistake.
  @inlinable public subscript(id: ID) -> Value {
    get { values[Int(id.rawValue)] }
    _modify { yield &values[Int(id.rawValue)] }
  }

  /// Appends a value and returns the id it got.
  @inlinable @discardableResult public mutating func append(_ value: Value) -> ID {
    values.append(value)
    return ID(values.count - 1)
  }
}

extension Column: Sendable where Value: Sendable {}
extension Column: Equatable where Value: Equatable {}
