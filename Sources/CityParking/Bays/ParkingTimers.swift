import CityBase

/// What is due at a tick.
struct ParkingTimer: BitwiseCopyable, Comparable {
  enum Kind: Int32, CaseIterable {
    /// A driver's stay is over: his car leaves its bay. The subject is a trip.
    case stayEnds = 0
    /// A car that was there at the start leaves. The subject is a bay.
    case strangerLeaves = 1
    /// A double-parked car drives off. The subject is a trip.
    case blockageEnds = 2
    /// A driver has walked to his destination. The subject is a trip.
    case walkEnds = 3
    /// A guided driver looks at his facility again. The subject is a trip.
    case guidance = 4
  }

  var tick: Tick
  /// The raw value of a kind.
  var kind: Int32
  var subject: Int32

  init(at tick: Tick, _ kind: Kind, _ subject: Int) {
    self.tick = tick
    self.kind = kind.rawValue
    self.subject = Int32(subject)
  }

  /// Bays come free before anyone asks for one.
  static func < (a: ParkingTimer, b: ParkingTimer) -> Bool {
    (a.tick, a.kind, a.subject) < (b.tick, b.kind, b.subject)
  }
}

/// Timers by their time, as a binary heap: nothing is looked at before it is due.
struct ParkingTimers {
  private var heap: [ParkingTimer] = []

  init() {}
  init(_ timers: [ParkingTimer]) {
    // An ascending array is a heap.
    heap = timers.sorted()
  }

  /// In order, so that equal states have equal bytes.
  var sorted: [ParkingTimer] { heap.sorted() }

  mutating func add(_ timer: ParkingTimer) {
    heap.append(timer)
    var i = heap.count - 1
    while i > 0, heap[i] < heap[(i - 1) / 2] {
      heap.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  /// The next timer that is due at a tick, which is taken out; nil where none is.
  mutating func next(dueAt tick: Tick) -> ParkingTimer? {
    guard let first = heap.first, first.tick <= tick else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var i = 0
    while true {
      var least = i
      for child in (2 * i + 1)...(2 * i + 2) where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == i { return first }
      heap.swapAt(i, least)
      i = least
    }
  }
}
