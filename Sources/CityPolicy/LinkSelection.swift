import CityBase
import CityNetwork
import CityText

/// Finds the links that a scenario means.
enum LinkSelection {
  static func links(_ selector: LinkClosure.Selector, in site: PolicySite) throws(CityError)
    -> [LinkID]
  {
    switch selector {
    case .id(let id): try links(id: id, in: site.network)
    case .road(let name): try links(road: name, in: site.network)
    case .near(let place): try links(near: place, in: site)
    }
  }

  /// The link with this id, or all links of the source's way with this id.
  private static func links(id: String, in network: RoadNetwork) throws(CityError) -> [LinkID] {
    if let link = network.linkExternalID.ids.first(where: { network.linkExternalID[$0] == id }) {
      return [link]
    }
    let ofWay = network.linkExternalID.ids.filter { wayID(network.linkExternalID[$0]) == id[...] }
    guard ofWay.isEmpty else { return Array(ofWay) }
    throw .refused(
      "expected the id of a link, found \"\(id)\""
        + suggestion(for: id, among: network.linkExternalID.values))
  }

  /// What stands before the direction and the piece: `4711` of `4711+0`.
  static func wayID(_ linkID: String) -> Substring {
    guard let sign = linkID.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return linkID[...] }
    let piece = linkID[linkID.index(after: sign)...]
    return !piece.isEmpty && piece.utf8.allSatisfy { (48...57).contains($0) }
      ? linkID[..<sign] : linkID[...]
  }

  private static func links(road name: String, in network: RoadNetwork) throws(CityError)
    -> [LinkID]
  {
    let found = network.linkName.ids.filter { network.linkName[$0] == name }
    guard found.isEmpty else { return Array(found) }
    throw .refused(
      "expected the name of a road, found \"\(name)\""
        + suggestion(for: name, among: Array(Set(network.linkName.values)).sorted()))
  }

  private static func suggestion(for word: String, among candidates: [String]) -> String {
    Spelling.nearest(to: word, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
  }

  /// The nearest link, and the other direction of its road.
  private static func links(near place: Point2, in site: PolicySite) throws(CityError) -> [LinkID] {
    let network = site.network
    var best = (link: LinkID.none, distance: LinkClosure.searchRadius)
    if let point = site.locate(place) {
      for link in network.linkFrom.ids {
        let points = network.points(of: link)
        guard Box2(points).expanded(by: best.distance).contains(point) else { continue }
        let distance = Polyline.project(point, onto: points).distance
        if distance < best.distance { best = (link, distance) }
      }
    }
    guard best.link.isSome else {
      throw .refused(
        "expected a point within \(Int(LinkClosure.searchRadius)) m of a road, found "
          + "[\(place.x), \(place.y)]")
    }
    let reverse = network.linkReverse[best.link]
    return reverse.isSome ? [best.link, reverse] : [best.link]
  }
}
