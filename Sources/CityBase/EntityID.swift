/// A dense, typed index into the columns of one kind of thing.
///
/// Ids are types so that a lane can never pass for a link. They count from 0 within one built
/// city or network and are not stable between two builds; what is stable is an external id.
public protocol EntityID:
  Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible
{
  /// The position in a column, 0 or more; -1 stands for "none".
  var rawValue: Int32 { get }
  init(rawValue: Int32)
}

extension EntityID {
  @inlinable public init(_ index: Int) { self.init(rawValue: Int32(truncatingIfNeeded: index)) }
  /// The position in a column.
  @inlinable public var index: Int { Int(rawValue) }
  /// The id that stands for "none".
  @inlinable public static var none: Self { Self(rawValue: -1) }
  /// Whether this id points at something.
  @inlinable public var isSome: Bool { rawValue >= 0 }
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  public var description: String { "\(rawValue)" }
}

/// Where three or more links meet, or where a link ends.
public struct JunctionID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A directed road between two junctions.
public struct LinkID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A lane of a link, or a connector across a junction: both hold vehicles and share one id space,
/// road lanes first.
public struct LaneID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A permitted way from a lane across a junction to a lane, counted from 0 among connectors.
public struct ConnectorID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A signal controller.
public struct SignalID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A trip of the demand, in the order of departure.
public struct TripID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A vehicle in the simulation; its cold columns are indexed by it.
public struct VehicleID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A zone of the demand.
public struct ZoneID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}
