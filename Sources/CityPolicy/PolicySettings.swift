import CityBase
import CitySimulation
import CityText

/// What a scenario says about one policy of one type, before it meets a city.
///
/// A new policy is a type that conforms to this, in a file of its own, and a line in the
/// registry of CityScenario.
public protocol PolicySettings: Sendable {
  /// The word a scenario writes as `type`.
  static var typeName: String { get }
  /// The part of a scenario this acts on, by its key (`parking`); nil where every scenario has it.
  /// Without that part the policy would do nothing, and the scenario is refused.
  static var actsOn: String? { get }
  /// Reads the keys of this type; `type` and `name` are read by the caller, who also refuses
  /// the keys that nobody asked for.
  init(from reader: inout JSONObjectReader) throws(CityError)
  /// Binds the settings to a city; refuses what the city does not have.
  func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy
}

extension PolicySettings {
  public static var actsOn: String? { nil }
}
