import CityBase

/// What is due when, soonest first; equal ticks by subject. So an idle tick looks at one element.
///
/// A timer is never taken back: its owner remembers which tick it waits for and ignores others.
struct TimerHeap {
  struct Timer: Comparable {
    var tick: Tick
    /// Twice the unit's number, or twice the call's number and one.
    var subject: Int
    static func < (a: Timer, b: Timer) -> Bool { (a.tick, a.subject) < (b.tick, b.subject) }
  }
  private var timers: [Timer] = []

  var next: Tick? { timers.first?.tick }

  mutating func add(_ timer: Timer) {
    timers.append(timer)
    var i = timers.count - 1
    while i > 0 {
      let parent = (i - 1) / 2
      guard timers[i] < timers[parent] else { return }
      timers.swapAt(i, parent)
      i = parent
    }
  }

  /// Takes out the first timer that is due at a tick; nil where none is.
  mutating func take(dueAt tick: Tick) -> Timer? {
    guard let first = timers.first, first.tick <= tick, let last = timers.popLast() else {
      return nil
    }
    if timers.isEmpty { return first }
    timers[0] = last
    var i = 0
    while true {
      var least = i
      for child in [2 * i + 1, 2 * i + 2]
      where child < timers.count && timers[child] < timers[least] { least = child }
      if least == i { return first }
      timers.swapAt(i, least)
      i = least
    }
  }
}
