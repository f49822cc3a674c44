import CityBase

extension RoadNetwork {
  /// Checks that every index, offset and figure is within its range and that the columns are in
  /// the promised order, so that a network from a file can be used without looking twice.
  ///
  /// Throws `refused` with the column as its place.
  public func validate() throws(CityError) {
    try checkJunctions()
    try checkLinks()
    try checkLanes()
    try checkConnectors()
    try checkConflicts()
    try checkSignals()
  }

  private func refuse(_ column: String, _ what: String) -> CityError {
    .refused(what, place: column)
  }

  /// Networks have millions of places that are checked: what is wrong is only put into words where
  /// something is.
  private func check(
    _ isFine: Bool, _ column: String, _ what: @autoclosure () -> String
  ) throws(CityError) {
    if !isFine { throw refuse(column, what()) }
  }

  /// An offset column starts at 0, never falls and ends at the count of what it points into.
  private func checkOffsets(
    _ offsets: [Int32], _ column: String, owners: Int, end: Int
  ) throws(CityError) {
    try check(offsets.count == owners + 1, column, "expected \(owners + 1) offsets")
    try check(
      offsets.first == 0 && offsets.last.map(Int.init) == end, column, "expected 0...\(end)")
    for i in 1..<offsets.count where offsets[i] < offsets[i - 1] {
      throw refuse(column, "offset \(i) is smaller than the one before")
    }
  }

  private func checkCount(_ count: Int, _ column: String, _ expected: Int) throws(CityError) {
    try check(count == expected, column, "expected \(expected) values, found \(count)")
  }

  private func checkIDs<ID: EntityID>(
    _ ids: [ID], _ column: String, below limit: Int, allowNone: Bool = false
  ) throws(CityError) {
    for id in ids where !(0..<limit ~= id.index || (allowNone && id == .none)) {
      throw refuse(column, "\(id) is out of range")
    }
  }

  private func checkFigures(
    _ values: [Float], _ column: String, from low: Float, to high: Float
  ) throws(CityError) {
    for v in values where !(v >= low && v <= high) {
      throw refuse(column, "\(v) is not within \(low) to \(high)")
    }
  }

  private func checkPoints(_ points: [Point2], _ column: String) throws(CityError) {
    for p in points where !(abs(p.x) < 1e9 && abs(p.y) < 1e9) {
      throw refuse(column, "a coordinate is out of range")
    }
  }

  private func checkJunctions() throws(CityError) {
    let n = junctionCount
    try check(n < Int(Int32.max) / 4, "junctions", "too many")
    try checkCount(junctionControl.count, "junctionControl", n)
    try checkCount(junctionSignal.count, "junctionSignal", n)
    try checkCount(junctionExternalID.count, "junctionExternalID", n)
    try checkPoints(junctionPosition.values, "junctionPosition")
    try checkIDs(junctionSignal.values, "junctionSignal", below: signals.count, allowNone: true)
    try checkOffsets(junctionFirstApproach, "junctionFirstApproach", owners: n, end: linkCount)
    try checkOffsets(
      junctionFirstDeparture, "junctionFirstDeparture", owners: n, end: departureLinks.count)
    try checkCount(departureLinks.count, "departureLinks", linkCount)
    try checkIDs(departureLinks, "departureLinks", below: linkCount)
    try checkOffsets(
      junctionFirstConnector, "junctionFirstConnector", owners: n, end: connectorCount)
  }

  private func checkLinks() throws(CityError) {
    let n = linkCount
    for (count, column) in [
      (linkTo.count, "linkTo"), (linkLength.count, "linkLength"),
      (linkSpeedLimit.count, "linkSpeedLimit"), (linkClass.count, "linkClass"),
      (linkAccess.count, "linkAccess"), (linkName.count, "linkName"),
      (linkExternalID.count, "linkExternalID"), (linkReverse.count, "linkReverse"),
      (linkIsBridge.count, "linkIsBridge"), (linkIsTunnel.count, "linkIsTunnel"),
      (linkIsRoundabout.count, "linkIsRoundabout"),
    ] { try checkCount(count, column, n) }
    try checkIDs(linkFrom.values, "linkFrom", below: junctionCount)
    try checkIDs(linkTo.values, "linkTo", below: junctionCount)
    try checkIDs(linkReverse.values, "linkReverse", below: n, allowNone: true)
    try checkFigures(linkLength.values, "linkLength", from: 0.1, to: 1e6)
    try checkFigures(linkSpeedLimit.values, "linkSpeedLimit", from: 0.1, to: 150)
    try checkOffsets(linkFirstLane, "linkFirstLane", owners: n, end: roadLaneCount)
    try checkOffsets(linkFirstPoint, "linkFirstPoint", owners: n, end: linkPoints.count)
    try checkPoints(linkPoints, "linkPoints")
    for l in 0..<n {
      try check(linkFirstLane[l + 1] > linkFirstLane[l], "linkFirstLane", "link \(l) has no lane")
      try check(
        linkFirstPoint[l + 1] >= linkFirstPoint[l] + 2, "linkFirstPoint", "link \(l) has no line")
    }
    for j in 0..<junctionCount {
      for l in approaches(of: JunctionID(j)) where linkTo[LinkID(l)].index != j {
        throw refuse("linkTo", "link \(l) is not sorted under its junction")
      }
      for l in departures(of: JunctionID(j)) where linkFrom[l].index != j {
        throw refuse("departureLinks", "link \(l) does not leave junction \(j)")
      }
    }
  }

  /// Lanes with access of their own together let in those who may use the link.
  private func checkLaneAccess() throws(CityError) {
    guard hasReservedLanes else { return }
    try checkCount(laneAccess.count, "laneAccess", roadLaneCount)
    for l in 0..<linkCount {
      let all = lanes(of: LinkID(l)).reduce(into: Access()) {
        $0.formUnion(laneAccess[LaneID($1)])
      }
      try check(
        all == linkAccess[LinkID(l)], "laneAccess",
        "the lanes of link \(l) are not open to just those who may use it")
    }
  }

  private func checkLanes() throws(CityError) {
    try checkLaneAccess()
    try check(
      laneCount < Int(Int32.max) && laneLength.count == laneCount, "laneLength",
      "expected \(laneCount) values")
    try checkCount(laneSpeed.count, "laneSpeed", laneCount)
    try checkCount(laneWidth.count, "laneWidth", roadLaneCount)
    try checkFigures(laneLength.values, "laneLength", from: 0.1, to: 1e6)
    // Room for vehicles is counted in 32 bits, a place every three metres.
    let total = laneLength.values.reduce(0.0) { $0 + Double($1) }
    try check(total < 2e9, "laneLength", "expected less than 2,000,000 km of lanes in all")
    try checkFigures(laneSpeed.values, "laneSpeed", from: 0.1, to: 150)
    try checkFigures(laneWidth.values, "laneWidth", from: 0.5, to: 20)
    try checkIDs(laneLink.values, "laneLink", below: linkCount)
    for l in 0..<linkCount {
      for lane in lanes(of: LinkID(l)) where laneLink[LaneID(lane)].index != l {
        throw refuse("laneLink", "lane \(lane) is not sorted under its link")
      }
    }
    try checkOffsets(
      laneFirstConnector, "laneFirstConnector", owners: roadLaneCount, end: connectorCount)
  }

  private func checkConnectors() throws(CityError) {
    let n = connectorCount
    for (count, column) in [
      (connectorTo.count, "connectorTo"), (connectorTurn.count, "connectorTurn"),
      (connectorGroup.count, "connectorGroup"), (connectorRank.count, "connectorRank"),
    ] { try checkCount(count, column, n) }
    try checkIDs(connectorFrom.values, "connectorFrom", below: roadLaneCount)
    try checkIDs(connectorTo.values, "connectorTo", below: roadLaneCount)
    try checkOffsets(
      connectorFirstPoint, "connectorFirstPoint", owners: n, end: connectorPoints.count)
    try checkPoints(connectorPoints, "connectorPoints")
    for c in 0..<n {
      try check(
        connectorFirstPoint[c + 1] >= connectorFirstPoint[c] + 2, "connectorFirstPoint",
        "connector \(c) has no line")
    }
    for lane in 0..<roadLaneCount {
      for c in connectors(from: LaneID(lane)) where connectorFrom[ConnectorID(c)].index != lane {
        throw refuse("connectorFrom", "connector \(c) is not sorted under its lane")
      }
    }
    for j in 0..<junctionCount {
      for c in connectors(of: JunctionID(j)) {
        let from = laneLink[connectorFrom[ConnectorID(c)]]
        let to = laneLink[connectorTo[ConnectorID(c)]]
        try check(
          linkTo[from].index == j && linkFrom[to].index == j, "connectorTo",
          "connector \(c) does not cross its junction")
      }
    }
  }

  private func checkConflicts() throws(CityError) {
    try checkOffsets(
      connectorFirstConflict, "connectorFirstConflict", owners: connectorCount,
      end: conflicts.count)
    for j in 0..<junctionCount {
      let own = connectors(of: JunctionID(j))
      for c in own {
        let length = laneLength[lane(of: ConnectorID(c))] + 0.01
        var before: Float = 0
        for conflict in conflicts(of: ConnectorID(c)) {
          try check(
            own.contains(conflict.other.index) && conflict.other.index != c, "conflicts",
            "connector \(c) conflicts with one of another junction")
          let otherLength = laneLength[lane(of: conflict.other)] + 0.01
          try check(
            conflict.entry >= before && conflict.exit >= conflict.entry && conflict.exit <= length
              && conflict.otherEntry >= 0 && conflict.otherExit >= conflict.otherEntry
              && conflict.otherExit <= otherLength,
            "conflicts", "an area of connector \(c) is out of range")
          try check(
            -1...1 ~= conflict.yields && conflict.kind <= ConflictKind.shared, "conflicts",
            "unknown kind or right of way at connector \(c)")
          before = conflict.entry
        }
      }
    }
  }

  private func checkSignals() throws(CityError) {
    for (i, s) in signals.values.enumerated() {
      let place = "signal \(i)"
      try check(0..<junctionCount ~= s.junction.index, place, "no such junction")
      try check(junctionSignal[s.junction].index == i, place, "its junction names another")
      try check(0...4096 ~= s.groupCount, place, "\(s.groupCount) groups")
      var cycle: Int64 = 0
      for p in s.phases {
        try check(p.milliseconds > 0, place, "a phase without duration")
        try check(p.states.count == Int(s.groupCount), place, "a phase without all groups")
        cycle += Int64(p.milliseconds)
      }
      try check(cycle > 0 && cycle <= 86_400_000, place, "the cycle is not within a day")
    }
    for j in 0..<junctionCount {
      let signal = junctionSignal[JunctionID(j)]
      if signal.isSome {
        try check(
          signals[signal].junction.index == j, "junctionSignal", "signal \(signal) is elsewhere")
      }
      let groups = signal.isSome ? Int(signals[signal].groupCount) : 0
      for c in connectors(of: JunctionID(j)) {
        let group = Int(connectorGroup[ConnectorID(c)])
        try check(
          group == -1 || 0..<groups ~= group, "connectorGroup", "group \(group) of connector \(c)")
      }
    }
  }
}
