import CityBase

extension JSONObjectReader {
  /// A text.
  public mutating func string(_ key: String) throws(CityError) -> String {
    try required(key, "a string") { $0.string }
  }
  /// A text; nil where absent.
  public mutating func optionalString(_ key: String) throws(CityError) -> String? {
    try optional(key, "a string") { $0.string }
  }

  /// A number within a range.
  public mutating func number(
    _ key: String, in range: ClosedRange<Double>? = nil
  ) throws(CityError) -> Double {
    guard let v = try optionalNumber(key, in: range) else { throw missing(key, "a number") }
    return v
  }
  /// A number within a range; nil where absent.
  public mutating func optionalNumber(
    _ key: String, in range: ClosedRange<Double>? = nil
  ) throws(CityError) -> Double? {
    guard let v = try optional(key, "a number", { $0.number }) else { return nil }
    if let range, !range.contains(v) {
      throw error(
        key, "expected a number from \(range.lowerBound) to \(range.upperBound), found \(v)")
    }
    return v
  }

  /// A whole number within a range.
  public mutating func integer(
    _ key: String, in range: ClosedRange<Int>? = nil
  ) throws(CityError) -> Int {
    guard let v = try optionalInteger(key, in: range) else {
      throw missing(key, "a whole number")
    }
    return v
  }
  /// A whole number within a range; nil where absent.
  public mutating func optionalInteger(
    _ key: String, in range: ClosedRange<Int>? = nil
  ) throws(CityError) -> Int? {
    guard let value = optionalValue(key) else { return nil }
    guard let v = value.integer else {
      if let d = value.number { throw error(key, "expected a whole number, found \(d)") }
      throw wrong(key, "a whole number", value)
    }
    if let range, !range.contains(v) {
      throw error(
        key, "expected a whole number from \(range.lowerBound) to \(range.upperBound), found \(v)")
    }
    return v
  }

  /// `true` or `false`.
  public mutating func bool(_ key: String) throws(CityError) -> Bool {
    try required(key, "true or false") { $0.bool }
  }
  /// `true` or `false`; nil where absent.
  public mutating func optionalBool(_ key: String) throws(CityError) -> Bool? {
    try optional(key, "true or false") { $0.bool }
  }

  /// One word out of an enumeration's raw values.
  public mutating func choice<T: RawRepresentable & CaseIterable>(
    _ key: String, of type: T.Type = T.self
  ) throws(CityError) -> T where T.RawValue == String {
    guard let v = try optionalChoice(key, of: type) else {
      throw missing(key, "one of \(Self.words(type))")
    }
    return v
  }
  /// One word out of an enumeration's raw values; nil where absent.
  public mutating func optionalChoice<T: RawRepresentable & CaseIterable>(
    _ key: String, of type: T.Type = T.self
  ) throws(CityError) -> T? where T.RawValue == String {
    guard let text = try optionalString(key) else { return nil }
    guard let v = T(rawValue: text) else {
      throw error(key, "expected one of \(Self.words(type)), found \"\(text)\"")
    }
    return v
  }
  static func words<T: RawRepresentable & CaseIterable>(_ type: T.Type) -> String
  where T.RawValue == String { T.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") }

  /// The elements of an array.
  public mutating func array(_ key: String) throws(CityError) -> [JSONValue] {
    try required(key, "an array") { $0.array }
  }
  /// The elements of an array; nil where absent.
  public mutating func optionalArray(_ key: String) throws(CityError) -> [JSONValue]? {
    try optional(key, "an array") { $0.array }
  }

  /// An array of texts; empty where absent.
  public mutating func strings(_ key: String) throws(CityError) -> [String] {
    try elements(key, "a string") { $0.string }
  }
  /// An array of numbers; empty where absent.
  public mutating func numbers(_ key: String) throws(CityError) -> [Double] {
    try elements(key, "a number") { $0.number }
  }
  private mutating func elements<T>(
    _ key: String, _ what: String, _ convert: (JSONValue) -> T?
  ) throws(CityError) -> [T] {
    var out: [T] = []
    for (i, value) in (try optionalArray(key) ?? []).enumerated() {
      guard let v = convert(value) else { throw wrong("\(key)[\(i)]", what, value) }
      out.append(v)
    }
    return out
  }

  /// The reader of an object.
  public mutating func object(_ key: String) throws(CityError) -> JSONObjectReader {
    guard let reader = try optionalObject(key) else { throw missing(key, "an object") }
    return reader
  }
  /// The reader of an object; nil where absent.
  public mutating func optionalObject(_ key: String) throws(CityError) -> JSONObjectReader? {
    guard let value = optionalValue(key) else { return nil }
    return try JSONObjectReader(value, file: file, path: path(of: key))
  }
  /// The readers of an array of objects; empty where absent.
  public mutating func objects(_ key: String) throws(CityError) -> [JSONObjectReader] {
    var out: [JSONObjectReader] = []
    for (i, value) in (try optionalArray(key) ?? []).enumerated() {
      out.append(try JSONObjectReader(value, file: file, path: path(of: "\(key)[\(i)]")))
    }
    return out
  }
}
