import CityBase
import CityNetwork

/// Reads the routes that a trip table prescribes; equal ones share their memory.
struct GivenRoutes {
  private let names: LinkNames
  /// By the hash of a text.
  private var known: [UInt64: (text: String, links: [LinkID])] = [:]

  init(_ names: LinkNames) { self.names = names }

  /// The links of a text with spaces between them; none for an empty one. Whether they follow each
  /// other is looked at when routes are assigned.
  mutating func links(_ text: String, for trip: Trip) throws(RowProblem) -> [LinkID] {
    guard !text.isEmpty else { return [] }
    let links: [LinkID]
    let hash = StableHash.of(text)
    if let found = known[hash], found.text == text {
      links = found.links
    } else {
      links = try read(text)
      known[hash] = (text, links)
    }
    if let first = links.first, let last = links.last,
      first != trip.origin.link || last != trip.destination.link
    {
      throw RowProblem(
        code: "trip-route",
        "the route does not lead from the link of the origin to that of the"
          + " destination")
    }
    return links
  }

  private func read(_ text: String) throws(RowProblem) -> [LinkID] {
    var links: [LinkID] = []
    var unknown: String?
    var text = text
    text.withUTF8 { bytes in
      links.reserveCapacity(bytes.count { $0 == 0x20 } + 1)
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count && bytes[end] != 0x20 { end += 1 }
        let word = UnsafeBufferPointer(rebasing: bytes[start..<end])
        start = end + 1
        if word.isEmpty { continue }
        guard let link = names[word] else {
          unknown = String(decoding: word, as: UTF8.self)
          return
        }
        links.append(link)
      }
    }
    if let unknown {
      throw RowProblem(code: "trip-route", "the network has no link \"\(unknown)\" (route)")
    }
    return links
  }
}
