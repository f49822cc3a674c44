import CityBase
import CitySimulation

/// The snapshot layer `parking`: a point at every facility, with its bays as they stand.
public struct ParkingLayer: SnapshotLayer {
  let domain: ParkingDomain
  public let layerName = "parking"

  public func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    let now = domain.clock.instant(of: moment.tick)
    for (i, facility) in domain.supply.enumerated() {
      let capacity = domain.bays.capacity(of: i)
      let occupied = Int(domain.bays.occupied[i])
      let taken = Int(domain.bays.taken[i])
      let isOpen = capacity > 0 && facility.openingHours.isOpen(at: now)
      let state = !isOpen ? "closed" : taken >= capacity ? "full" : "open"
      sink.add(
        kind: "parking", id: facility.externalID, shape: .point(facility.position),
        properties: [
          Property("name", .text(facility.name)),
          Property("type", .text(facility.type.rawValue)),
          Property("capacity", .integer(Int64(capacity))),
          Property("occupied", .integer(Int64(occupied))),
          // Drivers on their last metres, for whom a bay is kept.
          Property("held", .integer(Int64(taken - occupied))),
          Property(
            "share",
            capacity > 0 ? .number(Double(occupied) / Double(capacity), decimals: 4) : .null),
          Property("price_cny_h", .number(domain.price(of: i, moment), decimals: 2)),
          Property("state", .text(state)),
        ])
    }
  }
}

extension ParkingDomain {
  public var snapshotLayers: [any SnapshotLayer] { [ParkingLayer(domain: self)] }
}
