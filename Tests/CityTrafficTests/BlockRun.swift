import CityBase
import CityDemand
import CityNetwork
import CitySimulation

@testable import CityTraffic

/// Four one-way streets round a block, each going on straight beyond it, and cars that fill the
/// block's sides and all want to turn left at the end of theirs.
///
/// No side is let on until all are full, so what comes is known: then the first car of each waits
/// for room on the next side, the fourth for the first. A side is some 87 m from line to line:
/// thirteen cars of 4.6 m with gaps of 2 m, and less than a car's length to spare.
struct BlockRun {
  static let side = 98.0
  static let arm = 80.0
  /// Nobody may enter a side before this second; the sides fill up from within.
  static let opening = 150.0

  let run: StreetRun
  /// The sides of the block, each followed by the one to its left.
  let sides: [LinkID]
  /// From the end of the first street round the outside to the start of the third: a way out for
  /// the first car of the first side.
  let detour: LinkID
  /// The way into the second side, straight on.
  let approach: LinkID

  /// The detour is closed until a second of the run, nil: always. `late` is when five more cars
  /// arrive who want onto the second side.
  init(
    isSignalised: Bool = false, detourOpens: Double? = nil, late: Double? = nil, threads: Int = 1
  ) {
    let (side, arm) = (Self.side, Self.arm)
    let network = Self.network(isSignalised: isSignalised)
    func find(_ from: (Double, Double), _ to: (Double, Double)) -> LinkID {
      RoadShapes.link(
        network, near: Point2((from.0 + to.0) / 2, (from.1 + to.1) / 2),
        towards: Point2(to.0 - from.0, to.1 - from.1) * (1 / max(1, side)))
    }
    let corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]
    let sides = (0..<4).map { find(corners[$0], corners[($0 + 1) % 4]) }
    let exits = [
      find((side, 0), (side + arm, 0)), find((side, side), (side, side + arm)),
      find((0, side), (-arm, side)), find((0, 0), (0, -arm)),
    ]
    let detour = find((side + arm, 0), (side + arm, side))
    let approach = find((side, -arm), (side, 0))
    var journeys: [StreetRun.Journey] = []
    for i in 0..<4 {
      for n in 0..<20 {
        journeys.append(
          StreetRun.Journey(
            second: 1 + Double(n) * 3 + Double(i) * 0.5,
            from: AccessPoint(link: sides[i], offset: 5),
            to: AccessPoint(link: exits[(i + 2) % 4], offset: 40)))
      }
    }
    if let late {
      for n in 0..<5 {
        journeys.append(
          StreetRun.Journey(
            second: late + Double(n) * 4, from: AccessPoint(link: approach, offset: 10),
            to: AccessPoint(link: exits[1], offset: 40)))
      }
    }
    let opening = Tick(Self.opening * 2)
    let closedUntil = detourOpens.map { Tick($0 * 2) } ?? Tick.max
    run = StreetRun(
      network, journeys, threads: threads,
      policies: sides.map { Closure(link: $0, ticks: 0..<opening) }
        + [Closure(link: detour, ticks: 0..<closedUntil)])
    self.sides = sides
    self.detour = detour
    self.approach = approach
  }

  private static func network(isSignalised: Bool) -> RoadNetwork {
    var source = RoadSource()
    let far = side + arm
    let places = [
      (0.0, 0.0), (side, 0), (side, side), (0, side),
      (-arm, 0), (far, 0), (side, -arm), (side, far), (far, side), (-arm, side), (0, far),
      (0, -arm),
    ]
    for (i, place) in places.enumerated() {
      source.nodes.append(
        RoadSource.Node(
          position: Point2(place.0, place.1), control: isSignalised && i < 4 ? .signals : .none,
          externalID: Int64(100 + i)))
    }
    for (name, nodes) in [
      ("East Street", [4, 0, 1, 5]), ("North Street", [6, 1, 2, 7]), ("West Street", [8, 2, 3, 9]),
      ("South Street", [10, 3, 0, 11]), ("Detour", [5, 8]),
    ] as [(String, [Int32])] {
      source.ways.append(
        RoadSource.Way(
          externalID: name.lowercased().prefix(1) + "w", name: name, nodes: nodes,
          roadClass: .secondary, forwardLanes: 1, backwardLanes: 0, speedLimit: 50 / 3.6))
    }
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  /// The lane of a side.
  func lane(_ side: Int) -> LaneID {
    LaneID(run.traffic.network.lanes(of: sides[side]).lowerBound)
  }

  /// All vehicles on the sides.
  var vehiclesOnSides: Int {
    (0..<4).reduce(0) { $0 + Int(run.traffic.world.lanes.count[lane($1).index]) }
  }
}
