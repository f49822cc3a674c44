import CityBase
import CityGIS

/// Reads the standard fields of one layer's features, one feature after the other, and keeps what
/// was wrong with them.
///
/// A value that cannot be used counts as absent and is diagnosed; a blank text is absent.
struct FieldReader {
  let features: FeatureTable
  let file: String
  let kind: EntityKind
  var diagnostics = Diagnostics()
  /// The feature that is being read.
  var feature = 0
  /// The key of each standard field that the layer has; a dozen short words are found faster by
  /// looking through than by hashing.
  private let keys: [(field: String, key: Int)]

  init(_ features: FeatureTable, layer: CityDescription.Layer) {
    self.features = features
    file = features.file
    kind = layer.kind
    keys = layer.kind.standardFields.compactMap { field in
      features.key(layer.property(for: field)).map { (field, $0) }
    }
    for field in layer.fields where features.count > 0 && features.key(field.own) == nil {
      diagnostics.warn(
        "field-absent", file: file,
        "no feature has the property \"\(field.own)\", which is to be read as \(field.standard)")
    }
  }

  private func key(_ field: String) -> Int? {
    for known in keys where known.field == field { return known.key }
    return nil
  }

  /// Where a message is about: the feature's position and byte, and its id where it has one.
  var place: String {
    let own = key("id").flatMap { features.text(feature, key: $0) }
    guard let id = own ?? features.featureID(feature) else { return features.place(feature) }
    return "\(features.place(feature)), id \"\(id)\""
  }

  mutating func warn(_ code: String, _ message: String) {
    diagnostics.warn(code, file: file, place: place, message)
  }

  /// A text; empty where absent.
  func text(_ field: String) -> String {
    guard let key = key(field) else { return "" }
    return features.text(feature, key: key) ?? ""
  }

  /// A number within a range; nil where absent, unreadable or out of range.
  mutating func number(_ field: String, in range: ClosedRange<Double>) -> Double? {
    guard let key = key(field) else { return nil }
    guard let value = features.number(feature, key: key) else {
      if let text = features.text(feature, key: key), !text.allSatisfy(\.isWhitespace) {
        warn("number-unreadable", "\(field): expected a number, found \"\(text)\"; left out")
      }
      return nil
    }
    guard range.contains(value) else {
      warn(
        value < 0 && range.lowerBound >= 0 ? "value-negative" : "value-out-of-range",
        "\(field): expected \(describe(range)), found \(value); left out")
      return nil
    }
    return value
  }

  private func describe(_ range: ClosedRange<Double>) -> String {
    "\(NumberWords.text(range.lowerBound)) to \(NumberWords.text(range.upperBound))"
  }

  /// A whole number from 0 to a limit; nil where absent, unreadable or out of range.
  mutating func count(_ field: String, upTo limit: Int) -> Int? {
    guard let value = number(field, in: 0...Double(limit)) else { return nil }
    guard let whole = Int(exactly: value) else {
      warn("number-unreadable", "\(field): expected a whole number, found \(value); left out")
      return nil
    }
    return whole
  }

  /// Yes or no; nil where absent or neither.
  mutating func flag(_ field: String) -> Bool? {
    let text = text(field)
    switch text.lowercased() {
    case "": return nil
    case "yes", "true", "1": return true
    case "no", "false", "0": return false
    default:
      warn("value-unknown", "\(field): expected yes or no, found \"\(text)\"; left out")
      return nil
    }
  }

  /// Whether something is there: sources name the kind of bridge where others say yes.
  func isPresent(_ field: String) -> Bool {
    switch text(field).lowercased() {
    case "", "no", "false", "0": false
    default: true
    }
  }

  /// One word out of an enumeration; nil where absent or unknown.
  mutating func choice<T: RawRepresentable & CaseIterable>(
    _ field: String, of type: T.Type = T.self
  ) -> T? where T.RawValue == String {
    let text = text(field)
    if text.isEmpty { return nil }
    if let value = T(rawValue: text) ?? T(rawValue: text.lowercased()) { return value }
    let words = T.allCases.map(\.rawValue).joined(separator: ", ")
    warn("value-unknown", "\(field): expected one of \(words), found \"\(text)\"; left out")
    return nil
  }
}
