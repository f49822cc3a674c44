import CityBase
import CityModel
import CityText

/// The car parks and kerb bays that a scenario means: `"facilities": ["g1", {"district": "Hexi"},
/// {"area": [[117.20, 39.10], ...]}, {"type": "kerb"}]`. A text is the id of a facility. An object
/// means all that fit everything it says: the district (by name or code) or the area their position
/// lies in, and their type. The list means all of its elements together.
struct FacilitySelection: Sendable {
  struct Filter: Sendable {
    var district: String?
    var area: PolicyArea?
    var type: ParkingType?
  }
  enum Selector: Sendable {
    case id(String)
    case all(Filter)
  }

  /// What is meant, each with its JSON path.
  let selectors: [(selector: Selector, path: String)]
  let file: String

  /// Reads the key `facilities`.
  init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    var selectors: [(Selector, String)] = []
    for (i, value) in try reader.array("facilities").enumerated() {
      let path = reader.path(of: "facilities[\(i)]")
      selectors.append((try Self.selector(value, file: reader.file, path: path), path))
    }
    guard !selectors.isEmpty else {
      throw reader.error("facilities", "expected one facility or more")
    }
    self.selectors = selectors
  }

  private static func selector(_ value: JSONValue, file: String, path: String) throws(CityError)
    -> Selector
  {
    if let id = value.string { return .id(id) }
    let expected =
      "expected the id of a parking facility or an object with \"district\", \"area\" or \"type\""
    guard value.members != nil else {
      throw .refused("\(expected), found \(value.kindInWords)", file: file, place: path)
    }
    var reader = try JSONObjectReader(value, file: file, path: path)
    var filter = Filter()
    filter.district = try reader.optionalString("district")
    if let area = reader.optionalValue("area") {
      filter.area = try PolicyArea(area, file: file, path: reader.path(of: "area"))
    }
    filter.type = try reader.optionalChoice("type", of: ParkingType.self)
    try reader.finish()
    guard filter.district != nil || filter.area != nil || filter.type != nil else {
      throw .refused(expected, file: file, place: path)
    }
    return .all(filter)
  }

  /// The facilities in ascending order, each once. Refuses what the city does not have.
  func facilities(on site: PolicySite) throws(CityError) -> [ParkingFacilityID] {
    let known = site.map.parkingFacilities
    var found: Set<ParkingFacilityID> = []
    for (selector, path) in selectors {
      switch selector {
      case .id(let id):
        guard let facility = known.find(id) else {
          throw .refused(
            "expected the id of a parking facility, found \"\(id)\""
              + Spelling.hint(for: id, among: known.entities.values.map(\.externalID)),
            file: file, place: path)
        }
        found.insert(facility)
      case .all(let filter): found.formUnion(try facilities(filter, path, on: site))
      }
    }
    return found.sorted()
  }

  private func facilities(_ filter: Filter, _ path: String, on site: PolicySite)
    throws(CityError) -> [ParkingFacilityID]
  {
    let map = site.map
    var found = Array(map.parkingFacilities.ids)
    if let name = filter.district {
      let districts = try districts(name, "\(path).district", in: map)
      found.removeAll { id in
        let position = map.parkingFacilities[id].position
        return !districts.contains { map.districts.shapes.contains(position, in: $0) }
      }
      guard !found.isEmpty else {
        throw .refused(
          "no parking facility lies in the district \"\(name)\"", file: file,
          place: "\(path).district")
      }
    }
    if let area = filter.area {
      let ring = try area.ring(on: site)
      let inside = Set(
        map.parkingFacilities.ids.filter {
          Ring.contains(map.parkingFacilities[$0].position, in: ring)
        })
      guard !inside.isEmpty else {
        throw area.error("an area outside the city: no parking facility lies in it")
      }
      found.removeAll { !inside.contains($0) }
    }
    if let type = filter.type { found.removeAll { map.parkingFacilities[$0].type != type } }
    guard !found.isEmpty else {
      throw .refused(
        "no parking facility of the city is all of this", file: file, place: path)
    }
    return found
  }

  private func districts(_ name: String, _ path: String, in map: CityMap) throws(CityError)
    -> [DistrictID]
  {
    let known = map.districts
    let found = known.ids.filter { known[$0].name == name || known[$0].code == name }
    guard found.isEmpty || name.isEmpty else { return Array(found) }
    let words = known.entities.values.flatMap { [$0.name, $0.code] }
    throw .refused(
      "expected the name or code of a district, found \"\(name)\""
        + Spelling.hint(for: name, among: words), file: file, place: path)
  }
}
