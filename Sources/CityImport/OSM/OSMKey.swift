/// The tag keys the importer looks for. Their raw values are their numbers in the string pool,
/// because the reader interns them first and in this order.
enum OSMKey: UInt32, CaseIterable {
  case highway, junction, oneway, onewayMotorVehicle, onewayMotorcar
  case lanes, lanesForward, lanesBackward, lanesBothWays
  case lanesBus, lanesBusForward, lanesBusBackward, lanesPsv, lanesPsvForward, lanesPsvBackward
  case busway, buswayLeft, buswayRight, buswayBoth
  case turn, turnForward, turnBackward, turnLanes, turnLanesForward, turnLanesBackward
  case accessLanes, accessLanesForward, accessLanesBackward
  case vehicleLanes, vehicleLanesForward, vehicleLanesBackward
  case motorVehicleLanes, motorVehicleLanesForward, motorVehicleLanesBackward
  case busLanes, busLanesForward, busLanesBackward
  case psvLanes, psvLanesForward, psvLanesBackward
  case bicycleLanes, bicycleLanesForward, bicycleLanesBackward
  case maxspeed, maxspeedForward, maxspeedBackward, maxspeedType, sourceMaxspeed
  case zoneMaxspeed, zoneTraffic
  case access, vehicle, motorVehicle, motorcar, motorcycle, hgv, bicycle, bus, psv, emergency
  case accessForward, accessBackward, vehicleForward, vehicleBackward
  case motorVehicleForward, motorVehicleBackward, motorcarForward, motorcarBackward
  case motorroad, service, area, route, bridge, tunnel, layer, name, ref, surface, width
  case stepCount, foot, abandoned, disused, razed, proposed, construction
  case building, buildingLevels, height, buildingHeight, levels, amenity, shop, office, tourism
  case healthcare, leisure, landuse, capacity, fee, parking, parkingLevels, openingHours, beds
  case parkingLeft, parkingRight, parkingBoth
  case parkingLeftOrientation, parkingRightOrientation, parkingBothOrientation
  case parkingLeftCapacity, parkingRightCapacity, parkingBothCapacity
  case parkingLeftAccess, parkingRightAccess, parkingBothAccess
  case parkingLeftFee, parkingRightFee, parkingBothFee
  case parkingLeftRestriction, parkingRightRestriction, parkingBothRestriction
  case parkingLaneLeft, parkingLaneRight, parkingLaneBoth
  case parkingLaneLeftCapacity, parkingLaneRightCapacity, parkingLaneBothCapacity
  case parkingConditionLeft, parkingConditionRight, parkingConditionBoth
  case manMade, boundary, adminLevel, place, population, type
  case restriction, restrictionMotorcar, restrictionMotorVehicle, restrictionVehicle
  case restrictionConditional, except, dayOn, hourOn, direction
  case trafficSignals, trafficSignalsDirection, crossing, crossingSignals, crossingMarkings
  case railway, trafficCalming, barrier, kerb, publicTransport, ferry

  /// The key as OpenStreetMap spells it.
  var text: String { Self.texts[Int(rawValue)] }

  private static let texts: [String] = allCases.map { spelling("\($0)") }

  /// Words that go together with an underscore; all other capitals stand for a colon.
  private static let words: Set<String> = [
    "motorVehicle", "bothWays", "stepCount", "adminLevel", "manMade", "openingHours", "dayOn",
    "hourOn", "trafficSignals", "trafficCalming", "publicTransport",
  ]

  /// `motor_vehicle:lanes:forward` for `motorVehicleLanesForward`.
  static func spelling(_ name: String) -> String {
    var parts: [String] = []
    for c in name {
      if c.isUppercase || parts.isEmpty { parts.append("") }
      parts[parts.count - 1].append(contentsOf: c.lowercased())
    }
    var text = parts[0]
    for i in 1..<max(1, parts.count) {
      let pair = parts[i - 1] + parts[i].prefix(1).uppercased() + parts[i].dropFirst()
      text += (words.contains(pair) ? "_" : ":") + parts[i]
    }
    return text
  }
}
