import CityBase

/// Reads one JSON object strictly: every key must be asked for, every value must have its type.
///
/// Ask for each key, then call `finish()`, which refuses the keys nobody asked for. Errors carry the
/// file and the JSON path. A `null` counts as absent for the optional forms.
public struct JSONObjectReader: Sendable {
  public let file: String
  /// The JSON path of this object: `$`, `$.clock`, `$.outputs[2]`.
  public let path: String
  let members: [JSONMember]
  var asked: [String] = []

  /// Starts on a value that must be an object.
  public init(_ value: JSONValue, file: String, path: String = "$") throws(CityError) {
    guard let members = value.members else {
      throw .refused("expected an object, found \(value.kindInWords)", file: file, place: path)
    }
    self.members = members
    self.file = file
    self.path = path
  }

  /// The keys of the object in file order.
  public var keys: [String] { members.map(\.key) }

  /// Whether a key is there, with `null` or a value; it still has to be asked for.
  public func contains(_ key: String) -> Bool { members.contains { $0.key == key } }

  /// The JSON path of a key of this object.
  public func path(of key: String) -> String { "\(path).\(key)" }

  /// An error about the value of a key.
  public func error(_ key: String, _ message: String) -> CityError {
    .refused(message, file: file, place: path(of: key))
  }

  /// Any value; nil where the key is absent or null.
  public mutating func optionalValue(_ key: String) -> JSONValue? {
    asked.append(key)
    guard let value = members.first(where: { $0.key == key })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  /// Any value that is there and not null.
  public mutating func value(_ key: String) throws(CityError) -> JSONValue {
    guard let value = optionalValue(key) else { throw missing(key, "a value") }
    return value
  }

  /// Refuses the keys that were never asked for, with the nearest known one as a suggestion.
  public func finish() throws(CityError) {
    for m in members where !asked.contains(m.key) {
      var text = "unknown key \"\(m.key)\""
      if let near = Spelling.nearest(to: m.key, among: asked) {
        text += "; did you mean \"\(near)\"?"
      }
      throw .refused(text, file: file, place: path)
    }
  }

  func missing(_ key: String, _ what: String) -> CityError {
    .refused("expected \(what) for the key \"\(key)\", which is missing", file: file, place: path)
  }

  func wrong(_ key: String, _ what: String, _ value: JSONValue) -> CityError {
    error(key, "expected \(what), found \(value.kindInWords)")
  }

  /// Reads an optional key with a conversion that gives nil for the wrong type.
  mutating func optional<T>(
    _ key: String, _ what: String, _ convert: (JSONValue) -> T?
  ) throws(CityError) -> T? {
    guard let value = optionalValue(key) else { return nil }
    guard let converted = convert(value) else { throw wrong(key, what, value) }
    return converted
  }

  mutating func required<T>(
    _ key: String, _ what: String, _ convert: (JSONValue) -> T?
  ) throws(CityError) -> T {
    guard let value = try optional(key, what, convert) else { throw missing(key, what) }
    return value
  }
}
