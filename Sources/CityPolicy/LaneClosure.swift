import CityBase
import CityNetwork
import CitySimulation
import CityText

/// Closes or narrows some lanes of links along a stretch, as a work site does.
///
/// In a scenario: `{"type": "lane_closure", "links": [{"road": "Quay Road"}], "lanes": [0], "from_m":
/// 50, "to_m": 120, "from": "07:20", "until": "07:50"}`. `links` are named as for a link closure.
/// `lanes` are their numbers from the kerb (0 is at the kerb), or how many from the kerb on, or "all
/// but one", which leaves the one furthest from the kerb. `residual_width_m` is what is left of each
/// to drive past, 0 unless given.
///
/// Where on each link: see `WorkSite`. A link of which no lane would be left is refused.
public struct LaneClosure: PolicySettings {
  public static let typeName = "lane_closure"
  /// More lanes than a link has.
  static let mostLanes = 32

  enum Lanes: Sendable, Equatable {
    case numbers([Int])
    case count(Int)
    case allButOne
  }

  let selection: LinkSelection
  let lanes: Lanes
  let site: WorkSite
  /// Metres.
  let residualWidth: Double
  let window: PolicyWindow
  private let file: String
  private let lanesPath: String
  private let widthPath: String

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    lanesPath = reader.path(of: "lanes")
    widthPath = reader.path(of: "residual_width_m")
    selection = try LinkSelection(from: &reader)
    lanes = try Self.lanes(try reader.value("lanes"), file: reader.file, path: lanesPath)
    site = try WorkSite(from: &reader)
    residualWidth = try reader.optionalNumber("residual_width_m", in: 0...10) ?? 0
    window = try PolicyWindow(from: &reader)
  }

  private static func lanes(_ value: JSONValue, file: String, path: String) throws(CityError)
    -> Lanes
  {
    if value.string == "all but one" { return .allButOne }
    if let count = value.integer, 1...mostLanes ~= count { return .count(count) }
    var numbers: [Int] = []
    for (i, element) in (value.array ?? []).enumerated() {
      guard let number = element.integer, 0..<mostLanes ~= number else {
        throw .refused(
          "expected the number of a lane, from 0 at the kerb to \(mostLanes - 1)", file: file,
          place: "\(path)[\(i)]")
      }
      if !numbers.contains(number) { numbers.append(number) }
    }
    guard !numbers.isEmpty else {
      throw .refused(
        "expected numbers of lanes such as [0], a count of lanes from the kerb, 1 to "
          + "\(mostLanes), or \"all but one\"", file: file, place: path)
    }
    return .numbers(numbers.sorted())
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    let network = site.network
    var blockages: [LaneBlockage] = []
    for link in try selection.links(on: site) {
      for number in try closedLanes(of: link, in: network) {
        let lane = LaneID(network.lanes(of: link).lowerBound + number)
        guard residualWidth < Double(network.laneWidth[lane]) else {
          throw .refused(
            "expected less than the width of the lane, which is \(network.laneWidth[lane]) m on "
              + Self.words(link, network), file: file, place: widthPath)
        }
        let stretch = try self.site.stretch(of: link, in: network)
        blockages.append(
          LaneBlockage(
            lane: lane, from: stretch.lowerBound, to: stretch.upperBound,
            residualWidth: Float(residualWidth)))
      }
    }
    guard !blockages.isEmpty else {
      throw .refused(
        "expected a link with two lanes or more; all of these have one, and \"all but one\" of it "
          + "is none", file: file, place: lanesPath)
    }
    return TimedPolicy(
      name: name, ticks: try window.ticks(on: site), onset: blockages.map { .blockLane($0) },
      release: blockages.map { .clearLane($0) })
  }

  /// The lanes of a link to close, from the kerb.
  private func closedLanes(of link: LinkID, in network: RoadNetwork) throws(CityError) -> [Int] {
    let count = network.lanes(of: link).count
    let wanted: [Int] =
      switch lanes {
      case .numbers(let numbers): numbers
      case .count(let n): Array(0..<n)
      case .allButOne: Array(0..<max(0, count - 1))
      }
    if case .numbers = lanes, let missing = wanted.first(where: { $0 >= count }) {
      throw .refused(
        "expected lanes from 0 to \(count - 1) of \(Self.words(link, network)), found \(missing)",
        file: file, place: lanesPath)
    }
    guard wanted.count < count || residualWidth >= Double(LaneBlockage.passableWidth) else {
      throw .refused(
        "no lane of \(Self.words(link, network)) would be left, it has \(count); a \"link_closure\" "
          + "closes a whole link", file: file, place: lanesPath)
    }
    return wanted.filter { $0 < count }
  }

  static func words(_ link: LinkID, _ network: RoadNetwork) -> String {
    "link \"\(network.linkExternalID[link])\""
  }
}
