import CityBase
import CityNetwork

/// Why the first vehicle of a lane or connector does not go on.
public enum WaitReason: UInt8, Sendable, CaseIterable {
  /// The lane beyond is full, or promised to those before it.
  case room = 0
  /// Somebody let into the junction before has not cleared a place that it has to cross.
  case junction = 1
  /// Others go first and leave no gap, at a sign or among equals.
  case gap = 2
  /// In all that time its signal gave it no green that it could use.
  case signal = 3
  /// The link beyond is closed.
  case closure = 4
  /// Something stands on the lane.
  case obstacle = 5
  /// It stands in a lane from which its way does not go on, and nobody lets it change.
  case lane = 6

  /// The word for tables and layers.
  public var word: String { "\(self)" }
}

/// Drivers found standing for too long: a gridlock, or a queue that stands for another reason.
///
/// A **gridlock** is a closed circle of queues: the first vehicle of each waits for the next queue,
/// by way of the room beyond a junction or of a place in it, and all of them have stood for the time
/// that the settings ask for (Daganzo 1996, "The nature of freeway gridlock and how to prevent it";
/// Mahmassani, Saberi and Zockaie 2013, "Urban network gridlock"). What its signal shows at the
/// moment does not matter: five minutes are longer than any cycle. Nobody in a gridlock can go on
/// unless somebody leaves his way. A **standstill** is a queue whose first vehicle has stood as long
/// without such a circle; queues that merely wait for it are counted behind it.
public struct GridlockReport: Sendable, Equatable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    case gridlock = 0
    case standstill = 1

    public var word: String { "\(self)" }
  }

  /// The first vehicle of one of the queues.
  public struct Member: Sendable, Equatable {
    /// The road lane or connector on which it stands.
    public var lane: LaneID
    public var vehicle: VehicleID
    /// When it came to a stand.
    public var since: Tick
    public var reason: WaitReason
  }

  public var kind: Kind
  /// When the last of the members came to a stand.
  public var onset: Tick
  /// When it was found: the standing time after the onset, to the next look (every ten seconds).
  public var found: Tick
  /// When one of the queues, or the vehicle of a standstill, was first seen to have gone on, or nil
  /// while all stand.
  public var dissolved: Tick?
  /// As it was found, each waiting for the next and the last for the first; of a standstill the one.
  public var members: [Member]
  /// Vehicles that stand in it and behind it: at the last look, and at the most.
  public var vehicles = 0
  public var mostVehicles = 0
  /// The lanes and connectors of the circle as it stands, which may grow or shrink.
  var lanes: [Int32]
}
