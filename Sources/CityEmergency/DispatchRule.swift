import CityBase
import CityText

/// A unit that could be sent to a call: idle at its post, or on its way back to it.
public struct DispatchCandidate: Sendable, Hashable {
  /// The unit's name; unique.
  public var name: String
  /// Whether it is on its way back, rather than at its post.
  public var isReturning: Bool
  /// Seconds by road to the call as drivers experience it now.
  public var travelSeconds: Double
  /// Metres to the call as the crow flies.
  public var meters: Double

  public init(name: String, isReturning: Bool, travelSeconds: Double, meters: Double) {
    self.name = name
    self.isReturning = isReturning
    self.travelSeconds = travelSeconds
    self.meters = meters
  }
}

/// How the unit for a call is chosen.
///
/// A new rule is a type that conforms to this, in a file of its own, and a line in the registry of
/// CityScenario.
public protocol DispatchRule: Sendable {
  /// The word a scenario writes as `type` in `emergency.dispatch`.
  static var typeName: String { get }
  /// Reads the keys of this type; `type` is read by the caller, who also refuses the keys that
  /// nobody asked for.
  init(from reader: inout JSONObjectReader) throws(CityError)
  /// The position in `candidates` of the unit to send, or nil to let the call wait half a
  /// minute until it is asked again; others of its kind go before it then.
  ///
  /// `candidates` are the units of the right kind that are free and have a way to the call, by
  /// ascending unit number, at least one. The answer must depend on nothing but the arguments.
  func choose(for call: Call, among candidates: [DispatchCandidate]) -> Int?
}
