import CityBase
import Foundation

/// One line on a terminal that says how far a run has come: simulated time, vehicles on the road,
/// how much faster than real time, time left. It shows nothing where it is switched off.
public struct ProgressLine {
  let clock: Clock
  let firstTick: Tick
  let endTick: Tick
  private let startedAt: Double
  private var line: TerminalLine

  /// A line for the ticks from `firstTick` to `endTick`. `write` gets the text as it is, without
  /// a line end.
  public init(
    isShown: Bool, clock: Clock, firstTick: Tick, endTick: Tick, write: @escaping (String) -> Void
  ) {
    self.clock = clock
    self.firstTick = firstTick
    self.endTick = endTick
    line = TerminalLine(isShown: isShown, write: write)
    startedAt = ProcessClock.wallSeconds()
  }

  /// Shows the state after `tick` ticks; does nothing more often than four times a second.
  public mutating func update(tick: Tick, vehicles: @autoclosure () -> Int) {
    guard line.isShown else { return }
    let now = ProcessClock.wallSeconds()
    guard line.isDue(at: now) else { return }
    line.show(
      Self.text(
        clock: clock, firstTick: firstTick, tick: tick, endTick: endTick, vehicles: vehicles(),
        elapsed: now - startedAt))
  }

  /// Takes the line away, so that what is printed next starts on a clean one.
  public mutating func clear() { line.clear() }

  static func text(
    clock: Clock, firstTick: Tick, tick: Tick, endTick: Tick, vehicles: Int, elapsed: Double
  ) -> String {
    let done = tick - firstTick
    let simulated = Double(done) * clock.stepSeconds
    var parts = [clock.instant(of: tick).timeOfDay, "\(vehicles) vehicles"]
    let share = endTick > 0 ? Double(tick) / Double(endTick) * 100 : 100
    parts.append("\(Int(share)) %")
    if elapsed > 0.5, simulated > 0 {
      let factor = simulated / elapsed
      parts.append("\(factor < 10 ? String(format: "%.1f", factor) : "\(Int(factor))")x real time")
      let left = Double(endTick - tick) * clock.stepSeconds / factor
      parts.append("\(leftText(left)) left")
    }
    return parts.joined(separator: "  ")
  }

  static func leftText(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "long" }
    let s = Int(seconds.rounded(.up))
    if s < 60 { return "\(s) s" }
    if s < 3600 { return "\(s / 60) min \(s % 60) s" }
    return "\(s / 3600) h \(s / 60 % 60) min"
  }
}
