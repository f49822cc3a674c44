import CityBase
import CityModel

/// Puts standard fields and raw attributes of a feature together.
enum StandardFields {
  /// Standard fields first, then the raw attributes sorted by name. A raw attribute that is named
  /// like a field of the kind, or like one already set, is left out, so that it can never be
  /// mistaken for it.
  static func merge(_ kind: EntityKind, _ standard: [Property], raw: [Property]) -> [Property] {
    var taken = Set(kind.standardFields)
    for p in standard { taken.insert(p.name) }
    return standard + raw.filter { !taken.contains($0.name) }.sorted { $0.name < $1.name }
  }
}
