import CityBase

/// Queues at stop lines, looked at every few seconds: how often each length was seen, by movement.
///
/// A queue reaches from the stop line to the rear of the last vehicle of the lane slower than
/// 5 km/h and within 10 m of what is ahead of it, the thresholds by which SUMO's lane-area detectors
/// (E2: `speedThreshold` 1.39 m/s, `jamThreshold` 10 m) see a jam; who moves up in between belongs to
/// it, as to the back of queue of HCM 2010 (chapter 31). The queue of a movement is the longest of its lanes.
///
/// Lengths are kept in bins, in vehicles and in metres, of movements that had a queue in the
/// interval: at most `binCount` numbers of two bytes for each, however long the interval.
struct QueueSamples {
  /// s between two looks: no part of a usual cycle of signals, in which the same moments would be
  /// seen again and again.
  static let rhythm = 11.0
  /// m/s
  static let halting: Float = 5 / 3.6
  /// m
  static let closeness: Float = 10
  /// m; a link whose queue leaves less than a car and its gap has no room for another one.
  static let carRoom: Float = 7
  static let vehicleBins = 64
  static let metreBins = 128
  static let binCount = vehicleBins + metreBins

  /// How often was looked in the interval.
  private(set) var looks: Int64 = 0
  /// By movement: where its bins begin, in units of `binCount`; -1 without a queue so far.
  private var block: [Int32]
  /// The movements with bins, in the order in which they had their first queue.
  private(set) var queued: [Int32] = []
  private var bins: [UInt16] = []
  /// By movement: looks in which its queue reached the upstream end of the link, and in which it had
  /// a queue while the link it leads to was full.
  private var spilled: [Int32]
  private var blocked: [Int32]

  init(movements: Int) {
    block = Array(repeating: -1, count: movements)
    spilled = Array(repeating: 0, count: movements)
    blocked = Array(repeating: 0, count: movements)
  }

  /// The vehicles and metres that one bin of each kind stands for, on a link of some metres.
  static func widths(linkLength: Float) -> (vehicles: Int, metres: Float) {
    // No more than a car every 6.5 m; the last bin takes whatever is beyond.
    let most = Int(min(linkLength, 100_000) / 6.5) + 1
    return (
      max(1, (most + vehicleBins - 2) / (vehicleBins - 1)),
      max(0.01, linkLength / Float(metreBins - 1))
    )
  }

  mutating func countLook() { looks += 1 }

  mutating func add(
    _ movement: Int, vehicles: Int, metres: Float, linkLength: Float, isSpilled: Bool,
    isBlocked: Bool
  ) {
    if block[movement] < 0 {
      block[movement] = Int32(queued.count)
      queued.append(Int32(movement))
      bins.append(contentsOf: repeatElement(0, count: Self.binCount))
    }
    let first = Int(block[movement]) * Self.binCount
    let width = Self.widths(linkLength: linkLength)
    let v = min(Self.vehicleBins - 1, (vehicles + width.vehicles / 2) / width.vehicles)
    let m = min(Self.metreBins - 1, Int(max(0, metres / width.metres) + 0.5))
    count(first + v)
    count(first + Self.vehicleBins + m)
    if isSpilled { spilled[movement] += 1 }
    if isBlocked { blocked[movement] += 1 }
  }

  private mutating func count(_ bin: Int) {
    if bins[bin] < .max { bins[bin] += 1 }
  }

  /// The queue that was not exceeded in a share of the looks, by nearest rank.
  func percentile(_ share: Double, _ movement: Int, linkLength: Float)
    -> (vehicles: Int, metres: Double)
  {
    guard block[movement] >= 0, looks > 0 else { return (0, 0) }
    let first = Int(block[movement]) * Self.binCount
    let width = Self.widths(linkLength: linkLength)
    let rank = max(1, Int64((share * Double(looks)).rounded(.up)))
    func bin(_ range: Range<Int>) -> Int {
      // Looks without a queue are in no bin.
      var left = range.reduce(Int64(0)) { $0 + Int64(bins[$1]) }
      if rank <= looks - left { return 0 }
      left = rank - (looks - left)
      for i in range {
        left -= Int64(bins[i])
        if left <= 0 { return i - range.lowerBound }
      }
      return range.count - 1
    }
    let v = bin(first..<(first + Self.vehicleBins))
    let m = bin((first + Self.vehicleBins)..<(first + Self.binCount))
    return (v * width.vehicles, Double(Float(m) * width.metres))
  }

  /// Whether it was seen with a queue.
  func hasQueue(_ movement: Int) -> Bool { block[movement] >= 0 }

  /// The shares of the looks in which a movement was spilled and blocked.
  func shares(_ movement: Int) -> (spilled: Double, blocked: Double) {
    guard looks > 0 else { return (0, 0) }
    return (
      Double(spilled[movement]) / Double(looks), Double(blocked[movement]) / Double(looks)
    )
  }

  /// Forgets the interval.
  mutating func reset() {
    for m in queued.map(Int.init) {
      block[m] = -1
      spilled[m] = 0
      blocked[m] = 0
    }
    queued.removeAll(keepingCapacity: true)
    bins.removeAll(keepingCapacity: true)
    looks = 0
  }

  func encode(into writer: inout StateWriter) {
    writer.write(looks)
    writer.writeRaw(queued)
    writer.writeRaw(bins)
    writer.writeRaw(queued.map { spilled[Int($0)] })
    writer.writeRaw(queued.map { blocked[Int($0)] })
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    reset()
    looks = try reader.read()
    let list: [Int32] = try reader.readRaw()
    let counts: [UInt16] = try reader.readRaw()
    let spills: [Int32] = try reader.readRaw()
    let blocks: [Int32] = try reader.readRaw()
    guard looks >= 0, looks < 1 << 40, counts.count == list.count * Self.binCount,
      spills.count == list.count, blocks.count == list.count
    else { throw .refused("the queues do not fit their movements", file: reader.file) }
    for (i, movement) in list.enumerated() {
      let m = Int(movement)
      guard block.indices ~= m, block[m] < 0 else {
        throw .refused("the queue of a movement that is not there", file: reader.file)
      }
      block[m] = Int32(i)
      (spilled[m], blocked[m]) = (spills[i], blocks[i])
    }
    (queued, bins) = (list, counts)
  }
}
