import CityBase
import CityNetwork
import CityText

/// How a signal picks the stage to show next.
///
/// A new one is a type that conforms to this in a file of `Signals/Controls`, a line in the
/// registry, and a test that calls the shared conformance checker. It is a pure function of what it
/// sees: whatever has to be remembered (how long the green has lasted, when a loop was left) is the
/// signal's own and part of the checkpoint. Greens below their minimum, yellow and all-red are not
/// its to cut: it is asked only while a green may end, and the way to the stage it names is the
/// signal's.
public protocol SignalControl: Sendable {
  /// The word by which scenarios and plan files ask for it: `{"type": "actuated"}`.
  static var typeName: String { get }
  /// Reads its own parameters; whoever calls asks for `type` and calls `finish()`.
  init(from reader: inout JSONObjectReader) throws(CityError)
  /// Its parameters with defaults filled in, as it reads them.
  var parameters: [Property] { get }
  /// Where it looks for vehicles.
  var detection: SignalDetection { get }
  /// The stage that is to follow now, or nil to go on with this one.
  func nextStage(_ view: SignalView) -> Int?
}

extension SignalControl {
  public var parameters: [Property] { [] }
  public var detection: SignalDetection { SignalDetection() }
}

/// Where a control looks for vehicles: a virtual loop on every lane before the stop line.
public struct SignalDetection: Sendable, Hashable {
  /// Metres from the stop line to the loop's end: a fixed part, and seconds of travel at the limit.
  public var loopMeters: Float = 0
  public var loopSeconds: Float = 0
  /// Metres along the lane; 0 for a line.
  public var loopLength = SignalDetection.usualLoopLength
  /// Whether anything is to be measured at all.
  public var isNeeded = false
  /// Whether a green stays as it is, and the control need not be asked, while nobody is on any
  /// approach.
  public var restsWhenEmpty = false

  /// m; how long a loop is along the lane (6 feet, the usual one of the FHWA's Traffic Detector
  /// Handbook, 2006).
  public static let usualLoopLength: Float = 1.8

  /// No detectors.
  public init() {}

  /// A loop that ends so many metres, and seconds of travel at the limit, before the stop line.
  public init(
    loopMeters: Float, loopSeconds: Float,
    loopLength: Float = SignalDetection.usualLoopLength, restsWhenEmpty: Bool
  ) {
    self.loopLength = loopLength
    self.loopMeters = loopMeters
    self.loopSeconds = loopSeconds
    self.restsWhenEmpty = restsWhenEmpty
    isNeeded = true
  }

  /// Metres from the loop's end to the stop line of a lane with this limit in m/s.
  func distance(limit: Float) -> Float { loopMeters + loopSeconds * limit }
}

/// What a control sees of its signal at a tick, while a green may end.
public struct SignalView {
  let machine: SignalMachine
  let world: TrafficWorld
  /// Milliseconds after the first midnight of the run.
  public let time: Int64
  /// Milliseconds of one tick.
  public let step: Int64

  /// The plan that the signal runs: its stages, cycle and offset.
  public var plan: StagedPlan { machine.program.plan }
  /// The stage that is green now.
  public var stage: Int { machine.stage }
  /// Milliseconds for which it has been.
  public var green: Int64 { time - machine.since }
  public func minimumGreen(_ stage: Int) -> Int64 { machine.program.limits[stage].minimum }
  public func maximumGreen(_ stage: Int) -> Int64 { machine.program.limits[stage].maximum }

  /// Whether somebody between loop and stop line waits for a stage whom the green one does not let
  /// go.
  public func isCalled(_ other: Int) -> Bool { machine.isCalled(other, from: machine.stage) }
  /// The next stage in the order of the plan that is called, or nil.
  public var nextCalled: Int? {
    var other = plan.stage(after: stage)
    while other != stage {
      if isCalled(other) { return other }
      other = plan.stage(after: other)
    }
    return nil
  }
  /// Milliseconds since another stage than the green one was first called in this green; 0 where
  /// none is.
  public var calledFor: Int64 { machine.calledSince < 0 ? 0 : time - machine.calledSince }
  /// Milliseconds since a vehicle left a loop of a lane that is let go now, or since the green
  /// began, whichever is shorter; 0 while one is on a loop.
  public var gap: Int64 { machine.gap(at: time) }
  /// Milliseconds for which a stage that is not green has been over; since the program began where
  /// it never was green.
  public func red(_ stage: Int) -> Int64 { time - machine.lastGreen[stage] }
  /// What the queues press for a stage, in vehicles times vehicles an hour; see `MaxPressure`.
  public func pressure(_ stage: Int, reach: Float) -> Double {
    world.pressure(of: machine, stage: stage, reach: reach)
  }
}
