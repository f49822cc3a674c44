import CityBase
import CitySimulation

/// The snapshot layer `units`: a point for every unit.
struct UnitLayer: SnapshotLayer {
  let domain: EmergencyDomain
  let layerName = "units"

  func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    for (i, unit) in domain.units.enumerated() {
      let isFree = unit.state.isFree
      // On the road the vehicle has the privileges it set out with, less what was withdrawn.
      let mayHurry = unit.state == .enRoute || unit.state == .transport
      let hospital = unit.state == .transport || unit.state == .handover ? unit.hospital : -1
      sink.add(
        kind: "unit", id: unit.name,
        shape: .point(domain.position(of: i, at: domain.whereabouts(of: i))),
        properties: [
          Property("type", .text(unit.kind.word)),
          Property("state", .text(unit.state.word)),
          Property("call", isFree ? .null : .text(domain.calls[unit.call].name)),
          Property("hospital", hospital >= 0 ? .text(domain.hospitals[hospital].name) : .null),
          Property("privileges", .text(mayHurry ? domain.privileges.text : "")),
          Property("post", .text(domain.posts[unit.post].name)),
        ])
    }
  }
}

/// The snapshot layer `incidents`: a point for every call that waits (`queued`), has a unit on its
/// way (`open`) or at the scene (`attended`).
struct IncidentLayer: SnapshotLayer {
  let domain: EmergencyDomain
  let layerName = "incidents"

  func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    for i in 0..<domain.nextCall where domain.records[i].cleared < 0 {
      let call = domain.calls[i]
      let record = domain.records[i]
      let until = record.arrived >= 0 ? record.arrived : moment.milliseconds
      sink.add(
        kind: "incident", id: call.name, shape: .point(call.position),
        properties: [
          Property("type", .text(call.kind.word)),
          Property("priority", .integer(Int64(call.priority))),
          Property("status", .text(record.status == .served ? "attended" : record.status.word)),
          Property("unit", record.unit >= 0 ? .text(domain.units[record.unit].name) : .null),
          Property("waited_s", .number(Double(until - call.milliseconds) / 1000, decimals: 1)),
          Property("lanes_closed", .integer(Int64(record.blockages.count))),
        ])
    }
  }
}
