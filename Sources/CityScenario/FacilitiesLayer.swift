import CityBase
import CityModel
import CitySimulation

/// Hospitals, stations and car parks in snapshots: where they are and what they have.
struct FacilitiesLayer: SnapshotLayer {
  let layerName = "facilities"
  let map: CityMap
  /// The parking of the run, which knows what is taken; nil where nobody parks.
  var parking: (any SnapshotLayer)?
  /// Whether another layer of the same snapshot shows the car parks.
  var leavesOutParking = false

  func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    add(map.hospitals, to: &sink) {
      [Self.count("capacity", $0.beds), Property("emergency", Self.flag($0.takesEmergencies))]
    }
    add(map.fireStations, to: &sink) { [Self.count("capacity", $0.engines)] }
    add(map.policeStations, to: &sink) { [Self.count("capacity", $0.cars)] }
    add(map.ambulanceStations, to: &sink) { [Self.count("capacity", $0.ambulances)] }
    if leavesOutParking { return }
    if let parking {
      parking.addFeatures(to: &sink, at: moment)
    } else {
      add(map.parkingFacilities, to: &sink) {
        [Self.count("capacity", $0.capacity), Property("type", .text($0.type.rawValue))]
      }
    }
  }

  /// The same beside other layers: nothing is shown twice.
  func beside(_ names: [String]) -> FacilitiesLayer {
    var layer = self
    layer.leavesOutParking = parking.map { names.contains($0.layerName) } ?? false
    return layer
  }

  private func add<Entity: CityEntity>(
    _ catalogue: Catalogue<Entity>, to sink: inout some FeatureSink,
    properties: (Entity) -> [Property]
  ) {
    for id in catalogue.ids {
      let entity = catalogue[id]
      // Nothing closes or fills these: all of them are open.
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
