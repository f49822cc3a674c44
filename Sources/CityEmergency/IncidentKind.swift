import CitySimulation

/// What has happened. The raw values are part of the checkpoint.
public enum IncidentKind: UInt8, Sendable, CaseIterable, Hashable {
  /// Somebody is ill or hurt: an ambulance.
  case medical = 0
  /// A fire engine.
  case fire = 1
  /// A police car.
  case police = 2
  /// A traffic accident: a police car, and closed lanes until it has cleared them.
  case accident = 3

  /// The word for it in scenarios, tables and snapshots.
  public var word: String {
    switch self {
    case .medical: "medical"
    case .fire: "fire"
    case .police: "police"
    case .accident: "accident"
    }
  }

  /// The kind with this word, or nil.
  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = found
  }

  /// Which units can help.
  public var unit: UnitKind {
    switch self {
    case .medical: .ambulance
    case .fire: .fireEngine
    case .police, .accident: .police
    }
  }
}
