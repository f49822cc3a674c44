import CityBase

/// How far a call has come. The raw values are part of the checkpoint.
public enum CallStatus: UInt8, Sendable, CaseIterable {
  /// It has not come yet.
  case notDue = 0
  /// No unit is assigned.
  case queued = 1
  /// A unit is assigned that has not reached the scene.
  case open = 2
  /// A unit has reached the scene.
  case served = 3

  /// The word for tables.
  public var word: String {
    switch self {
    case .notDue: "not_due"
    case .queued: "queued"
    case .open: "open"
    case .served: "served"
    }
  }
}

/// What has become of a call; times in milliseconds from the start of the clock, -1 for not yet.
struct CallRecord {
  var status = CallStatus.notDue
  /// The unit that was assigned last, or -1.
  var unit = -1
  var hospital = -1
  /// When the last unit was assigned.
  var dispatched: Int64 = -1
  var arrived: Int64 = -1
  /// When the unit was done at the scene.
  var cleared: Int64 = -1
  /// How often a unit was assigned.
  var dispatches = 0
  /// The tick in which it joins the queue again after nobody could come, or -1.
  var retry: Tick = -1
  /// What it has put onto lanes.
  var blockages: [Int32] = []
}

/// Calls of one kind of unit that wait, the most urgent first, then by time and key.
struct CallQueue {
  private var waiting: [Int] = []
  /// The first that was not yet taken; what is before it is dropped now and then.
  private var head = 0

  var isEmpty: Bool { head == waiting.count }

  /// Puts in a call by its number (calls are numbered by time and key) and priority.
  mutating func add(_ call: Int, priority: (Int) -> UInt8) {
    let key = (priority(call), call)
    var low = head
    var high = waiting.count
    while low < high {
      let middle = (low + high) / 2
      if (priority(waiting[middle]), waiting[middle]) < key {
        low = middle + 1
      } else {
        high = middle
      }
    }
    waiting.insert(call, at: low)
  }

  mutating func takeFirst() -> Int? {
    guard head < waiting.count else { return nil }
    let first = waiting[head]
    head += 1
    if head > 64, head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
    return first
  }
}
