import CityBase

/// Gives every property name a number, without making a string of it twice.
///
/// Features of a layer mostly have the same keys in the same order, so the key that followed last
/// time is tried first.
struct KeyTable {
  /// The bytes of all names, one after the other.
  private var bytes: [UInt8] = []
  private var firstByte: [Int] = [0]
  /// Open addressing; -1 is free. The size is a power of two.
  private var slots = [Int32](repeating: -1, count: 64)
  /// The feature that had each key last, to see a key that comes twice.
  var lastFeature: [Int] = []

  var count: Int { lastFeature.count }

  @inline(__always)
  func matches(_ key: Int, _ name: UnsafeRawBufferPointer) -> Bool {
    let start = firstByte[key]
    guard firstByte[key + 1] - start == name.count else { return false }
    return bytes.withUnsafeBytes { all in
      var i = 0
      while i < name.count {
        if all[start + i] != name[i] { return false }
        i += 1
      }
      return true
    }
  }

  /// The number of a name, and whether it is new.
  mutating func intern(_ name: UnsafeRawBufferPointer) -> (key: Int, isNew: Bool) {
    var slot = Int(truncatingIfNeeded: StableHash.of(name)) & (slots.count - 1)
    while slots[slot] >= 0 {
      if matches(Int(slots[slot]), name) { return (Int(slots[slot]), false) }
      slot = (slot + 1) & (slots.count - 1)
    }
    let key = count
    slots[slot] = Int32(truncatingIfNeeded: key)
    bytes.append(contentsOf: name)
    firstByte.append(bytes.count)
    lastFeature.append(-1)
    if count * 2 > slots.count { grow() }
    return (key, true)
  }

  private mutating func grow() {
    var larger = [Int32](repeating: -1, count: slots.count * 2)
    bytes.withUnsafeBytes { all in
      for key in 0..<count {
        let name = UnsafeRawBufferPointer(rebasing: all[firstByte[key]..<firstByte[key + 1]])
        var slot = Int(truncatingIfNeeded: StableHash.of(name)) & (larger.count - 1)
        while larger[slot] >= 0 { slot = (slot + 1) & (larger.count - 1) }
        larger[slot] = Int32(truncatingIfNeeded: key)
      }
    }
    slots = larger
  }
}
