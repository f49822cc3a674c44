import CityBase

/// Those who go first as a driver meets them who has to let them pass: in bunches, with random gaps
/// between one bunch and the next (Cowan's M3 distribution of headways, Cowan 1975).
///
/// In a lane that is busy for a share b of the time, 0.75 (1 - b) of the vehicles follow nobody
/// (Troutbeck 1989), and several lanes leave a gap only where each of them does (Troutbeck and Brilon
/// in the revised Traffic Flow Theory monograph, chapter 8).
struct BunchedStream {
  /// Vehicles a second.
  private(set) var flow = 0.0
  /// The share of the time in which no lane is busy.
  private(set) var free = 1.0
  /// The sum of the lanes' busy shares, which is flow times the mean headway in a bunch.
  private var busy = 0.0

  /// No lane is taken to be busier.
  static let mostBusy = 0.95
  /// Of the vehicles of an almost empty lane, those who follow nobody.
  static let mostAlone = 0.75

  /// Adds a lane with so many vehicles an hour, each of which takes it for some seconds.
  mutating func add(lane vehicles: Double, headway seconds: Double) {
    guard vehicles > 0 else { return }
    let share = min(Self.mostBusy, vehicles * seconds / 3600)
    flow += vehicles / 3600
    busy += share
    free *= 1 - share
  }

  /// Mean seconds that a driver who comes by chance waits for a gap of so many seconds (Adams's delay
  /// for the M3 distribution, Troutbeck 1986).
  func meanWait(critical: Double) -> Double {
    guard flow > 0 else { return 0 }
    let headway = min(busy / flow, critical)
    let decay = Self.mostAlone * flow
    let alone = Self.mostAlone * free
    let bunched =
      (decay * headway * headway - 2 * headway + 2 * headway * alone)
      / (2 * (decay * headway + alone))
    return max(
      0,
      PortableMath.exp(decay * (critical - headway)) / (alone * flow) - critical - 1 / decay
        + bunched)
  }
}
