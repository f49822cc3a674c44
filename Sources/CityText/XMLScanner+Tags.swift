import CityBase

extension XMLScanner {
  @inline(__always)
  static func isSpace(_ b: UInt8) -> Bool { b == 0x20 || b == 0x0A || b == 0x0D || b == 0x09 }

  @inline(__always)
  static func endsName(_ b: UInt8) -> Bool {
    isSpace(b) || b == 0x3E || b == 0x2F || b == 0x3D || b == 0x3C || b == 0x22 || b == 0x27
      || b == 0x26
  }

  mutating func skipSpace() {
    while at < bytes.count && Self.isSpace(bytes[at]) { at += 1 }
  }

  /// Moves to the next `<`; only space may stand outside the root.
  mutating func skipText() throws(CityError) {
    let isOutside = open.isEmpty
    while at < bytes.count && bytes[at] != 0x3C {
      if isOutside && !Self.isSpace(bytes[at]) {
        throw bad("expected \"<\", found text outside of the root element", at: at)
      }
      at += 1
    }
  }

  mutating func readName() throws(CityError) -> Range<Int> {
    let start = at
    while at < bytes.count && !Self.endsName(bytes[at]) { at += 1 }
    guard at > start else { throw bad("expected a name", at: start) }
    return start..<at
  }

  mutating func readStart() throws(CityError) {
    guard !(open.isEmpty && hasRoot) else { throw bad("a second root element", at: at) }
    guard open.count < Self.depthLimit else {
      throw bad("nested more than \(Self.depthLimit) levels deep", at: at)
    }
    at += 1
    nameRange = try readName()
    hasRoot = true
    begin()
    while true {
      let before = at
      skipSpace()
      guard at < bytes.count else { throw bad("expected the end of this tag", at: offset) }
      switch bytes[at] {
      case 0x3E:
        at += 1
        open.append(nameRange)
        return
      case 0x2F:
        guard at + 1 < bytes.count, bytes[at + 1] == 0x3E else {
          throw bad("expected \"/>\"", at: at)
        }
        at += 2
        selfCloses = true
        return
      default:
        guard at > before else { throw bad("expected a space before an attribute", at: at) }
        try readAttribute()
      }
    }
  }

  mutating func readAttribute() throws(CityError) {
    let name = try readName()
    skipSpace()
    guard at < bytes.count, bytes[at] == 0x3D else {
      throw bad("expected \"=\" after the attribute \"\(text(name, false).string)\"", at: at)
    }
    at += 1
    skipSpace()
    guard at < bytes.count, bytes[at] == 0x22 || bytes[at] == 0x27 else {
      throw bad("expected a value in quotes", at: at)
    }
    let quote = bytes[at]
    at += 1
    let start = at
    var hasEntities = false
    while true {
      skipPlain(quote)
      guard at < bytes.count, bytes[at] != quote else { break }
      if bytes[at] == 0x3C { throw bad("\"<\" in the value of an attribute", at: at) }
      if bytes[at] == 0x26 {
        guard XMLEntities.scalar(bytes, at: at) != nil else {
          throw bad("unknown or malformed reference", at: at)
        }
        hasEntities = true
      }
      at += 1
    }
    guard at < bytes.count else {
      throw bad("expected the end of the value that starts here", at: start)
    }
    attributes.append(Attribute(name: name, value: start..<at, hasEntities: hasEntities))
    at += 1
  }

  /// Skips to the next quote, `<` or `&`, or a little before it at the end of the file.
  @inline(__always)
  mutating func skipPlain(_ quote: UInt8) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = ones &* UInt64(quote)
    while at + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let q = word ^ quotes
      let l = word ^ (ones &* 0x3C)
      let a = word ^ (ones &* 0x26)
      // Bytes equal to one of the three have their top bit set (Mycroft 1987).
      let hit =
        ((q &- ones) & ~q | (l &- ones) & ~l | (a &- ones) & ~a) & 0x8080_8080_8080_8080
      if hit != 0 {
        at += hit.littleEndian.trailingZeroBitCount >> 3
        return
      }
      at += 8
    }
  }

  mutating func readEnd() throws(CityError) {
    at += 2
    nameRange = try readName()
    skipSpace()
    guard at < bytes.count, bytes[at] == 0x3E else { throw bad("expected \">\"", at: at) }
    at += 1
    guard let expected = open.popLast() else {
      throw bad("the end of an element that never started", at: offset)
    }
    guard bytes[expected].elementsEqual(bytes[nameRange]) else {
      throw bad(
        "expected the end of \"\(text(expected, false).string)\", found that of"
          + " \"\(name.string)\"", at: offset)
    }
    end()
  }

  func starts(with word: StaticString) -> Bool {
    guard at + word.utf8CodeUnitCount <= bytes.count else { return false }
    for i in 0..<word.utf8CodeUnitCount where bytes[at + i] != word.utf8Start[i] { return false }
    return true
  }

  mutating func skip(past end: StaticString, _ what: String) throws(CityError) {
    let start = at
    while at < bytes.count {
      if bytes[at] == end.utf8Start[0] && starts(with: end) {
        at += end.utf8CodeUnitCount
        return
      }
      at += 1
    }
    throw bad("expected the end of \(what) that starts here", at: start)
  }

  mutating func skipInstruction() throws(CityError) {
    let start = at
    try skip(past: "?>", "the instruction")
    guard text(start..<min(start + 5, at), false) == "<?xml" else { return }
    // `encoding="..."` of the XML declaration.
    let declaration = String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
    guard declaration.contains("encoding") else { return }
    let known = ["utf-8", "utf8", "us-ascii", "ascii"]
    guard
      known.contains(where: { declaration.contains("\"\($0)\"") || declaration.contains("'\($0)'") }
      )
    else { throw bad("expected the encoding UTF-8", at: start) }
  }

  /// A comment, a CDATA section or the document type with its internal subset.
  mutating func skipDeclaration() throws(CityError) {
    if starts(with: "<!--") { return try skip(past: "-->", "the comment") }
    if starts(with: "<![CDATA[") {
      guard !open.isEmpty else { throw bad("text outside of the root element", at: at) }
      return try skip(past: "]]>", "the CDATA section")
    }
    guard starts(with: "<!DOCTYPE"), open.isEmpty, !hasRoot else {
      throw bad("expected an element", at: at)
    }
    let start = at
    at += 2
    var angles = 1
    while at < bytes.count {
      let b = bytes[at]
      if b == 0x3C && starts(with: "<!--") {
        try skip(past: "-->", "the comment")
        continue
      }
      at += 1
      if b == 0x22 || b == 0x27 {
        while at < bytes.count && bytes[at] != b { at += 1 }
        at += 1
      }
      if b == 0x3C { angles += 1 }
      if b == 0x3E {
        angles -= 1
        if angles == 0 { return }
      }
    }
    throw bad("expected the end of the document type that starts here", at: start)
  }
}
