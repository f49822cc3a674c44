import CityBase
import CityNetwork
import CityText

/// The links that a scenario means: `"links": ["4711", {"road": "Quay Road"}, {"near": [117.21,
/// 39.12]}]`. A text is the id of a link (`4711+0`), or of a way of the source (`4711`), which
/// stands for all its links. `near` is the nearest link within 50 m, and the other direction with it.
struct LinkSelection: Sendable {
  enum Selector: Sendable {
    case id(String)
    case road(String)
    case near(PlaceText)
  }

  /// Metres; further away a point means no link.
  static let searchRadius = 50.0

  /// What is meant, each with its JSON path.
  let selectors: [(selector: Selector, path: String)]
  let file: String

  /// Reads the key `links`.
  init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    var selectors: [(Selector, String)] = []
    for (i, value) in try reader.array("links").enumerated() {
      let path = reader.path(of: "links[\(i)]")
      selectors.append((try Self.selector(value, file: reader.file, path: path), path))
    }
    guard !selectors.isEmpty else { throw reader.error("links", "expected one link or more") }
    self.selectors = selectors
  }

  private static func selector(_ value: JSONValue, file: String, path: String) throws(CityError)
    -> Selector
  {
    if let id = value.string { return .id(id) }
    guard value.members != nil else {
      throw .refused(
        "expected the id of a link, {\"road\": name} or {\"near\": [longitude, latitude]}, found "
          + value.kindInWords, file: file, place: path)
    }
    var reader = try JSONObjectReader(value, file: file, path: path)
    let road = try reader.optionalString("road")
    let near = reader.optionalValue("near")
    try reader.finish()
    if let road, near == nil { return .road(road) }
    guard road == nil, let near else {
      throw .refused(
        "expected either {\"road\": name} or {\"near\": [longitude, latitude]}", file: file,
        place: path)
    }
    return .near(try PlaceText(near, file: file, path: "\(path).near"))
  }

  /// The links in ascending order, each once. Refuses what the city does not have.
  func links(on site: PolicySite) throws(CityError) -> [LinkID] {
    var found: Set<LinkID> = []
    var linksOfID: [String: [LinkID]]?
    for (selector, path) in selectors {
      do throws(CityError) {
        switch selector {
        case .id(let id):
          let index = linksOfID ?? Self.index(of: site.network)
          linksOfID = index
          found.formUnion(try Self.links(id: id, in: index))
        case .road(let name): found.formUnion(try Self.links(road: name, in: site.network))
        case .near(let place): found.formUnion(try Self.links(near: place, on: site))
        }
      } catch {
        throw .refused(error.message, file: file, place: path)
      }
    }
    return found.sorted()
  }
}

extension LinkSelection {
  /// Links by their own ids, and by those of their ways where no link has that id.
  private static func index(of network: RoadNetwork) -> [String: [LinkID]] {
    var index: [String: [LinkID]] = [:]
    for link in network.linkExternalID.ids {
      let id = network.linkExternalID[link]
      if index[id] == nil { index[id] = [link] }
    }
    var ways: [String: [LinkID]] = [:]
    for link in network.linkExternalID.ids {
      ways[String(wayID(network.linkExternalID[link])), default: []].append(link)
    }
    return index.merging(ways) { ofLink, _ in ofLink }
  }

  /// What stands before the direction and the piece: `4711` of `4711+0`.
  static func wayID(_ linkID: String) -> Substring {
    guard let sign = linkID.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return linkID[...] }
    let piece = linkID[linkID.index(after: sign)...]
    return !piece.isEmpty && piece.utf8.allSatisfy { (48...57).contains($0) }
      ? linkID[..<sign] : linkID[...]
  }

  private static func links(id: String, in index: [String: [LinkID]]) throws(CityError)
    -> [LinkID]
  {
    if let links = index[id] { return links }
    throw .refused(
      "expected the id of a link, found \"\(id)\"" + Spelling.hint(for: id, among: index.keys))
  }

  private static func links(road name: String, in network: RoadNetwork) throws(CityError)
    -> [LinkID]
  {
    let found = network.linkName.ids.filter { network.linkName[$0] == name }
    guard found.isEmpty else { return Array(found) }
    throw .refused(
      "expected the name of a road, found \"\(name)\""
        + Spelling.hint(for: name, among: network.linkName.values))
  }

  /// The nearest link, and the other direction of its road.
  private static func links(near place: PlaceText, on site: PolicySite) throws(CityError)
    -> [LinkID]
  {
    let network = site.network
    var best = (link: LinkID.none, distance: searchRadius)
    if let point = site.locate(place.degrees) {
      for link in network.linkFrom.ids {
        let points = network.points(of: link)
        guard Box2(points).expanded(by: best.distance).contains(point) else { continue }
        let distance = Polyline.project(point, onto: points).distance
        if distance < best.distance { best = (link, distance) }
      }
    }
    guard best.link.isSome else {
      throw .refused(
        "expected a point within \(Int(searchRadius)) m of a road, found \(place.text)")
    }
    let reverse = network.linkReverse[best.link]
    return reverse.isSome ? [best.link, reverse] : [best.link]
  }
}

extension PolicyArea {
  /// The links whose middle lies in the area, ascending: so that two areas side by side never have
  /// one in common. Refuses an area without any.
  func links(on site: PolicySite) throws(CityError) -> [LinkID] {
    let ring = try ring(on: site)
    let box = Box2(ring)
    let network = site.network
    let found = network.linkFrom.ids.filter {
      let middle = network.linkPosition($0, network.linkLength[$0] / 2).point
      return box.contains(middle) && Ring.contains(middle, in: ring)
    }
    guard !found.isEmpty else {
      throw error("an area outside the city: no link has its middle in it")
    }
    return Array(found)
  }
}
