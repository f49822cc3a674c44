import CityBase
import CityNetwork
import CitySimulation

extension TrafficDomain {
  /// All reports with the words they go by: `gridlock-1`, `standstill-1`.
  var namedGridlocks: [(name: String, report: GridlockReport)] {
    var numbers: [GridlockReport.Kind: Int] = [:]
    return gridlock.reports.map { report in
      let number = (numbers[report.kind] ?? 0) + 1
      numbers[report.kind] = number
      return ("\(report.kind.word)-\(number)", report)
    }
  }
}

extension RoadNetwork {
  /// The link of a road lane; of a connector the one that it starts from.
  func waitingLink(_ lane: LaneID) -> LinkID {
    let connector = connector(of: lane)
    return laneLink[connector.isSome ? connectorFrom[connector] : lane]
  }

  /// The junction before a lane, or that a connector crosses.
  func waitingJunction(_ lane: LaneID) -> JunctionID { linkTo[waitingLink(lane)] }

  /// The names of the streets that meet at some junctions, each once, as they come.
  func streetNames(at junctions: [JunctionID]) -> [String] {
    var found: [String] = []
    for junction in junctions {
      let links = approaches(of: junction).map { LinkID($0) } + departures(of: junction)
      for link in links {
        let name = linkName[link]
        if !name.isEmpty && !found.contains(name) { found.append(name) }
      }
    }
    return found
  }
}

/// `gridlocks.geojson`: every gridlock and standstill as the lanes and connectors that wait for each
/// other, in order, and a point at each junction they wait at.
public struct GridlockSummary: SummaryLayer {
  let domain: TrafficDomain
  public let summaryName = "gridlocks"

  public func addSummary(to sink: inout some FeatureSink, at moment: Moment) {
    let network = domain.network
    func when(_ tick: Tick?) -> PropertyValue {
      tick.map { .text(moment.clock.instant(of: $0).iso8601) } ?? .null
    }
    for (name, report) in domain.namedGridlocks {
      let junctions = unique(report.members.map { network.waitingJunction($0.lane) })
      let links = unique(report.members.map { network.waitingLink($0.lane) })
      let streets = network.streetNames(at: junctions).joined(separator: " / ")
      let end = report.dissolved ?? moment.tick
      sink.add(
        kind: report.kind.word, id: name,
        shape: .lines(report.members.map { network.lanePoints($0.lane) }),
        properties: [
          Property("onset", when(report.onset)),
          Property("found", when(report.found)),
          Property("dissolved", when(report.dissolved)),
          Property(
            "duration_s", .number(Double(end - report.onset) * domain.stepSeconds, decimals: 1)),
          Property("reason", .text(report.members[0].reason.word)),
          Property("queues", .integer(Int64(report.members.count))),
          Property("vehicles_now", .integer(Int64(report.vehicles))),
          Property("vehicles_most", .integer(Int64(report.mostVehicles))),
          Property(
            "links", .text(links.map { network.linkExternalID[$0] }.joined(separator: " > "))),
          Property(
            "junctions",
            .text(junctions.map { network.junctionExternalID[$0] }.joined(separator: " > "))),
          Property("streets", .text(streets)),
        ])
      for junction in junctions {
        let id = network.junctionExternalID[junction]
        sink.add(
          kind: "\(report.kind.word)_place", id: "\(name)@\(id)",
          shape: .point(network.junctionPosition[junction]),
          properties: [
            Property("of", .text(name)), Property("junction", .text(id)),
            Property("onset", when(report.onset)),
            Property(
              "streets", .text(network.streetNames(at: [junction]).joined(separator: " / "))),
          ])
      }
    }
  }

  private func unique<T: Equatable>(_ values: [T]) -> [T] {
    var found: [T] = []
    for value in values where !found.contains(value) { found.append(value) }
    return found
  }
}

/// `gridlocks.csv`: who waits for whom, a row for the first vehicle of each queue; each waits for
/// the one in the next row, and the last of a gridlock for the first.
public struct GridlockRows: TableSource {
  let domain: TrafficDomain
  let clock: Clock
  public let tableName = "gridlocks"
  public let tableColumns = [
    "gridlock", "place", "vehicle", "since", "reason", "link", "lane", "to_link", "junction",
    "street",
  ]
  private let rows: [(name: String, place: Int, member: GridlockReport.Member)]
  public var rowCount: Int { rows.count }

  init(domain: TrafficDomain, clock: Clock) {
    self.domain = domain
    self.clock = clock
    rows = domain.namedGridlocks.flatMap { name, report in
      report.members.enumerated().map { (name, $0.offset + 1, $0.element) }
    }
  }

  public func row(_ i: Int) -> [PropertyValue] {
    let (name, place, member) = rows[i]
    let network = domain.network
    let connector = network.connector(of: member.lane)
    let lane = connector.isSome ? network.connectorFrom[connector] : member.lane
    let link = network.laneLink[lane]
    let number = lane.index - network.lanes(of: link).lowerBound
    return [
      .text(name), .integer(Int64(place)),
      .text(domain.journey(of: member.vehicle.index).name),
      .text(clock.instant(of: member.since).iso8601),
      .text(member.reason.word),
      .text(network.linkExternalID[link]),
      .integer(Int64(number)),
      connector.isSome
        ? .text(network.linkExternalID[network.laneLink[network.connectorTo[connector]]]) : .null,
      .text(network.junctionExternalID[network.linkTo[link]]),
      .text(network.linkName[link]),
    ]
  }
}
