import CityBase
import CityModel
import CityNetwork

/// What a policy may change in the city. Commands become overrides, which the domains read; the
/// built network and the loaded city themselves never change.
public enum Command: Sendable, Hashable {
  /// Nobody may enter the link; who is on it may leave it. Closures of one link add up.
  case closeLink(LinkID)
  /// Takes back one closure of the link.
  case reopenLink(LinkID)
  /// Puts a blockage onto a lane.
  case blockLane(LaneBlockage)
  /// Takes back one blockage equal to this one.
  case clearLane(LaneBlockage)
  /// Metres per second, above 0, in place of the built limit.
  case limitSpeed(LinkID, metersPerSecond: Float)
  case restoreSpeed(LinkID)
  /// A plan with the groups of the built one, in its place.
  case setSignalPlan(SignalID, SignalController)
  case restoreSignalPlan(SignalID)
  /// Yuan an hour, 0 or more, in place of the facility's own price.
  case setParkingPrice(ParkingFacilityID, cnyPerHour: Double)
  case restoreParkingPrice(ParkingFacilityID)
  /// The share of drivers, 0 to 1, who know the occupancy of car parks.
  case setGuidedShare(Double)
  case restoreGuidedShare
  /// Puts units into service, for the rest of the run.
  case addUnits(UnitPost)
  /// Emergency vehicles lose these privileges.
  case withdrawPrivileges(Privileges)
  case restorePrivileges(Privileges)

  /// Whether it takes back what another command has set.
  public var takesBack: Bool {
    switch self {
    case .reopenLink, .clearLane, .restoreSpeed, .restoreSignalPlan, .restoreParkingPrice,
      .restoreGuidedShare, .restorePrivileges:
      true
    case .closeLink, .blockLane, .limitSpeed, .setSignalPlan, .setParkingPrice, .setGuidedShare,
      .addUnits, .withdrawPrivileges:
      false
    }
  }
}

/// A measure that is tried on the city: it looks at an observation and returns commands.
///
/// A policy holds no hidden state: what it returns is a function of the observation alone, so
/// that a resumed run issues the same commands.
public protocol Policy: Sendable {
  /// The name under which the scenario lists it.
  var name: String { get }
  /// The commands due at this tick, in a fixed order.
  func commands(_ observation: Observation) -> [Command]
  /// What it alone may set, and when; two policies with overlapping claims contradict each other
  /// and are refused when the scenario is loaded.
  var claims: [PolicyClaim] { get }
}

extension Policy {
  public var claims: [PolicyClaim] { [] }
}

/// What a policy sets for a stretch of time.
public struct PolicyClaim: Sendable, Hashable {
  public enum Subject: Sendable, Hashable {
    case speedLimit(LinkID)
    case signalPlan(SignalID)
    case parkingPrice(ParkingFacilityID)
    case guidedShare
    case privileges(Privileges)
  }
  public var subject: Subject
  public var ticks: Range<Tick>

  public init(_ subject: Subject, _ ticks: Range<Tick>) {
    self.subject = subject
    self.ticks = ticks
  }
}

/// What a policy can see of the city at the start of a tick.
public struct Observation: Sendable {
  public let moment: Moment
  public init(moment: Moment) { self.moment = moment }
}
