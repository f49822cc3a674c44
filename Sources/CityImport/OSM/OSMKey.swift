/// The tag keys the importer looks for. Their raw values are their numbers in the string pool,
/// because the reader interns them first and in this order.
enum OSMKey: UInt32, CaseIterable {
  case highway, junction, oneway, lanes, lanesForward, lanesBackward, lanesBothWays
  case maxspeed, maxspeedForward, maxspeedBackward, maxspeedType, sourceMaxspeed
  case zoneMaxspeed, zoneTraffic
  case access, vehicle, motorVehicle, motorcar, bus, psv, emergency
  case vehicleForward, vehicleBackward, motorVehicleForward, motorVehicleBackward
  case service, area, route, bridge, tunnel, name, ref, surface, width, stepCount, foot
  case building, buildingLevels, height, buildingHeight, levels, amenity, shop, office, tourism
  case healthcare, leisure, landuse, capacity, fee, parking, parkingLevels, openingHours, beds
  case manMade, boundary, adminLevel, place, population, type
  case restriction, restrictionMotorcar, restrictionMotorVehicle, except, direction
  case trafficSignals, trafficSignalsDirection

  /// The key as OpenStreetMap spells it.
  var text: String {
    switch self {
    case .lanesForward: "lanes:forward"
    case .lanesBackward: "lanes:backward"
    case .lanesBothWays: "lanes:both_ways"
    case .maxspeedForward: "maxspeed:forward"
    case .maxspeedBackward: "maxspeed:backward"
    case .maxspeedType: "maxspeed:type"
    case .sourceMaxspeed: "source:maxspeed"
    case .zoneMaxspeed: "zone:maxspeed"
    case .zoneTraffic: "zone:traffic"
    case .motorVehicle: "motor_vehicle"
    case .vehicleForward: "vehicle:forward"
    case .vehicleBackward: "vehicle:backward"
    case .motorVehicleForward: "motor_vehicle:forward"
    case .motorVehicleBackward: "motor_vehicle:backward"
    case .stepCount: "step_count"
    case .buildingLevels: "building:levels"
    case .buildingHeight: "building:height"
    case .parkingLevels: "parking:levels"
    case .openingHours: "opening_hours"
    case .manMade: "man_made"
    case .adminLevel: "admin_level"
    case .restrictionMotorcar: "restriction:motorcar"
    case .restrictionMotorVehicle: "restriction:motor_vehicle"
    case .trafficSignals: "traffic_signals"
    case .trafficSignalsDirection: "traffic_signals:direction"
    default: "\(self)"
    }
  }
}
