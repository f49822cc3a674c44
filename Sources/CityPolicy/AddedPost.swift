import CityBase
import CitySimulation
import CityText

/// Puts a post with emergency units into service, beside the stations of the city, for the rest of
/// the run.
///
/// In a scenario: `{"type": "unit_post", "name": "west-post", "kind": "ambulance", "count": 2,
/// "at": [117.18, 39.11], "from": "08:00"}`. The units are called after the policy. They wait by the
/// nearest road, which must be within 300 m.
public struct AddedPost: PolicySettings {
  public static let typeName = "unit_post"
  public static let actsOn: String? = "emergency"
  /// Metres; the same reach that the city's own stations have.
  static let searchRadius = 300.0

  let kind: UnitKind
  let count: Int
  let place: PlaceText
  let from: TimeText?
  let file: String
  let namePath: String
  let placePath: String

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    namePath = reader.path(of: "name")
    placePath = reader.path(of: "at")
    let word = try reader.string("kind")
    guard let kind = UnitKind.allCases.first(where: { $0.word == word }) else {
      let words = UnitKind.allCases.map(\.word)
      throw reader.error(
        "kind",
        "expected one of \(words.map { "\"\($0)\"" }.joined(separator: ", ")), found \"\(word)\""
          + Spelling.hint(for: word, among: words))
    }
    self.kind = kind
    count = try reader.integer("count", in: 1...100)
    place = try PlaceText(try reader.value("at"), file: reader.file, path: placePath)
    from = try reader.optionalTime("from")
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    let map = site.map
    guard map.ambulanceStations.find(name) == nil, map.fireStations.find(name) == nil,
      map.policeStations.find(name) == nil
    else {
      throw .refused(
        "expected a name of its own, found \"\(name)\", the id of a station of the city",
        file: file, place: namePath)
    }
    guard let position = site.locate(place.degrees), let road = site.nearest(position),
      road.distance <= Self.searchRadius
    else {
      throw .refused(
        "expected a point within \(Int(Self.searchRadius)) m of a road, found \(place.text)",
        file: file, place: placePath)
    }
    let post = UnitPost(
      name: name, kind: kind, count: count, access: road.access, position: position)
    let first = from.map { site.tick(of: $0) } ?? 0
    return TimedPolicy(
      name: name, ticks: first..<Tick.max, onset: [.addUnits(post)], release: [])
  }
}
