import CityBase
import CityNetwork
import CitySimulation

/// What a unit is doing. The raw values are part of the checkpoint.
public enum UnitState: UInt8, Sendable, CaseIterable {
  /// At its post, free.
  case idle = 0
  /// Sent, and getting ready at its post.
  case turnout = 1
  /// On the way to a call.
  case enRoute = 2
  case onScene = 3
  /// On the way to a hospital.
  case transport = 4
  /// At the hospital.
  case handover = 5
  /// Free, on the way back to its post (or where no way leads there, waiting for one).
  case returning = 6

  /// The word for snapshots and tables.
  public var word: String {
    switch self {
    case .idle: "idle"
    case .turnout: "turnout"
    case .enRoute: "en_route"
    case .onScene: "on_scene"
    case .transport: "transport"
    case .handover: "handover"
    case .returning: "returning"
    }
  }

  /// Whether it can be sent to a call.
  public var isFree: Bool { self == .idle || self == .returning }
}

/// A vehicle with its crew.
struct EmergencyUnit {
  var name: String
  /// Where it belongs, among the posts.
  var post: Int
  var kind: UnitKind
  var state = UnitState.idle
  /// Its call; while it is free the last one it had, or -1.
  var call = -1
  /// Where it brings, or brought, the last patient among the hospitals, or -1.
  var hospital = -1
  /// Its vehicle while it drives, or none.
  var vehicle = VehicleID.none
  /// Where it stands, and while it drives where it goes.
  var place: AccessPoint
  /// The tick that ends what it does now, or that a drive is tried again in, or -1.
  var due: Tick = -1
  /// How often the present drive could not begin.
  var failures = 0

  /// Milliseconds from the start of the clock.
  var inServiceSince: Int64
  var stateSince: Int64
  /// Milliseconds within the measured window, as far as the present state began.
  var busy: Int64 = 0
  var driving: Int64 = 0

  init(name: String, post: Int, kind: UnitKind, place: AccessPoint, since: Int64) {
    self.name = name
    self.post = post
    self.kind = kind
    self.place = place
    inServiceSince = since
    stateSince = since
  }

  var isDriving: Bool { vehicle.isSome }

  /// Goes into a state; the time in the one before is counted.
  mutating func change(to next: UnitState, at milliseconds: Int64, measured: Range<Int64>) {
    (busy, driving) = totals(at: milliseconds, measured: measured)
    state = next
    stateSince = milliseconds
  }

  /// Busy and driving milliseconds within the measured window up to a moment.
  func totals(at milliseconds: Int64, measured: Range<Int64>) -> (busy: Int64, driving: Int64) {
    let span = Self.overlap(stateSince, milliseconds, measured)
    let drives = state == .enRoute || state == .transport || (state == .returning && isDriving)
    return (busy + (state.isFree ? 0 : span), driving + (drives ? span : 0))
  }

  /// How much of a stretch of time lies within a window.
  static func overlap(_ from: Int64, _ to: Int64, _ window: Range<Int64>) -> Int64 {
    max(0, min(to, window.upperBound) - max(from, window.lowerBound))
  }
}

extension UnitKind {
  var vehicleClass: VehicleClass {
    switch self {
    case .ambulance: .ambulance
    case .fireEngine: .fireEngine
    case .police: .policeCar
    }
  }
}
