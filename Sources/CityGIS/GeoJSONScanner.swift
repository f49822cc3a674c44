import CityBase
import CityText

/// The byte scanner behind `GeoJSONReader`: values of JSON, found without decoding them.
struct GeoJSONScanner {
  static let depthLimit = 512

  let base: UnsafePointer<UInt8>
  let count: Int
  var at = 0
  var table: FeatureTable
  var diagnostics = Diagnostics()
  var keys = KeyTable()
  /// Powers of ten up to 10^22, the last one that is exact.
  let powers: [Double]
  /// For each open container that is being skipped, whether it is an object.
  var skipped: [Bool] = []
  /// Where the arrays of the table stood before the feature being read.
  var mark = Mark()
  /// Counts every reading of a feature, to tell properties of this one from earlier ones.
  var serial = 0
  /// The position in the file of the feature being read.
  var ordinal = 0
  /// Its first byte.
  var featureStart = 0

  init(_ bytes: UnsafeRawBufferPointer, table: FeatureTable) {
    let bound = bytes.bindMemory(to: UInt8.self)
    count = bound.count
    base = bound.baseAddress ?? UnsafePointer(Self.nothing)
    self.table = table
    var powers = [1.0]
    for _ in 0..<22 { powers.append((powers.last ?? 1) * 10) }
    self.powers = powers
  }

  /// Stands in for the address of an empty file; never read.
  nonisolated(unsafe) private static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

  func bad(_ what: String, at place: Int) -> CityError {
    .refused(what, file: table.file, place: TextPlace.describe(place, in: all))
  }
  var all: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  func found(at place: Int) -> String {
    guard place < count else { return "the end of the file" }
    let b = base[place]
    return b > 32 && b < 127 ? "\"\(Character(UnicodeScalar(b)))\"" : "byte \(b)"
  }

  /// Set while something is skipped that gets a diagnostic of its own.
  var isQuiet = false

  mutating func warn(_ code: String, _ message: String) {
    if isQuiet { return }
    diagnostics.warn(code, file: table.file, place: featurePlace, message)
  }
  mutating func note(_ code: String, _ message: String) {
    diagnostics.note(code, file: table.file, place: featurePlace, message)
  }
  var featurePlace: String { "features[\(ordinal)] (byte \(featureStart))" }

  @inline(__always)
  mutating func skipSpace() {
    while at < count {
      let b = base[at]
      if b > 0x20 || (b != 0x20 && b != 0x0A && b != 0x0D && b != 0x09) { return }
      at += 1
    }
  }

  /// The next byte that is no space; 0 at the end of the file.
  @inline(__always)
  mutating func peek() -> UInt8 {
    skipSpace()
    return at < count ? base[at] : 0
  }

  /// Skips one byte that must come next.
  @inline(__always)
  mutating func expect(_ b: UInt8, _ what: StaticString) throws(CityError) {
    guard peek() == b, at < count else {
      throw bad("expected \(what), found \(found(at: at))", at: at)
    }
    at += 1
  }

  /// After a member or an element: true past a comma, false past the end of the container.
  @inline(__always)
  mutating func continues(_ end: UInt8) throws(CityError) -> Bool {
    let b = peek()
    if b == 0x2C {
      at += 1
      return true
    }
    guard b == end, at < count else {
      throw bad(
        "expected \",\" or \"\(Character(UnicodeScalar(end)))\", found \(found(at: at))", at: at)
    }
    at += 1
    return false
  }

  /// A string with its quotes.
  struct Token {
    var start: Int
    var end: Int
    var hasEscapes: Bool
    var isASCII: Bool
  }

  /// Skips a string, eight bytes at a time.
  @inline(__always)
  mutating func readString() throws(CityError) -> Token {
    let start = at
    guard at < count, base[at] == 0x22 else {
      throw bad("expected a string, found \(found(at: at))", at: at)
    }
    at += 1
    var hasEscapes = false
    var high: UInt64 = 0
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    while true {
      while at + 8 <= count {
        let w = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self)
        // Bytes equal to the quote or the backslash have their top bit set (Mycroft 1987).
        let q = w ^ (ones &* 0x22)
        let s = w ^ (ones &* 0x5C)
        let hit = ((q &- ones) & ~q | (s &- ones) & ~s) & tops
        if hit != 0 {
          let n = hit.littleEndian.trailingZeroBitCount >> 3
          if n > 0 { high |= w.littleEndian << UInt64(64 - 8 * n) }
          at += n
          break
        }
        high |= w
        at += 8
      }
      guard at < count else { throw bad("expected the end of the string", at: start) }
      let b = base[at]
      if b == 0x22 { break }
      if b == 0x5C {
        hasEscapes = true
        at += 1
      } else {
        high |= UInt64(b)
      }
      at += 1
    }
    at += 1
    return Token(start: start, end: at, hasEscapes: hasEscapes, isASCII: high & tops == 0)
  }

  /// Whether the inside of a string is a word.
  @inline(__always)
  func token(_ t: Token, is word: StaticString) -> Bool {
    if t.hasEscapes { return JSONStringText.lenient(inside(t)) == "\(word)" }
    let n = t.end - t.start - 2
    guard n == word.utf8CodeUnitCount else { return false }
    var i = 0
    while i < n {
      if base[t.start + 1 + i] != word.utf8Start[i] { return false }
      i += 1
    }
    return true
  }

  func inside(_ t: Token) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + t.start + 1, count: t.end - t.start - 2)
  }

  /// Reads a key and its colon.
  @inline(__always)
  mutating func readKey() throws(CityError) -> Token {
    skipSpace()
    let t = try readString()
    try expect(0x3A, "\":\" after a key")
    return t
  }
}
