import CityBase
import CitySpatial

extension NetworkBuilder {
  /// Builds the network of a source that knows every lane and connector. Nothing is cleaned, joined
  /// or guessed: links, lanes and connectors of the result are those of the source, each once, in
  /// the order that `RoadNetwork` promises. Only the areas where connectors meet are worked out.
  ///
  /// Links and connectors that point to what is not there, or whose figures no network allows, are
  /// left out with a diagnostic. Refused is only what `RoadNetwork.validate()` refuses.
  public static func build(_ source: LaneSource, diagnostics: inout Diagnostics) throws(CityError)
    -> RoadNetwork
  {
    var builder = LaneNetworkBuilder(source, &diagnostics)
    let network = builder.build()
    try network.validate()
    return network
  }
}

/// Puts the columns of a network together from a lane source.
struct LaneNetworkBuilder {
  let source: LaneSource
  private var network = RoadNetwork()
  /// By junction of the source, and the other way round.
  private var idOfJunction: [Int32] = []
  private var junctionOrder: [Int] = []
  /// By link of the source; -1 where it is left out.
  private(set) var idOfLink: [Int32] = []
  /// The first plan for each junction of the source.
  private var signalOfJunction: [Int: SignalController] = [:]
  /// By road lane of the network.
  private var laneAccess: [Access] = []
  /// Connectors of the source in use, by junction of the network.
  private var connectors: [[Int]] = []

  init(_ source: LaneSource, _ diagnostics: inout Diagnostics) {
    self.source = source
    network.drivesOnRight = source.drivesOnRight
    network.allowsTurnOnRed = source.allowsTurnOnRed
    idOfLink = Array(repeating: -1, count: source.links.count)
    for signal in source.signals where !signal.phases.isEmpty {
      let j = signal.junction.index
      if signalOfJunction[j] == nil { signalOfJunction[j] = signal }
    }
    orderJunctions()
    orderLinks(&diagnostics)
    sortConnectors(&diagnostics)
  }

  mutating func build() -> RoadNetwork {
    setReverses()
    setLaneAccess()
    network.indexDepartures()
    let yields = yieldsByJunction()
    for (j, members) in connectors.enumerated() {
      addSignal(of: j)
      network.junctionControl.append(control(of: j, members))
      add(members, yields: yields[j])
      network.junctionFirstConnector.append(Int32(network.connectorCount))
    }
    while network.laneFirstConnector.count <= network.roadLaneCount {
      network.laneFirstConnector.append(Int32(network.connectorCount))
    }
    return network
  }

  // MARK: - Junctions and links

  /// Junctions follow a Hilbert curve; at one place of the curve, their external ids.
  private mutating func orderJunctions() {
    let all = source.junctions
    let bounds = Box2(all.lazy.map(\.position))
    junctionOrder = all.indices
      .map { (HilbertCurve.position(of: all[$0].position, in: bounds), all[$0].externalID, $0) }
      .sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.2)
    idOfJunction = Array(repeating: -1, count: all.count)
    for (id, j) in junctionOrder.enumerated() {
      idOfJunction[j] = Int32(id)
      network.junctionPosition.append(all[j].position.roundedToMillimetre)
      network.junctionExternalID.append(all[j].externalID)
      network.junctionSignal.append(.none)
    }
  }

  private mutating func orderLinks(_ diagnostics: inout Diagnostics) {
    var approaches = [[Int]](repeating: [], count: junctionOrder.count)
    for (l, link) in source.links.enumerated() {
      guard source.junctions.indices.contains(link.from),
        source.junctions.indices.contains(link.to),
        link.points.count > 1, link.points.allSatisfy({ abs($0.x) < 1e9 && abs($0.y) < 1e9 }),
        !link.laneSpeeds.isEmpty, link.laneSpeeds.allSatisfy({ $0 >= 0.1 && $0 <= 150 }),
        link.length >= 0.1, link.length <= 1e6, link.laneWidth >= 0.5, link.laneWidth <= 20
      else {
        diagnostics.warn(
          "link-unusable", place: "link \(link.externalID)",
          "a length, width, limit or place that no link can have; it is left out")
        continue
      }
      approaches[Int(idOfJunction[link.to])].append(l)
    }
    for links in approaches {
      let sorted = links.sorted {
        (source.links[$0].externalID, $0) < (source.links[$1].externalID, $1)
      }
      for l in sorted { add(link: l) }
      network.junctionFirstApproach.append(Int32(network.linkCount))
    }
  }

  private mutating func add(link index: Int) {
    let link = source.links[index]
    idOfLink[index] = Int32(network.linkCount)
    network.linkFrom.append(JunctionID(rawValue: idOfJunction[link.from]))
    network.linkTo.append(JunctionID(rawValue: idOfJunction[link.to]))
    let length = Float(link.length)
    network.linkLength.append(length)
    network.linkSpeedLimit.append(Float(link.laneSpeeds.max() ?? 0.1))
    network.linkClass.append(link.roadClass)
    network.linkAccess.append(link.access)
    network.linkName.append(link.name)
    network.linkExternalID.append(link.externalID)
    network.linkReverse.append(.none)
    network.linkIsBridge.append(link.isBridge)
    network.linkIsTunnel.append(link.isTunnel)
    let id = network.linkIsRoundabout.append(link.isRoundabout)
    network.linkPoints += link.points.map(\.roundedToMillimetre)
    network.linkFirstPoint.append(Int32(network.linkPoints.count))
    for (k, speed) in link.laneSpeeds.enumerated() {
      laneAccess.append(k < link.laneAccess.count ? link.laneAccess[k] : link.access)
      network.laneLink.append(id)
      network.laneWidth.append(Float(link.laneWidth))
      network.laneLength.append(length)
      network.laneSpeed.append(Float(speed))
    }
    network.linkFirstLane.append(Int32(network.laneLink.count))
  }

  /// Says who may use each lane, if that is not the same on all lanes of some link.
  private mutating func setLaneAccess() {
    let isReserved = network.laneLink.ids.contains {
      laneAccess[$0.index] != network.linkAccess[network.laneLink[$0]]
    }
    let isClosed = network.linkAccess.values.contains { !$0.contains(.car) }
    if isReserved || isClosed { network.laneAccess = Column(laneAccess) }
  }

  /// The other direction of a street: the one link that leads back between the same junctions
  /// beside it.
  private mutating func setReverses() {
    var linksBetween: [LanePair: [Int]] = [:]
    for (l, link) in source.links.enumerated() where idOfLink[l] >= 0 {
      linksBetween[LanePair(link.from, link.to), default: []].append(l)
    }
    for (l, link) in source.links.enumerated() where idOfLink[l] >= 0 && link.from != link.to {
      let back = (linksBetween[LanePair(link.to, link.from)] ?? []).filter { areBeside(l, $0) }
      if back.count == 1 {
        network.linkReverse[LinkID(rawValue: idOfLink[l])] = LinkID(rawValue: idOfLink[back[0]])
      }
    }
    // Only pairs that agree.
    for l in 0..<network.linkCount {
      let back = network.linkReverse[LinkID(l)]
      if back.isSome && network.linkReverse[back].index != l {
        network.linkReverse[LinkID(l)] = .none
      }
    }
  }

  private func areBeside(_ a: Int, _ b: Int) -> Bool {
    func width(_ l: Int) -> Double {
      source.links[l].laneWidth * Double(source.links[l].laneSpeeds.count)
    }
    let points = source.links[a].points
    let middle = Polyline.locate(points, at: Polyline.length(points) / 2).point
    let away = Polyline.project(middle, onto: source.links[b].points).distance
    return away < (width(a) + width(b)) / 2 + 1.5
  }

  // MARK: - Connectors

  private func lane(_ link: Int, _ lane: Int) -> Int? {
    guard source.links.indices.contains(link), idOfLink[link] >= 0 else { return nil }
    let lanes = network.lanes(of: LinkID(rawValue: idOfLink[link]))
    return lane >= 0 && lane < lanes.count ? lanes.lowerBound + lane : nil
  }

  private mutating func sortConnectors(_ diagnostics: inout Diagnostics) {
    connectors = Array(repeating: [], count: network.junctionCount)
    var keyed: [(from: Int, to: Int, index: Int)] = []
    for (i, c) in source.connectors.enumerated() {
      guard let from = lane(c.fromLink, c.fromLane), let to = lane(c.toLink, c.toLane),
        source.links[c.fromLink].to == source.links[c.toLink].from, c.points.count > 1,
        c.points.allSatisfy({ abs($0.x) < 1e9 && abs($0.y) < 1e9 }), c.length >= 0,
        c.length <= 1e6, c.speed >= 0.1, c.speed <= 150
      else {
        diagnostics.warn(
          "connector-unusable", place: "connector \(i)",
          "it does not lead over a junction, or has impossible figures; it is left out")
        continue
      }
      keyed.append((from, to, i))
    }
    keyed.sort { ($0.from, $0.to, $0.index) < ($1.from, $1.to, $1.index) }
    for (k, c) in keyed.enumerated() {
      if k > 0 && keyed[k - 1].from == c.from && keyed[k - 1].to == c.to {
        diagnostics.warn(
          "connector-twice", place: "connector \(c.index)",
          "another one joins the same two lanes; it is left out")
        continue
      }
      let link = source.connectors[c.index].fromLink
      connectors[Int(idOfJunction[source.links[link].to])].append(c.index)
    }
  }

  private mutating func add(_ members: [Int], yields: [LanePair: Int8]) {
    let base = network.connectorCount
    let signal = network.junctionSignal[JunctionID(network.junctionFirstConnector.count - 1)]
    let groups = signal.isSome ? Int(network.signals[signal].groupCount) : 0
    for i in members {
      let c = source.connectors[i]
      guard let from = lane(c.fromLink, c.fromLane), let to = lane(c.toLink, c.toLane) else {
        continue
      }
      // Road lanes without connectors before this one start where the last range ended.
      while network.laneFirstConnector.count <= from {
        network.laneFirstConnector.append(Int32(network.connectorCount))
      }
      network.connectorFrom.append(LaneID(from))
      network.connectorTo.append(LaneID(to))
      network.connectorTurn.append(c.turn)
      network.connectorGroup.append(0..<groups ~= c.group ? Int16(clamping: c.group) : -1)
      network.connectorRank.append(UInt8((c.isMinor ? 4 : 0) + RightOfWay.order(c.turn)))
      network.connectorPoints += c.points.map(\.roundedToMillimetre)
      network.connectorFirstPoint.append(Int32(network.connectorPoints.count))
      network.laneLength.append(Float(LaneConflicts.length(c)))
      network.laneSpeed.append(Float(c.speed))
    }
    let found = LaneConflicts(source, members: members, yields: yields).found
    network.addConflicts(found, base: base, connectors: members.count)
  }

  /// The meetings of each junction, by positions among its connectors, the greater one first.
  private func yieldsByJunction() -> [[LanePair: Int8]] {
    var place = [(junction: Int, position: Int)](
      repeating: (-1, -1), count: source.connectors.count)
    for (j, members) in connectors.enumerated() {
      for (k, i) in members.enumerated() { place[i] = (j, k) }
    }
    var out = [[LanePair: Int8]](repeating: [:], count: connectors.count)
    for m in source.meetings where place.indices.contains(m.a) && place.indices.contains(m.b) {
      let (a, b) = (place[m.a], place[m.b])
      guard a.junction >= 0, a.junction == b.junction, a.position != b.position else { continue }
      let yields = max(-1, min(1, m.yields))
      if a.position > b.position {
        out[a.junction][LanePair(a.position, b.position)] = yields
      } else {
        out[a.junction][LanePair(b.position, a.position)] = -yields
      }
    }
    return out
  }

  // MARK: - Signals

  private func control(of junction: Int, _ members: [Int]) -> JunctionControl {
    if network.junctionSignal[JunctionID(junction)].isSome { return .signals }
    return source.junctions[junctionOrder[junction]].control
  }

  private mutating func addSignal(of junction: Int) {
    let own = junctionOrder[junction]
    guard var signal = signalOfJunction[own] else { return }
    signal.junction = JunctionID(junction)
    network.junctionSignal[JunctionID(junction)] = network.signals.append(signal)
  }
}

extension RoadNetwork {
  /// Adds the conflicts of the junction whose connectors come next, seen from either side.
  mutating func addConflicts(_ found: [DraftConflict], base: Int, connectors: Int) {
    var lists = [[Conflict]](repeating: [], count: connectors)
    for c in found {
      let one = Conflict(
        other: ConnectorID(base + c.b), entry: Float(c.entryA), exit: Float(c.exitA),
        otherEntry: Float(c.entryB), otherExit: Float(c.exitB), yields: Int8(c.yields),
        kind: c.kind)
      lists[c.a].append(one)
      lists[c.b].append(
        Conflict(
          other: ConnectorID(base + c.a), entry: one.otherEntry, exit: one.otherExit,
          otherEntry: one.entry, otherExit: one.exit, yields: -one.yields, kind: c.kind))
    }
    for list in lists {
      conflicts += list.sorted { ($0.entry, $0.other) < ($1.entry, $1.other) }
      connectorFirstConflict.append(Int32(conflicts.count))
    }
  }
}
