import CityBase
import CityNetwork

/// What a policy may change in the city. Commands become override columns and events; the built
/// network itself never changes.
public enum Command: Sendable, Hashable {
  /// Nobody may enter the link; who is on it may leave it.
  case closeLink(LinkID)
  /// Takes back one closure of the link.
  case reopenLink(LinkID)
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
}

/// What a policy can see of the city at the start of a tick.
public struct Observation: Sendable {
  public let moment: Moment
  public init(moment: Moment) { self.moment = moment }
}
