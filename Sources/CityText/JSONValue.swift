import CityBase

/// A parsed JSON document: a tree that keeps the order of keys and where each value stood.
public struct JSONValue: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number; always finite.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
  }

  public var content: Content
  /// Where the value starts in its file, in bytes; 0 for values made in code.
  public var offset: Int

  public init(_ content: Content, offset: Int = 0) {
    self.content = content
    self.offset = offset
  }

  /// Reads one RFC 8259 text, all of it.
  ///
  /// A byte order mark in front is allowed. Refused, with the byte, are: anything outside the
  /// grammar, text that is not UTF-8, lone surrogates, numbers beyond the range of `Double`, more
  /// than 512 nested levels, and (unless allowed) the same key twice in one object.
  public static func parse(
    _ bytes: [UInt8], file: String, allowsDuplicateKeys: Bool = false
  ) throws(CityError) -> JSONValue {
    try bytes.withRawBytes { (raw: UnsafeRawBufferPointer) throws(CityError) -> JSONValue in
      var parser = JSONParser(raw, file: file, allowsDuplicateKeys: allowsDuplicateKeys)
      return try parser.parseDocument()
    }
  }

  /// Reads the JSON file at a path.
  public static func read(path: String) throws(CityError) -> JSONValue {
    try parse(try InputFile.read(path: path), file: path)
  }

  /// The value of a key of an object; nil where there is none or this is no object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The elements of an array; nil for anything else.
  public var array: [JSONValue]? {
    if case .array(let elements) = content { return elements }
    return nil
  }
  /// The members of an object in file order; nil for anything else.
  public var members: [JSONMember]? {
    if case .object(let members) = content { return members }
    return nil
  }
  /// The text of a string; nil for anything else.
  public var string: String? {
    if case .string(let text) = content { return text }
    return nil
  }
  /// The value of a number; nil for anything else.
  public var number: Double? {
    switch content {
    case .integer(let i): Double(i)
    case .number(let d): d
    default: nil
    }
  }
  /// The value of a whole number, also one written as `1e3` or `2.0`; nil for anything else.
  public var integer: Int? {
    switch content {
    case .integer(let i): Int(exactly: i)
    case .number(let d): Int(exactly: d)
    default: nil
    }
  }
  /// The value of `true` or `false`; nil for anything else.
  public var bool: Bool? {
    if case .bool(let b) = content { return b }
    return nil
  }
  public var isNull: Bool { content == .null }

  /// What this is, in the words of a message: "a string", "an object".
  public var kindInWords: String {
    switch content {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A key of an object with its value.
public struct JSONMember: Sendable, Equatable {
  public var key: String
  /// Where the key starts in its file, in bytes.
  public var keyOffset: Int
  public var value: JSONValue
  public init(key: String, keyOffset: Int = 0, value: JSONValue) {
    self.key = key
    self.keyOffset = keyOffset
    self.value = value
  }
}
