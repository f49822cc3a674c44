import CityBase
import CityDemand
import CityText

/// `{"trips": "trips.csv"}`: single trips from a table.
struct TripTableDemand: DemandSettings {
  static let key = "trips"

  let file: String

  var inputFiles: [String] { [file] }

  init(_ value: JSONValue, file: String, path: String) throws(CityError) {
    guard let name = value.string, !name.isEmpty else {
      throw .refused(
        "expected the path of a CSV file, found \(value.kindInWords)", file: file, place: path)
    }
    self.file = name
  }

  func makeTrips(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError) -> [Trip] {
    let places = site.places
    let table = TripTable(
      network: site.network, epoch: site.clock.epoch, window: site.simulatedWindow,
      index: places.city.index, typeIndex: { site.catalogue.index($0) },
      toWorking: { places.working($0) })
    var trips = try table.read(path: site.path(of: file), diagnostics: &diagnostics)
    for i in trips.indices { trips[i].isHabitual = false }
    return trips
  }
}
