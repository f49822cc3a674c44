import CityBase
import CityModel
import CitySimulation

/// Hospitals, stations and car parks in snapshots: where they are and what they have.
struct FacilitiesLayer: SnapshotLayer {
  let layerName = "facilities"
  let map: CityMap

  func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    add(map.hospitals, to: &sink) {
      [Self.count("capacity", $0.beds), Property("emergency", Self.flag($0.takesEmergencies))]
    }
    add(map.fireStations, to: &sink) { [Self.count("capacity", $0.engines)] }
    add(map.policeStations, to: &sink) { [Self.count("capacity", $0.cars)] }
    add(map.ambulanceStations, to: &sink) { [Self.count("capacity", $0.ambulances)] }
    add(map.parkingFacilities, to: &sink) {
      [Self.count("capacity", $0.capacity), Property("type", .text($0.type.rawValue))]
    }
  }

  private func add<Entity: CityEntity>(
    _ catalogue: Catalogue<Entity>, to sink: inout some FeatureSink,
    properties: (Entity) -> [Property]
  ) {
    for id in catalogue.ids {
      let entity = catalogue[id]
      // Nothing closes or fills a facility yet: all of them are open.
      sink.add(
        kind: Entity.kind.rawValue, id: entity.externalID, shape: .point(entity.position),
        properties: [Property("name", .text(entity.name)), Property("state", .text("open"))]
          + properties(entity))
    }
  }

  private static func count(_ name: String, _ value: Int?) -> Property {
    Property(name, value.map { .integer(Int64($0)) } ?? .null)
  }

  private static func flag(_ value: Bool?) -> PropertyValue { value.map { .bool($0) } ?? .null }
}
