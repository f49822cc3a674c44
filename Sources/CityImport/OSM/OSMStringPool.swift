/// Keeps every different text once, in one arena of bytes, and names it by a small number.
///
/// An extract has some 10,000 different keys and values but millions of uses; comparing two
/// numbers is what makes reading tags cheap.
struct OSMStringPool: Sendable {
  private var bytes: [UInt8] = []
  /// One more than there are texts: text i is `bytes` [i] ..< [i + 1].
  private var starts: [Int] = [0]
  private var hashes: [UInt32] = []
  /// Open addressing: the number of a text plus one, or 0 for an empty slot.
  private var slots: [UInt32] = Array(repeating: 0, count: 1 << 12)

  var count: Int { hashes.count }

  /// The number of a text, new or known.
  mutating func intern(_ text: UnsafeRawBufferPointer) -> UInt32 {
    let hash = Self.hash(text)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = Int(slots[slot]) - 1
      if hashes[id] == hash && matches(id, text) { return UInt32(truncatingIfNeeded: id) }
      slot = (slot + 1) & (slots.count - 1)
    }
    let id = hashes.count
    bytes.append(contentsOf: text)
    starts.append(bytes.count)
    hashes.append(hash)
    slots[slot] = UInt32(truncatingIfNeeded: id + 1)
    if hashes.count * 2 > slots.count { grow() }
    return UInt32(truncatingIfNeeded: id)
  }

  mutating func intern(_ text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { intern(UnsafeRawBufferPointer($0)) }
  }

  /// All texts in the order of their numbers; bytes that are not UTF-8 are replaced.
  func texts() -> [String] {
    bytes.withUnsafeBufferPointer { all in
      (0..<count).map { String(decoding: all[starts[$0]..<starts[$0 + 1]], as: UTF8.self) }
    }
  }

  private func matches(_ id: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = starts[id]
    guard starts[id + 1] - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { all in
      for i in 0..<text.count where all[start + i] != text[i] { return false }
      return true
    }
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 2)
    for id in hashes.indices {
      var slot = Int(hashes[id]) & (larger.count - 1)
      while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
      larger[slot] = UInt32(truncatingIfNeeded: id + 1)
    }
    slots = larger
  }

  /// FNV-1a with a final mix, because the low bits choose the slot.
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt32 {
    var h: UInt32 = 0x811c_9dc5
    for b in text { h = (h ^ UInt32(b)) &* 0x0100_0193 }
    h ^= h >> 15
    return h &* 0x2c1b_3c6d ^ (h >> 12)
  }
}
