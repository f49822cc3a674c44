import CityBase

/// The strict reader behind `JSONValue.parse`: one pass, its own stack, so that depth costs no
/// stack of the thread.
struct JSONParser {
  static let depthLimit = 512

  /// A container that is still open; its members so far lie in `pending` from `first` on.
  struct Frame {
    var isObject: Bool
    var offset: Int
    var first: Int
    var key = ""
    var keyOffset = 0
  }

  let bytes: UnsafeRawBufferPointer
  let file: String
  let allowsDuplicateKeys: Bool
  var at = 0
  var stack: [Frame] = []
  /// The members of all open containers, innermost last; elements of arrays have empty keys.
  var pending: [JSONMember] = []

  init(_ bytes: UnsafeRawBufferPointer, file: String, allowsDuplicateKeys: Bool) {
    self.bytes = bytes
    self.file = file
    self.allowsDuplicateKeys = allowsDuplicateKeys
  }

  func bad(_ what: String, at place: Int) -> CityError {
    .refused(what, file: file, place: TextPlace.describe(place, in: bytes))
  }

  var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  func found(at place: Int) -> String {
    guard place < bytes.count else { return "the end of the file" }
    let b = bytes[place]
    if b > 32 && b < 127 { return "\"\(Character(UnicodeScalar(b)))\"" }
    return "byte \(b)"
  }

  mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x0A, 0x0D, 0x09: at += 1
      default: return
      }
    }
  }

  mutating func parseDocument() throws(CityError) -> JSONValue {
    if bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF { at = 3 }
    skipSpace()
    while true {
      // A value starts here; containers push a frame and come back for their first element.
      guard var value = try beginValue() else { continue }
      // A value has ended: hand it to its container, which may end too.
      while true {
        skipSpace()
        guard !stack.isEmpty else {
          guard at == bytes.count else {
            throw bad("expected the end of the file, found \(found(at: at))", at: at)
          }
          return value
        }
        guard let ended = try add(value) else { break }
        value = ended
      }
    }
  }

  /// Reads a scalar or an empty container whole; opens any other container and returns nil.
  mutating func beginValue() throws(CityError) -> JSONValue? {
    let start = at
    switch current {
    case 0x7B:  // {
      at += 1
      try checkDepth(start)
      skipSpace()
      if current == 0x7D {
        at += 1
        return JSONValue(.object([]), offset: start)
      }
      let keyOffset = at
      let key = try parseKey()
      stack.append(
        Frame(
          isObject: true, offset: start, first: pending.count, key: key, keyOffset: keyOffset))
      return nil
    case 0x5B:  // [
      at += 1
      try checkDepth(start)
      skipSpace()
      if current == 0x5D {
        at += 1
        return JSONValue(.array([]), offset: start)
      }
      stack.append(Frame(isObject: false, offset: start, first: pending.count))
      return nil
    case 0x22: return JSONValue(.string(try parseString()), offset: start)
    case 0x74: return JSONValue(try parseWord("true", .bool(true)), offset: start)
    case 0x66: return JSONValue(try parseWord("false", .bool(false)), offset: start)
    case 0x6E: return JSONValue(try parseWord("null", .null), offset: start)
    case .some(0x2D), .some(0x30...0x39): return JSONValue(try parseNumber(), offset: start)
    default: throw bad("expected a value, found \(found(at: at))", at: at)
    }
  }

  func checkDepth(_ place: Int) throws(CityError) {
    guard stack.count < Self.depthLimit else {
      throw bad("nested more than \(Self.depthLimit) levels deep", at: place)
    }
  }

  /// Adds a value to the innermost container and returns that where it ends here.
  mutating func add(_ value: JSONValue) throws(CityError) -> JSONValue? {
    let top = stack.count - 1
    let frame = stack[top]
    pending.append(JSONMember(key: frame.key, keyOffset: frame.keyOffset, value: value))
    let end: UInt8 = frame.isObject ? 0x7D : 0x5D
    if current == 0x2C {
      at += 1
      skipSpace()
      if frame.isObject {
        stack[top].keyOffset = at
        stack[top].key = try parseKey()
      }
      return nil
    }
    guard current == end else {
      throw bad(
        "expected \",\" or \"\(frame.isObject ? "}" : "]")\", found \(found(at: at))", at: at)
    }
    at += 1
    stack.removeLast()
    // Copied out before the cut: a slice that still lives would make the cut copy everything.
    let members = Array(pending[frame.first...])
    pending.removeLast(members.count)
    if !frame.isObject { return JSONValue(.array(members.map(\.value)), offset: frame.offset) }
    try checkDuplicates(members)
    return JSONValue(.object(members), offset: frame.offset)
  }

  func checkDuplicates(_ members: [JSONMember]) throws(CityError) {
    guard !allowsDuplicateKeys, members.count > 1 else { return }
    if members.count <= 8 {
      for (i, m) in members.enumerated() where members[..<i].contains(where: { $0.key == m.key }) {
        throw bad("the key \"\(m.key)\" comes twice", at: m.keyOffset)
      }
      return
    }
    var seen = Set<String>(minimumCapacity: members.count)
    for m in members where !seen.insert(m.key).inserted {
      throw bad("the key \"\(m.key)\" comes twice", at: m.keyOffset)
    }
  }

  mutating func parseKey() throws(CityError) -> String {
    guard current == 0x22 else {
      throw bad("expected a key in double quotes, found \(found(at: at))", at: at)
    }
    let key = try parseString()
    skipSpace()
    guard current == 0x3A else {
      throw bad("expected \":\" after a key, found \(found(at: at))", at: at)
    }
    at += 1
    skipSpace()
    return key
  }

  mutating func parseWord(_ word: StaticString, _ content: JSONValue.Content) throws(CityError)
    -> JSONValue.Content
  {
    let n = word.utf8CodeUnitCount
    for i in 0..<n where at + i >= bytes.count || bytes[at + i] != word.utf8Start[i] {
      throw bad("expected \"\(word)\"", at: at)
    }
    at += n
    return content
  }

  mutating func parseNumber() throws(CityError) -> JSONValue.Content {
    let start = at
    guard let scanned = NumberText.scanJSON(bytes, from: start) else {
      throw bad("malformed number", at: start)
    }
    at = scanned.end
    if scanned.isWhole, let i = NumberText.parseInteger(rebased(start..<at)) { return .integer(i) }
    guard scanned.value.isFinite else { throw bad("number out of range", at: start) }
    return .number(scanned.value)
  }

  func rebased(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  mutating func parseString() throws(CityError) -> String {
    let start = at
    var i = at + 1
    var hasEscapes = false
    while i < bytes.count {
      let b = bytes[i]
      if b == 0x22 { break }
      if b < 0x20 { throw bad("control character \(b) in a string", at: i) }
      if b == 0x5C {
        hasEscapes = true
        i += 1
      }
      i += 1
    }
    guard i < bytes.count else {
      throw bad("expected the end of the string that starts here", at: start)
    }
    at = i + 1
    if !hasEscapes {
      guard let text = String(validating: rebased(start + 1..<i), as: UTF8.self) else {
        throw bad("a string that is not UTF-8", at: start)
      }
      return text
    }
    switch JSONStringText.decode(rebased(start + 1..<i)) {
    case .text(let text): return text
    case .bad(let what, let place): throw bad(what, at: start + 1 + place)
    }
  }
}
