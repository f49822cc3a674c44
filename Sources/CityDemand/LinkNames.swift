import CityBase
import CityNetwork

/// Finds links by their ids in the network's source, from bytes as they lie in a table: a route of
/// many links is looked up without making a text of every id.
struct LinkNames: Sendable {
  /// The ids one after the other, and where each begins; one more than there are links.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var endings: [UInt64] = []
  /// Open addressing: a link or -1.
  private var places: [Int32]

  /// Of several links with one id the first is found.
  init(_ network: RoadNetwork) {
    var size = 16
    while size < network.linkCount * 2 { size *= 2 }
    places = Array(repeating: -1, count: size)
    starts.reserveCapacity(network.linkCount + 1)
    endings.reserveCapacity(network.linkCount)
    for link in network.linkFrom.ids {
      let start = bytes.count
      bytes.append(contentsOf: network.linkExternalID[link].utf8)
      starts.append(bytes.count)
      endings.append(bytes[start...].withUnsafeBytes { Self.ending(of: $0) })
      let found = bytes.withUnsafeBufferPointer { all -> Int in
        place(of: UnsafeBufferPointer(rebasing: all[start...]))
      }
      if places[found] < 0 { places[found] = link.rawValue }
    }
  }

  /// The link with an id, or nil.
  subscript(name: String) -> LinkID? {
    var name = name
    return name.withUTF8 { self[$0] }
  }

  subscript(name: UnsafeBufferPointer<UInt8>) -> LinkID? {
    let link = places[place(of: name)]
    return link < 0 ? nil : LinkID(rawValue: link)
  }

  /// Where a name stands or would stand.
  private func place(of name: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = places.count - 1
    let raw = UnsafeRawBufferPointer(name)
    let ending = Self.ending(of: raw)
    var place = Int(truncatingIfNeeded: Self.hash(raw, ending: ending)) & mask
    while places[place] >= 0 && !isName(name, ending: ending, of: Int(places[place])) {
      place = (place + 1) & mask
    }
    return place
  }

  /// The last eight bytes of a name, or all of a shorter one: of two names as long they differ where the
  /// names do, up to eight bytes.
  private static func ending(of name: UnsafeRawBufferPointer) -> UInt64 {
    let n = name.count
    if n >= 8 { return name.loadUnaligned(fromByteOffset: n - 8, as: UInt64.self) }
    if n >= 4 {
      let low = name.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
      let high = name.loadUnaligned(fromByteOffset: n - 4, as: UInt32.self)
      return UInt64(low) | UInt64(high) << 32
    }
    var word: UInt64 = 0
    for byte in name { word = word << 8 | UInt64(byte) }
    return word
  }

  /// Takes in eight bytes at a time, the last ones as their ending.
  private static func hash(_ name: UnsafeRawBufferPointer, ending: UInt64) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: name.count)
    var at = 0
    while at + 8 < name.count {
      hash = StableHash.mix(hash ^ name.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    return StableHash.mix(hash ^ ending)
  }

  private func isName(_ name: UnsafeBufferPointer<UInt8>, ending: UInt64, of link: Int) -> Bool {
    guard endings[link] == ending else { return false }
    let start = starts[link]
    guard starts[link + 1] - start == name.count else { return false }
    if name.count <= 8 { return true }
    return bytes[start..<(start + name.count)].elementsEqual(name)
  }
}
