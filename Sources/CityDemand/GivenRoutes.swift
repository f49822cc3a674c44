import CityBase
import CityNetwork

/// Reads the routes that a trip table prescribes; equal ones share their memory.
struct GivenRoutes {
  private let linkOfExternalID: [String: LinkID]
  private var known: [String: [LinkID]] = [:]

  init(_ linkOfExternalID: [String: LinkID]) { self.linkOfExternalID = linkOfExternalID }

  /// The links of a text with spaces between them; none for an empty one. Whether they follow each
  /// other is looked at when routes are assigned.
  mutating func links(_ text: String, for trip: Trip) throws(RowProblem) -> [LinkID] {
    guard !text.isEmpty else { return [] }
    let links: [LinkID]
    if let found = known[text] {
      links = found
    } else {
      links = try read(text)
      known[text] = links
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
    for word in text.split(separator: " ") {
      guard let link = linkOfExternalID[String(word)] else {
        throw RowProblem(code: "trip-route", "the network has no link \"\(word)\" (route)")
      }
      links.append(link)
    }
    return links
  }
}
