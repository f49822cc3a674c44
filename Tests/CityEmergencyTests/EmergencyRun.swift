import CityBase
import CityEmergency
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

/// A run of the emergency domain alone: traffic is stood in for by drives of a settable time.
final class EmergencyRun {
  static let network = GridNetwork(size: 3, spacing: 400, lanes: 2, isSignalised: false).build()
  static let epoch =
    Instant(iso8601: "2026-03-02T06:00:00+08:00")
    ?? Instant(
      millisecondsSince1970: 0)

  let clock: Clock
  let drives: FakeDrives
  let domain: EmergencyDomain
  let random: RandomStream
  var overrides = CityOverrides(linkCount: EmergencyRun.network.linkCount)
  var tick: Tick = 0

  init(
    posts: [UnitPost], hospitals: [HospitalSite] = [], calls: [Call],
    settings: EmergencySettings = EmergencySettings(), stepMilliseconds: Int64 = 500,
    measured: Range<Int64> = 0..<Int64.max, seed: UInt64 = 1, drives: FakeDrives = FakeDrives()
  ) {
    clock = Clock(epoch: Self.epoch, stepMilliseconds: stepMilliseconds)
    random = RandomStream(seed: seed)
    self.drives = drives
    domain = EmergencyDomain(
      sites: EmergencySites(posts: posts, hospitals: hospitals), calls: calls, settings: settings,
      network: Self.network, traffic: drives, clock: clock, measured: measured, random: random)
  }

  var moment: Moment { Moment(tick: tick, clock: clock, random: random, overrides: overrides) }

  func step() {
    let now = moment
    drives.decide(now)
    domain.decide(now)
    tick += 1
  }

  /// Steps until a time from the start has been acted upon.
  func run(toSeconds seconds: Double) {
    while Double(tick) * clock.stepSeconds <= seconds { step() }
  }

  /// The bytes of a checkpoint.
  var state: [UInt8] {
    var writer = StateWriter()
    domain.encodeState(into: &writer)
    return writer.bytes
  }

  func table(_ name: String) -> Rows {
    let tables = domain.tables(clock: clock)
    return Rows(tables.first { $0.tableName == name })
  }

  /// The figure of this name in `metrics.json`.
  func figure(_ name: String) -> PropertyValue? {
    domain.metrics().first?.figures.first { $0.name == name }?.value
  }

  func features(_ layer: String) -> [Features.Feature] {
    var sink = Features()
    for l in domain.snapshotLayers where l.layerName == layer {
      l.addFeatures(to: &sink, at: moment)
    }
    return sink.features
  }

  /// The states of all units by their names.
  var unitStates: [String: String] {
    var states: [String: String] = [:]
    for f in features("units") { states[f.id] = f.text("state") }
    return states
  }
}

/// A table by the names of its columns.
struct Rows {
  let columns: [String]
  let rows: [[PropertyValue]]

  init(_ table: (any TableSource)?) {
    columns = table?.tableColumns ?? []
    rows = (0..<(table?.rowCount ?? 0)).map { table?.row($0) ?? [] }
  }

  func value(_ row: Int, _ column: String) -> PropertyValue {
    guard rows.indices.contains(row), let c = columns.firstIndex(of: column) else {
      XCTFail("there is no \(column) in row \(row)")
      return .null
    }
    return rows[row][c]
  }
  func number(_ row: Int, _ column: String) -> Double? { value(row, column).double }
  func text(_ row: Int, _ column: String) -> String? { value(row, column).string }
  /// Seconds from the start of the run to a time that a cell holds.
  func seconds(_ row: Int, _ column: String) -> Double? {
    guard let text = text(row, column), let time = Instant(iso8601: text) else { return nil }
    return Double(time.millisecondsSince1970 - EmergencyRun.epoch.millisecondsSince1970) / 1000
  }
  /// The row of a call or unit.
  func row(_ id: String) -> Int { rows.firstIndex { $0.first?.string == id } ?? -1 }
}

/// Keeps the features of a snapshot.
struct Features: FeatureSink {
  struct Feature {
    var id: String
    var shape: FeatureShape
    var properties: [Property]
    func text(_ name: String) -> String? {
      properties.first { $0.name == name }?.value.string
    }
    var point: Point2? {
      if case .point(let p) = shape { return p }
      return nil
    }
  }
  var features: [Feature] = []
  mutating func add(kind: String, id: String, shape: FeatureShape, properties: [Property]) {
    features.append(Feature(id: id, shape: shape, properties: properties))
  }
}

extension PropertyValue {
  var double: Double? {
    switch self {
    case .number(let value, _): value
    case .integer(let value): Double(value)
    default: nil
    }
  }
  var string: String? {
    if case .text(let text) = self { return text }
    return nil
  }
}

/// A place on a link, 50 m from its start; places on other links are other places.
func place(_ link: Int) -> AccessPoint { AccessPoint(link: LinkID(link), offset: 50) }

func position(_ link: Int) -> Point2 {
  EmergencyRun.network.linkPosition(LinkID(link), 50).point
}

func post(_ name: String, _ kind: UnitKind = .ambulance, count: Int = 1, at link: Int) -> UnitPost {
  UnitPost(name: name, kind: kind, count: count, access: place(link), position: position(link))
}

func call(
  _ name: String, _ kind: IncidentKind = .medical, at seconds: Double, on link: Int,
  priority: UInt8 = 2
) -> Call {
  Call(
    name: name, milliseconds: Int64(seconds * 1000), access: place(link), position: position(link),
    kind: kind, priority: priority)
}

extension EmergencySettings {
  /// Every time is the same for every call; nobody is brought to a hospital unless asked for.
  static func fixed(
    turnout: Int64 = 60, onScene: Int64 = 300, handover: Int64 = 600, transportShare: Double = 0
  ) -> EmergencySettings {
    var settings = EmergencySettings()
    func time(_ seconds: Int64) -> DrawnTime {
      DrawnTime(meanMilliseconds: seconds * 1000, spread: .fixed)
    }
    settings.turnout = settings.turnout.map { _ in time(turnout) }
    settings.onScene = settings.onScene.map { _ in time(onScene) }
    settings.handover = time(handover)
    settings.transportShare = transportShare
    return settings
  }
}
