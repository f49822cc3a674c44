import CityBase
import CityDemand
import CityNetwork
import CitySimulation

/// `refused.csv`: the trips that were refused before the run, and why.
struct RefusedTable: TableSource {
  let tableName = "refused"
  let tableColumns = ["id", "depart", "from_link", "to_link", "reason"]
  let trips: [RefusedTrip]
  let network: RoadNetwork
  let clock: Clock

  var rowCount: Int { trips.count }

  func row(_ index: Int) -> [PropertyValue] {
    let (trip, reason) = (trips[index].trip, trips[index].reason)
    let depart = clock.epoch.advanced(byMilliseconds: trip.departureMilliseconds)
    return [
      .text(trip.name), .text(depart.iso8601), link(trip.origin), link(trip.destination),
      .text(reason),
    ]
  }

  private func link(_ place: AccessPoint) -> PropertyValue {
    place.link.isSome && place.link.index < network.linkCount
      ? .text(network.linkExternalID[place.link]) : .null
  }
}
