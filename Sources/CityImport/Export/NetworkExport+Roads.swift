import CityBase
import CityNetwork

extension NetworkExport {
  func links() -> Layer {
    let features: [Feature] = network.linkFrom.ids.map { link in
      Feature(
        id: network.linkExternalID[link], shape: .line(Array(network.points(of: link))),
        properties: properties(of: link))
    }
    return Layer(file: "links.geojson", features: features)
  }

  private func properties(of link: LinkID) -> [Property] {
    var found: [Property] = []
    if !network.linkName[link].isEmpty {
      found.append(Property("name", .text(network.linkName[link])))
    }
    found += [
      Property("class", .text("\(network.linkClass[link])")),
      Property("lanes", .integer(Int64(network.lanes(of: link).count))),
      Property("speed_kmh", Self.kmh(network.linkSpeedLimit[link])),
      Property("length_m", Self.metres(network.linkLength[link])),
      Property("from", .text(network.junctionExternalID[network.linkFrom[link]])),
      Property("to", .text(network.junctionExternalID[network.linkTo[link]])),
      Property("access", .text(Self.words(network.linkAccess[link]))),
    ]
    let reverse = network.linkReverse[link]
    if reverse.isSome {
      found.append(Property("reverse", .text(network.linkExternalID[reverse])))
    }
    if network.linkIsRoundabout[link] { found.append(Property("roundabout", .bool(true))) }
    if network.linkIsBridge[link] { found.append(Property("bridge", .bool(true))) }
    if network.linkIsTunnel[link] { found.append(Property("tunnel", .bool(true))) }
    return found
  }

  func lanes() -> Layer {
    let features: [Feature] = network.laneLink.ids.map { lane in
      let link = network.laneLink[lane]
      var properties = [
        Property("link", .text(network.linkExternalID[link])),
        Property("lane", .integer(Int64(index(of: lane)))),
        Property("width_m", .number(Double(network.laneWidth[lane]), decimals: 2)),
        Property("length_m", Self.metres(network.laneLength[lane])),
        Property("speed_kmh", Self.kmh(network.laneSpeed[lane])),
        Property("turns", .text(turns(of: lane))),
      ]
      if network.access(to: lane) != network.linkAccess[link] {
        properties.append(Property("access", .text(Self.words(network.access(to: lane)))))
      }
      return Feature(
        id: name(of: lane), shape: .line(network.lanePoints(lane)), properties: properties)
    }
    return Layer(file: "lanes.geojson", features: features)
  }

  /// The turns that can be made from a lane, from the left to the right: `left;through`.
  private func turns(of lane: LaneID) -> String {
    let found = Set(
      network.connectors(from: lane).map { network.connectorTurn[ConnectorID($0)] })
    return [Turn.uTurn, .left, .through, .right].filter { found.contains($0) }
      .map(Self.word).joined(separator: ";")
  }

  func turns() -> Layer {
    let features: [Feature] = network.connectorFrom.ids.map { connector in
      let from = network.connectorFrom[connector]
      let to = network.connectorTo[connector]
      let lane = network.lane(of: connector)
      let conflicts = network.conflicts(of: connector)
      let fromLink = network.laneLink[from]
      var properties = [
        Property("junction", .text(network.junctionExternalID[network.linkTo[fromLink]])),
        Property("from_link", .text(network.linkExternalID[fromLink])),
        Property("from_lane", .integer(Int64(index(of: from)))),
        Property("to_link", .text(network.linkExternalID[network.laneLink[to]])),
        Property("to_lane", .integer(Int64(index(of: to)))),
        Property("turn", .text(Self.word(network.connectorTurn[connector]))),
        Property("length_m", Self.metres(network.laneLength[lane])),
        Property("speed_kmh", Self.kmh(network.laneSpeed[lane])),
        Property("conflicts", .integer(Int64(conflicts.count))),
        Property("yields_to", .integer(Int64(conflicts.count { $0.yields > 0 }))),
      ]
      let group = network.connectorGroup[connector]
      if group >= 0 { properties.append(Property("signal_group", .integer(Int64(group)))) }
      return Feature(
        id: "\(name(of: from))>\(name(of: to))", shape: .line(Array(network.points(of: connector))),
        properties: properties)
    }
    return Layer(file: "turns.geojson", features: features)
  }

  func junctions() -> Layer {
    let features: [Feature] = network.junctionPosition.ids.map { junction in
      var properties = [
        Property("control", .text("\(network.junctionControl[junction])")),
        Property("approaches", .integer(Int64(network.approaches(of: junction).count))),
        Property("departures", .integer(Int64(network.departures(of: junction).count))),
        Property("turns", .integer(Int64(network.connectors(of: junction).count))),
      ]
      let signal = network.junctionSignal[junction]
      if signal.isSome {
        let cycle = Double(network.signals[signal].cycleMilliseconds) / 1000
        properties.append(Property("cycle_s", .number(cycle, decimals: 3)))
      }
      return Feature(
        id: network.junctionExternalID[junction],
        shape: .point(network.junctionPosition[junction]), properties: properties)
    }
    return Layer(file: "junctions.geojson", features: features)
  }

  // MARK: Words and numbers

  /// Counted from the kerb.
  func index(of lane: LaneID) -> Int {
    lane.index - network.lanes(of: network.laneLink[lane]).lowerBound
  }

  func name(of lane: LaneID) -> String {
    "\(network.linkExternalID[network.laneLink[lane]])_\(index(of: lane))"
  }

  private static func kmh(_ metresPerSecond: Float) -> PropertyValue {
    .number(Double(metresPerSecond) * 3.6, decimals: 1)
  }

  private static func metres(_ value: Float) -> PropertyValue {
    .number(Double(value), decimals: 2)
  }

  private static func word(_ turn: Turn) -> String { turn == .uTurn ? "u_turn" : "\(turn)" }

  private static func words(_ access: Access) -> String {
    let names: [(Access, String)] = [
      (.car, "car"), (.truck, "truck"), (.bus, "bus"), (.motorcycle, "motorcycle"),
      (.bicycle, "bicycle"), (.emergency, "emergency"),
    ]
    return names.filter { access.contains($0.0) }.map(\.1).joined(separator: ";")
  }
}
