import CityBase
import CityNetwork

/// Reads the routes that a trip table prescribes; equal ones share their memory.
struct GivenRoutes {
  private let names: LinkNames
  /// By a hash of their links.
  private var known: [UInt64: [LinkID]] = [:]
  /// The links of the route at hand.
  private var links: [LinkID] = []

  init(_ names: LinkNames) { self.names = names }

  /// The links of a text with spaces between them; none for an empty one. Whether they follow each
  /// other is looked at when routes are assigned.
  mutating func links(_ text: UnsafeBufferPointer<UInt8>, for trip: Trip) throws(RowProblem)
    -> [LinkID]
  {
    let hash = try read(text)
    guard let first = links.first, let last = links.last else { return [] }
    guard first == trip.origin.link, last == trip.destination.link else {
      throw RowProblem(
        code: "trip-route",
        "the route does not lead from the link of the origin to that of the"
          + " destination")
    }
    if let found = known[hash], found == links { return found }
    let own = links.map { $0 }
    known[hash] = own
    return own
  }

  /// Puts the links of a text into `links` and gives a hash of them.
  private mutating func read(_ text: UnsafeBufferPointer<UInt8>) throws(RowProblem) -> UInt64 {
    links.removeAll(keepingCapacity: true)
    var hash: UInt64 = 0
    var start = 0
    while start < text.count {
      var end = start
      while end < text.count && text[end] != 0x20 { end += 1 }
      let word = UnsafeBufferPointer(rebasing: text[start..<end])
      start = end + 1
      if word.isEmpty { continue }
      guard let link = names[word] else {
        let name = String(decoding: word, as: UTF8.self)
        throw RowProblem(code: "trip-route", "the network has no link \"\(name)\" (route)")
      }
      links.append(link)
      hash = StableHash.mix(hash ^ UInt64(UInt32(bitPattern: link.rawValue)))
    }
    return hash
  }
}
