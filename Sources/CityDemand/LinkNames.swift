import CityBase
import CityNetwork

/// Finds links by their ids in the network's source, from bytes as they lie in a table: a route of
/// many links is looked up without making a text of every id.
struct LinkNames: Sendable {
  /// The ids one after the other, and where each begins; one more than there are links.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  /// Open addressing: a link or -1.
  private var places: [Int32]

  /// Of several links with one id the first is found.
  init(_ network: RoadNetwork) {
    var size = 16
    while size < network.linkCount * 2 { size *= 2 }
    places = Array(repeating: -1, count: size)
    starts.reserveCapacity(network.linkCount + 1)
    for link in network.linkFrom.ids {
      let start = bytes.count
      bytes.append(contentsOf: network.linkExternalID[link].utf8)
      starts.append(bytes.count)
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
    var place = Int(truncatingIfNeeded: Self.hash(UnsafeRawBufferPointer(name))) & mask
    while places[place] >= 0 && !isName(name, of: Int(places[place])) {
      place = (place + 1) & mask
    }
    return place
  }

  /// Takes in eight bytes at a time; the last ones may have been in the word before.
  private static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
    let n = name.count
    var hash = UInt64(truncatingIfNeeded: n)
    if n >= 8 {
      var at = 0
      while at + 8 < n {
        hash = StableHash.mix(hash ^ name.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
      return StableHash.mix(hash ^ name.loadUnaligned(fromByteOffset: n - 8, as: UInt64.self))
    }
    var last: UInt64 = 0
    if n >= 4 {
      let low = name.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
      let high = name.loadUnaligned(fromByteOffset: n - 4, as: UInt32.self)
      last = UInt64(low) | UInt64(high) << 32
    } else {
      for byte in name { last = last << 8 | UInt64(byte) }
    }
    return StableHash.mix(hash ^ last)
  }

  private func isName(_ name: UnsafeBufferPointer<UInt8>, of link: Int) -> Bool {
    let start = starts[link]
    guard starts[link + 1] - start == name.count else { return false }
    return bytes.withUnsafeBufferPointer { all in
      for i in 0..<name.count where all[start + i] != name[i] { return false }
      return true
    }
  }
}
