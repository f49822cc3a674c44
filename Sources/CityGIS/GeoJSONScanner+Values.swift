import CityBase
import CityText

extension GeoJSONScanner {
  /// Skips a value of any kind and checks its grammar; depth is counted, not recursed into.
  mutating func skipValue() throws(CityError) {
    let b = peek()
    if b == 0x7B || b == 0x5B { return try skipContainer() }
    try skipScalar(b)
  }

  mutating func skipScalar(_ b: UInt8) throws(CityError) {
    switch b {
    case 0x22:
      let t = try readString()
      if !t.isASCII && !UTF8Text.isValid(inside(t)) {
        warn("text-not-utf8", "a string that is not UTF-8; what cannot be read is replaced")
      }
    case 0x2D, 0x30...0x39: try skipNumber()
    case 0x74: try skipWord("true")
    case 0x66: try skipWord("false")
    case 0x6E: try skipWord("null")
    case 0x4E: try skipNotFinite("NaN")
    case 0x49: try skipNotFinite("Infinity")
    default: throw bad("expected a value, found \(found(at: at))", at: at)
    }
  }

  /// Words that are not JSON but that widespread programs write.
  mutating func skipNotFinite(_ word: StaticString) throws(CityError) {
    try skipWord(word)
    warn("number-not-finite", "\(word) instead of a number; read as null")
  }

  mutating func skipWord(_ word: StaticString) throws(CityError) {
    guard starts(with: word, at: at) else {
      throw bad("expected a value, found \(found(at: at))", at: at)
    }
    at += word.utf8CodeUnitCount
  }

  func starts(with word: StaticString, at place: Int) -> Bool {
    guard place + word.utf8CodeUnitCount <= count else { return false }
    for i in 0..<word.utf8CodeUnitCount where base[place + i] != word.utf8Start[i] { return false }
    return true
  }

  mutating func skipNumber() throws(CityError) {
    let start = at
    if base[at] == 0x2D {
      at += 1
      if at < count && base[at] == 0x49 { return try skipNotFinite("Infinity") }
    }
    let firstDigit = at
    let whole = skipDigits()
    guard whole == 1 || (whole > 1 && base[firstDigit] != 0x30) else {
      throw bad("malformed number", at: start)
    }
    if at < count && base[at] == 0x2E {
      at += 1
      guard skipDigits() > 0 else { throw bad("malformed number", at: start) }
    }
    if at < count && base[at] | 0x20 == 0x65 {
      at += 1
      if at < count && (base[at] == 0x2B || base[at] == 0x2D) { at += 1 }
      guard skipDigits() > 0 else { throw bad("malformed number", at: start) }
    }
  }

  @inline(__always)
  mutating func skipDigits() -> Int {
    let start = at
    while at < count && base[at] &- 0x30 <= 9 { at += 1 }
    return at - start
  }

  /// Skips an array or object. The kinds of the open containers are bits of a small stack.
  mutating func skipContainer() throws(CityError) {
    skipped.removeAll(keepingCapacity: true)
    while true {
      // A value starts here.
      let b = peek()
      if b == 0x7B || b == 0x5B {
        guard skipped.count < Self.depthLimit else {
          throw bad("nested more than \(Self.depthLimit) levels deep", at: at)
        }
        at += 1
        skipped.append(b == 0x7B)
        let next = peek()
        if next == (b == 0x7B ? 0x7D : 0x5D) {
          at += 1
          skipped.removeLast()
        } else {
          if b == 0x7B { _ = try readKey() }
          continue
        }
      } else {
        try skipScalar(b)
      }
      // A value has ended.
      while let top = skipped.last {
        if try continues(top ? 0x7D : 0x5D) {
          if top { _ = try readKey() }
          break
        }
        skipped.removeLast()
      }
      if skipped.isEmpty { return }
    }
  }
}
