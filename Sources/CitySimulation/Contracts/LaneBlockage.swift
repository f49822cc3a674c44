import CityBase

/// Something that stands on a lane: a double-parked car, an accident, a work site.
public struct LaneBlockage: Sendable, Hashable {
  /// A road lane, not a connector.
  public var lane: LaneID
  /// Where it begins and ends, in metres from the start of the lane; `to` is past `from`.
  public var from: Float
  public var to: Float
  /// Metres of the lane's width that are left to drive past; 0 blocks the lane.
  public var residualWidth: Float

  /// Metres of width that drivers need to creep past: 1.8 m for the car and 0.35 m on either side
  /// (assumed). A lane that is left less is blocked.
  public static let passableWidth: Float = 2.5

  public init(lane: LaneID, from: Float, to: Float, residualWidth: Float) {
    self.lane = lane
    self.from = from
    self.to = to
    self.residualWidth = residualWidth
  }
}

/// Stands for a blockage while it lasts.
public struct BlockageID: EntityID {
  public let rawValue: Int32
  @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// Lets other domains put things onto lanes, in phase 2 only.
///
/// Where the rest of the lane is wide enough, vehicles creep past, as they do between two obstacles on
/// neighbouring lanes that together leave enough; otherwise they change to the next lane, or where
/// there is none pass alternately on the opposite one. Where all lanes of one direction are blocked
/// and there is more than one, or no opposite lane, they wait, and drivers who look for a way take
/// the link for one on which nothing moves.
public protocol LaneBlocking: AnyObject {
  /// Puts a blockage onto its lane, clamped to the lane's length. Vehicles already beside it go on.
  func block(_ blockage: LaneBlockage) -> BlockageID
  /// Takes it away; an id that is no longer known changes nothing.
  func unblock(_ blockage: BlockageID)
}
