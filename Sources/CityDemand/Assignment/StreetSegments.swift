import CityBase
import CityNetwork

/// The segments of which planners say how full they are: links of one road up to the next place where
/// those who stay on it may have to stop.
///
/// A network cuts a road wherever another one meets it, if only a driveway. Those who go on there stop
/// for nobody, and a link that ends there says nothing of how full the road is. So the volume over
/// capacity of a segment is that of the movement that stays on the road at the segment's end: at a
/// signal, a stop or give-way line, a roundabout, or between equal roads (Highway Capacity Manual 2010,
/// chapter 17, exhibit 17-2).
public struct StreetSegments: Sendable {
  /// By link: the last one of its segment, and the turn there that stays on the road, or -1 where none
  /// does.
  private let ends: [(link: Int32, turn: Int32)]

  /// Metres from a link's end to that of its segment at most. Where points of control are more than two
  /// miles apart, the manual counts a road as one of uninterrupted flow (chapter 2).
  public static let longest = 3_219.0

  public init(_ movements: MovementCapacity) {
    let ahead = (0..<movements.graph.linkCount).map { Self.straightOn(LinkID($0), movements) }
    let goesOn = ahead.indices.map { ahead[$0] >= 0 && Self.isFree(Int(ahead[$0]), movements) }
    ends = ahead.indices.map { link in
      var at = link
      var meters = 0.0
      while goesOn[at] {
        at = movements.graph.turnTarget[Int(ahead[at])].index
        meters += max(1, Double(movements.network.linkLength[LinkID(at)]))
        guard meters <= Self.longest, at != link else { return (Int32(link), -1) }
      }
      return (Int32(at), ahead[at])
    }
  }

  /// Volume over capacity by link: that of its own fullest lane or, where it is higher, that at the
  /// end of its segment.
  public func use(_ use: MovementCapacity.Use) -> [Double] {
    use.ofLink.indices.map { l in
      let end = ends[l]
      let own = use.ofLink[l]
      guard end.link != l else { return own }
      return max(own, end.turn >= 0 ? use.ofTurn[Int(end.turn)] : use.ofLink[Int(end.link)])
    }
  }

  /// The turn at the end of a link that goes straight on, of several the one with most lanes; where the
  /// road leads on in one way only, that one. -1 where there is none.
  private static func straightOn(_ link: LinkID, _ movements: MovementCapacity) -> Int32 {
    let network = movements.network
    var straight: (turn: Int32, lanes: Int) = (-1, 0)
    var others: [Int32] = []
    for turn in movements.graph.turns(from: link) {
      let target = movements.graph.turnTarget[turn]
      var lanes = 0
      var isBack = true
      for lane in network.lanes(of: link) {
        for c in network.connectors(from: LaneID(lane)).map({ ConnectorID($0) })
        where network.laneLink[network.connectorTo[c]] == target {
          isBack = isBack && network.connectorTurn[c] == .uTurn
          if network.connectorTurn[c] == .through { lanes += 1 }
        }
      }
      if lanes > straight.lanes { straight = (Int32(turn), lanes) }
      if !isBack { others.append(Int32(turn)) }
    }
    return straight.turn >= 0 ? straight.turn : others.count == 1 ? others[0] : -1
  }

  /// Whether nobody who takes a turn ever stops there for others.
  private static func isFree(_ turn: Int, _ movements: MovementCapacity) -> Bool {
    let network = movements.network
    let link = movements.graph.link(ofTurn: turn)
    guard network.junctionControl[network.linkTo[link]] != .roundabout else { return false }
    return network.lanes(of: link).allSatisfy { lane in
      movements.range(movements.firstService, lane).allSatisfy { s in
        guard movements.services[s].turn == Int32(turn) else { return true }
        if case .free = movements.services[s].rule { return true }
        return false
      }
    }
  }
}
