import CityBase
import CityDemand
import CityNetwork

/// The movements of a network: all that goes over a junction from one link to another, by whichever
/// connectors. Sorted by the link they come from, then by the link they go to.
struct MovementTable {
  struct Movement {
    var from: LinkID
    var to: LinkID
    /// Where its ways begin and end in `ways`.
    var ways: Range<Int>
    /// The movements of one group share lanes.
    var group: Int32
  }

  /// A connector, and the lanes that it leads from and to.
  struct Way {
    var connector: Int32
    var fromLane: Int32
    var toLane: Int32
  }

  private(set) var movements: [Movement] = []
  /// Of one movement after the other, by ascending connector.
  private(set) var ways: [Way] = []
  /// One more than there are links: the movements from l are [l] ..< [l + 1].
  private(set) var linkFirstMovement: [Int32] = [0]
  /// By group of movements: vehicles an hour that their lanes let go, 0 where that is not known.
  private(set) var groupCapacity: [Float] = []

  init(_ network: RoadNetwork) {
    let capacity = LaneGroupCapacity(network)
    for link in network.linkFrom.ids {
      addMovements(from: link, network, capacity)
      linkFirstMovement.append(Int32(movements.count))
    }
  }

  private mutating func addMovements(
    from link: LinkID, _ network: RoadNetwork, _ capacity: LaneGroupCapacity
  ) {
    let lanes = network.lanes(of: link)
    var found: [(to: LinkID, connector: Int32)] = []
    for lane in lanes {
      for c in network.connectors(from: LaneID(lane)) {
        found.append((network.laneLink[network.connectorTo[ConnectorID(c)]], Int32(c)))
      }
    }
    found.sort { ($0.to.rawValue, $0.connector) < ($1.to.rawValue, $1.connector) }
    let first = movements.count
    for (to, connector) in found {
      if movements.count == first || movements[movements.count - 1].to != to {
        let first = ways.count
        movements.append(Movement(from: link, to: to, ways: first..<first, group: 0))
      }
      let c = ConnectorID(Int(connector))
      ways.append(
        Way(
          connector: connector, fromLane: network.connectorFrom[c].rawValue,
          toLane: network.connectorTo[c].rawValue))
      movements[movements.count - 1].ways =
        movements[movements.count - 1].ways.lowerBound..<ways.count
    }
    joinGroups(first, lanes, capacity)
  }

  /// Lanes are joined into one group while any movement may use both.
  private mutating func joinGroups(_ first: Int, _ lanes: Range<Int>, _ capacity: LaneGroupCapacity)
  {
    var groupOfLane = Array(lanes)
    for m in first..<movements.count {
      let names = Set(
        ways[movements[m].ways].map { groupOfLane[Int($0.fromLane) - lanes.lowerBound] })
      let name = names.min() ?? 0
      for i in groupOfLane.indices where names.contains(groupOfLane[i]) { groupOfLane[i] = name }
    }
    var numberOfName: [(name: Int, number: Int32)] = []
    for m in first..<movements.count {
      let name = groupOfLane[
        Int(ways[movements[m].ways.lowerBound].fromLane) - lanes.lowerBound]
      if let known = numberOfName.first(where: { $0.name == name }) {
        movements[m].group = known.number
      } else {
        movements[m].group = Int32(groupCapacity.count)
        numberOfName.append((name, movements[m].group))
        let members = lanes.filter { groupOfLane[$0 - lanes.lowerBound] == name }
        groupCapacity.append(capacity.vehiclesPerHour(members))
      }
    }
  }
}

/// What the lanes of a signalised approach let go: saturation flow times the green share of the
/// built plan (HCM 2010, equation 18-15).
///
/// Known only where every way out of each lane has a protected green of the same length: what a
/// permissive turn or a minor road lets go depends on the traffic it yields to.
struct LaneGroupCapacity {
  private let network: RoadNetwork
  private let greens: GroupGreens
  private let rates = DischargeRates()

  init(_ network: RoadNetwork) {
    self.network = network
    greens = GroupGreens(network)
  }

  /// Of lanes of one link together; 0 where it is not known.
  func vehiclesPerHour(_ lanes: [Int]) -> Float {
    var sum = 0.0
    for lane in lanes {
      guard let one = vehiclesPerHour(of: LaneID(lane)) else { return 0 }
      sum += one
    }
    return Float(sum)
  }

  private func vehiclesPerHour(of lane: LaneID) -> Double? {
    let connectors = network.connectors(from: lane)
    var share: Double?
    var flow = 0.0
    for c in connectors {
      guard let green = greens.shares(of: ConnectorID(c)), green.half == 0,
        share == nil || share == green.open
      else { return nil }
      share = green.open
      flow += rates.saturation(of: ConnectorID(c), network)
    }
    return share.map { $0 * flow / Double(connectors.count) }
  }
}
