import CityBase
import CityNetwork

/// What every signal shows at a moment: a function of the time alone.
struct SignalClock {
  private let firstPhase: RawColumn<Int32>
  private let groupCount: RawColumn<Int32>
  private let offset: RawColumn<Int32>
  /// By phase: its end in milliseconds from the start of the cycle.
  private let phaseEnd: RawColumn<Int32>
  /// By phase: where its states begin.
  private let firstState: RawColumn<Int32>
  private let states: RawColumn<UInt8>

  init(_ network: RoadNetwork) {
    var first: [Int32] = [0]
    var ends: [Int32] = []
    var stateStarts: [Int32] = []
    var all: [UInt8] = []
    for controller in network.signals.values {
      var end: Int32 = 0
      for phase in controller.phases {
        end += phase.milliseconds
        ends.append(end)
        stateStarts.append(Int32(all.count))
        all.append(contentsOf: phase.states.map(\.rawValue))
      }
      first.append(Int32(ends.count))
    }
    firstPhase = RawColumn(first)
    groupCount = RawColumn(network.signals.values.map(\.groupCount))
    offset = RawColumn(network.signals.values.map(\.offsetMilliseconds))
    phaseEnd = RawColumn(ends)
    firstState = RawColumn(stateStarts)
    states = RawColumn(all)
  }

  func free() {
    for column in [firstPhase, groupCount, offset, phaseEnd, firstState] { column.free() }
    states.free()
  }

  /// Where the states of a controller begin at a time of day in milliseconds, or -1 where it has
  /// no plan.
  func stateStart(of controller: Int, atMillisecondOfDay time: Int64) -> Int {
    let first = Int(firstPhase[controller])
    let last = Int(firstPhase[controller + 1]) - 1
    guard first <= last else { return -1 }
    let cycle = Int64(phaseEnd[last])
    var t = (time - Int64(offset[controller])) % cycle
    if t < 0 { t += cycle }
    var phase = first
    while phase < last && t >= Int64(phaseEnd[phase]) { phase += 1 }
    return Int(firstState[phase])
  }

  /// The state of a group, given where the states of its controller begin.
  @inline(__always) func state(start: Int, group: Int) -> UInt8 { states[start + group] }
}
