import CityBase
import CityNetwork

/// A plan with who runs it: what a signal does for some time of the day.
public struct SignalProgram: Sendable {
  /// How long the green of a stage may be, in milliseconds.
  public struct Limits: Sendable, Hashable {
    public var minimum: Int64
    public var maximum: Int64
    public init(minimum: Int64, maximum: Int64) {
      self.minimum = minimum
      self.maximum = maximum
    }
  }

  public var name: String
  /// Stages, intergreens, and the greens, cycle and offset of fixed time.
  public var plan: SignalController
  /// By stage; empty for the defaults.
  public var limits: [Limits]
  public var control: any SignalControl

  public init(
    name: String, plan: SignalController, limits: [Limits] = [], control: any SignalControl
  ) {
    self.name = name
    self.plan = plan
    self.limits = limits
    self.control = control
  }

  /// Milliseconds; no green is shorter, unless the plan's own is (RiLSA 2015: 5 s for motor traffic;
  /// within the 4 to 10 s and more of the FHWA Signal Timing Manual, 2008, table 5-3).
  public static let leastGreen: Int64 = 5000
  /// The longest green where nobody says one is the planned green times 1.5 (the upper end of what
  /// the FHWA Signal Timing Manual, 2008, section 5.4, takes of a fixed-time green), and 15 s or
  /// more (the lower end of its table 5-5).
  static let greenFactor = 1.5
  static let leastMaximum: Int64 = 15_000

  /// The limits of a stage where none are given.
  public static func defaultLimits(of stage: StagedPlan.Stage) -> Limits {
    defaultLimits(green: Int64(stage.greenMilliseconds))
  }

  /// The same for a planned green in milliseconds.
  public static func defaultLimits(green: Int64) -> Limits {
    let longest = Int64((Double(green) * greenFactor / 1000).rounded()) * 1000
    return Limits(minimum: min(green, leastGreen), maximum: max(leastMaximum, longest))
  }
}

/// Which program a signal runs when.
public struct SignalSchedule: Sendable {
  /// From a time of day on, on some days of the week.
  public struct Entry: Sendable, Hashable {
    /// Bit 0 is Monday.
    public var weekdays: UInt8
    /// Milliseconds after midnight.
    public var from: Int64
    /// An index of `programs`.
    public var program: Int
    public init(weekdays: UInt8 = everyDay, from: Int64, program: Int) {
      self.weekdays = weekdays
      self.from = from
      self.program = program
    }
  }
  public static let everyDay: UInt8 = 0b111_1111
  static let day: Int64 = 86_400_000

  /// One or more.
  public var programs: [SignalProgram]
  /// Empty where the first program always runs.
  public var entries: [Entry]

  public init(programs: [SignalProgram], entries: [Entry] = []) {
    self.programs = programs
    self.entries = entries
  }

  /// The program in force at a time in milliseconds after the first midnight of the run, whose first
  /// day is this day of the week (0 is Monday): that of the last entry that has come, today or on a
  /// day of the week before.
  func program(at time: Int64, firstWeekday: Int) -> Int {
    let today = Int(time / Self.day)
    for back in 0...7 {
      let weekday = ((firstWeekday + today - back) % 7 + 7) % 7
      let limit = back == 0 ? time % Self.day : Self.day
      let begun = entries.filter { $0.weekdays >> weekday & 1 == 1 && $0.from <= limit }
      // Of two at one time the later in the list.
      if let last = begun.enumerated().max(by: {
        ($0.element.from, $0.offset) < ($1.element.from, $1.offset)
      }) {
        return last.element.program
      }
    }
    return 0
  }
}

/// How the signals of a run are controlled. Signals that are not named run the built plan by the
/// clock.
public struct SignalSetup: Sendable {
  private var schedules: [SignalID: SignalSchedule] = [:]

  public init() {}

  /// The schedule of a signal, or nil where it has none of its own.
  public subscript(signal: SignalID) -> SignalSchedule? {
    get { schedules[signal] }
    set { schedules[signal] = newValue }
  }

  /// The signals that have one, ascending.
  public var signals: [SignalID] { schedules.keys.sorted() }
}
