import CityBase
import CityNetwork

/// How full each movement at the end of each link is, and each link at its critical lanes.
///
/// What a lane lets go depends on which of its drivers want which way, and on who goes first there:
///
/// - at a signal the saturation flow times the share of green; at a permissive green what the oncoming
///   queue leaves of it, by gap acceptance, and one who clears the junction at its end (Highway
///   Capacity Manual 2000, chapter 16, appendix C);
/// - where one yields, the potential capacity of `GapAcceptance` beside those who go first;
/// - onto a roundabout 1,380 exp(-0.00102 v) beside v vehicles in the ring (HCM, 6th edition,
///   equation 22-1).
///
/// Lanes of one link that lead into the same exit lane share what that one takes. A lane that serves
/// several movements gives each its time. Where one of them yields and others do
/// not, as where a lane goes straight on and across the oncoming traffic, a driver who yields keeps
/// those behind him from going, and seldom has one behind him who uses the same gap: he takes the
/// lane for as long as one waits who comes by chance (`BunchedStream`). A movement that several lanes serve
/// spreads over them so that the fullest is as empty as can be. The volume over capacity of a link is
/// that of its fullest lane, as the manual's critical lane group has it.
public struct MovementCapacity: Sendable {
  let network: RoadNetwork
  let graph: TurnGraph
  /// A movement out of a lane, over one connector or several.
  struct Service: Sendable {
    var turn: Int32
    /// Vehicles an hour while nobody stops it.
    var saturation: Double
    var rule: Rule
  }
  enum Rule: Sendable {
    case free
    /// Shares of full and of permissive green in the cycle, and its seconds.
    case signal(open: Double, half: Double, cycle: Double)
    case gap
    case roundabout
  }
  /// Another movement that goes first, and the share of it that is in the way.
  struct Priority: Sendable {
    var service: Int32
    var share: Double
    /// The share of the cycle in which it has green, 1 without a signal.
    var green: Double
  }
  /// By road lane: its services are [l] ..< [l + 1].
  let firstService: [Int32]
  let services: [Service]
  /// By service.
  let lanes: [Int32]
  let gaps: [GapAcceptance]
  /// By service: those who go first are [s] ..< [s + 1].
  let firstPriority: [Int32]
  let priorities: [Priority]
  /// By link: lanes that one lane of the link before feeds, where there are several and they begin
  /// within `longestBay`.
  let bays: [[[Int32]]]

  /// Metres; longer lanes hold any queue of a cycle.
  static let longestBay: Float = 150
  /// Metres of a queue for a vehicle: 4.6 m, 2 m to the next, and some in vain.
  static let queueSpacing = 7.0
  /// Seconds that who waits beyond a junction comes later to the line after it than one who stands in
  /// the queue before that line: some 2 until there is room for him, and 3 to 4 for the longer way (50
  /// instead of 15 m from a standstill at 1.5 m/s²: 8.2 and 4.5 s).
  static let comingUp = 5.0
  /// Vehicles an hour that a lane carries between junctions at the speeds of streets.
  static let laneFlow = 1800.0
  /// No movement, however bad, lets less through.
  static let least = 30.0
  /// One vehicle a cycle clears the junction at the end of a permissive green.
  static let sneakers = 1.0

  /// How full everything is.
  public struct Use: Sendable {
    /// By turn: volume over capacity of the emptiest lane that serves it, or on the link it leads
    /// into where that is fuller.
    public var ofTurn: [Double]
    /// Volume over capacity of the fullest lane, by link.
    public var ofLink: [Double]
    /// Seconds by turn; empty where nobody asked for them.
    var secondsOfTurn: [Double] = []
  }

  public init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.network = network
    self.graph = graph
    let greens = GroupGreens(network)
    var firstService: [Int32] = [0]
    var services: [Service] = []
    var lanes: [Int32] = []
    var gaps: [GapAcceptance] = []
    var serviceOf = [Int32](repeating: -1, count: network.connectorCount)
    var connectorsOf: [[ConnectorID]] = []
    for l in 0..<network.roadLaneCount {
      let link = network.laneLink[LaneID(l)]
      let base = services.count
      for c in network.connectors(from: LaneID(l)).map({ ConnectorID($0) }) {
        let target = network.laneLink[network.connectorTo[c]]
        guard network.isOpen(c, to: .car),
          let turn = graph.turns(from: link).first(where: { graph.turnTarget[$0] == target })
        else { continue }
        if let s = (base..<services.count).first(where: { services[$0].turn == Int32(turn) }) {
          serviceOf[c.index] = Int32(s)
          connectorsOf[s].append(c)
          continue
        }
        serviceOf[c.index] = Int32(services.count)
        connectorsOf.append([c])
        services.append(Self.service(c, turn: turn, network, greens))
        lanes.append(Int32(l))
        gaps.append(GapAcceptance(c, in: network))
      }
      firstService.append(Int32(services.count))
    }
    for s in services.indices {
      services[s].saturation *= min(
        1, connectorsOf[s].reduce(0) { $0 + Self.shareOfExit($1, network) })
    }
    self.firstService = firstService
    self.services = services
    self.lanes = lanes
    self.gaps = gaps
    var firstPriority: [Int32] = [0]
    var priorities: [Priority] = []
    for s in services.indices {
      priorities += Self.priorities(
        connectorsOf[s], network, greens, serviceOf: serviceOf, connectorsOf: connectorsOf)
      firstPriority.append(Int32(priorities.count))
    }
    self.firstPriority = firstPriority
    self.priorities = priorities
    bays = network.linkFrom.ids.map { Self.bays(of: $0, network) }
  }

  /// The part of its exit lane's flow that a connector has where several lanes of one link lead into
  /// the same one.
  private static func shareOfExit(_ c: ConnectorID, _ network: RoadNetwork) -> Double {
    let from = network.laneLink[network.connectorFrom[c]]
    let beside = network.lanes(of: from).reduce(0) { sum, lane in
      sum
        + network.connectors(from: LaneID(lane)).count {
          network.connectorTo[ConnectorID($0)] == network.connectorTo[c]
        }
    }
    return 1 / Double(max(1, beside))
  }

  /// Where a connector crosses or meets those of other links. Lanes of its own link that part waste
  /// nothing, and what is lost where they run together is `shareOfExit`.
  private static func meets(_ c: ConnectorID, _ network: RoadNetwork) -> [Conflict] {
    let link = network.laneLink[network.connectorFrom[c]]
    return network.conflicts(of: c).filter {
      $0.kind != ConflictKind.diverge
        && network.laneLink[network.connectorFrom[$0.other]] != link
    }
  }

  /// Whether the others of a conflict go first. In a ring that is drawn as one junction those who enter
  /// at one place have no order, and each waits for the other; elsewhere such ways only pass near one
  /// another, as opposite ones do.
  private static func letsGo(_ conflict: Conflict, at control: JunctionControl) -> Bool {
    conflict.yields > 0 || control == .roundabout && conflict.yields == 0
  }

  private static func service(
    _ c: ConnectorID, turn: Int, _ network: RoadNetwork, _ greens: GroupGreens
  ) -> Service {
    let junction = network.linkTo[network.laneLink[network.connectorFrom[c]]]
    let saturation = SignalRetiming.saturationFlow(
      speed: Double(network.laneSpeed[network.lane(of: c)]))
    let others = meets(c, network)
    let yields = others.contains { letsGo($0, at: network.junctionControl[junction]) }
    let rule: Rule
    if let (open, half) = greens.shares(of: c) {
      let signal = network.signals[network.junctionSignal[junction]]
      let cycle = Double(signal.cycleMilliseconds) / 1000
      let used = usedShare(of: open, c, saturation: saturation, cycle: cycle, network)
      rule = .signal(open: used, half: half, cycle: cycle)
    } else if network.junctionControl[junction] == .roundabout && yields {
      rule = .roundabout
    } else if yields {
      rule = .gap
    } else {
      rule = .free
    }
    return Service(turn: Int32(turn), saturation: saturation, rule: rule)
  }

  /// The part of a share of green that a lane can use which is too short for all who would go in it:
  /// those who stand on it go, and those beyond the junction before it come `comingUp` seconds later.
  /// Signals there let them come in their own green, which is none of their waiting, and where a road
  /// only changes its lanes the queue stands beyond as well.
  private static func usedShare(
    of open: Double, _ c: ConnectorID, saturation: Double, cycle: Double, _ network: RoadNetwork
  ) -> Double {
    let link = network.laneLink[network.connectorFrom[c]]
    let before = network.linkFrom[link]
    let standing = max(1, (Double(network.linkLength[link]) / queueSpacing).rounded(.down))
    let going = saturation / 3600 * open * cycle
    guard going > standing, ![.signals, .passage].contains(network.junctionControl[before]) else {
      return open
    }
    return open * max(standing, going - saturation / 3600 * comingUp) / going
  }

  /// None where the link has no single one before it.
  private static func bays(of link: LinkID, _ network: RoadNetwork) -> [[Int32]] {
    let lanes = network.lanes(of: link)
    guard lanes.count > 1, network.linkLength[link] < longestBay else { return [] }
    var feeding = LinkID.none
    var fed: [LaneID: [Int32]] = [:]
    for c in network.connectors(of: network.linkFrom[link]).map({ ConnectorID($0) }) {
      let to = network.connectorTo[c]
      guard network.laneLink[to] == link, network.connectorTurn[c] != .uTurn,
        network.isOpen(c, to: .car)
      else { continue }
      let from = network.connectorFrom[c]
      guard !feeding.isSome || feeding == network.laneLink[from] else { return [] }
      feeding = network.laneLink[from]
      fed[from, default: []].append(to.rawValue)
    }
    return fed.keys.sorted().compactMap { fed[$0] }.filter { $0.count > 1 }
  }

  /// Those whom a movement lets go first.
  private static func priorities(
    _ connectors: [ConnectorID], _ network: RoadNetwork, _ greens: GroupGreens,
    serviceOf: [Int32], connectorsOf: [[ConnectorID]]
  ) -> [Priority] {
    var seen: [ConnectorID] = []
    var found: [Priority] = []
    for c in connectors {
      let junction = network.linkTo[network.laneLink[network.connectorFrom[c]]]
      for conflict in meets(c, network)
      where serviceOf[conflict.other.index] >= 0
        && letsGo(conflict, at: network.junctionControl[junction])
      {
        let other = conflict.other
        guard !seen.contains(other), greens.meet(c, other) else { continue }
        seen.append(other)
        let s = serviceOf[other.index]
        // Each of several ways takes its part; each connector of this movement meets its own.
        let share = 1 / Double(connectorsOf[Int(s)].count)
        let green = greens.shares(of: other).map { $0.open + $0.half } ?? 1
        found.append(Priority(service: s, share: share, green: green))
      }
    }
    return found
  }
}

extension GroupGreens {
  /// Whether a movement that may go has to watch another: without signals always, else where the
  /// other one has full green in a phase in which this one is open.
  func meet(_ c: ConnectorID, _ other: ConnectorID) -> Bool {
    let link = network.laneLink[network.connectorFrom[c]]
    let (a, b) = (Int(network.connectorGroup[c]), Int(network.connectorGroup[other]))
    let signal = network.junctionSignal[network.linkTo[link]]
    guard a >= 0, b >= 0, signal.isSome, signal.index < network.signals.count else { return true }
    return network.signals[signal].phases.contains { phase in
      a < phase.states.count && b < phase.states.count && phase.states[b] == .green
        && (phase.states[a] == .permissive || phase.states[a] == .green)
    }
  }
}
