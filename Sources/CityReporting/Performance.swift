import CityBase
import CityText
import Foundation

/// What a run cost on this machine: the content of `performance.json`, the only output that may
/// differ between two equal runs.
public struct Performance: Sendable {
  public var wallSeconds: Double
  public var cpuSeconds: Double
  public var peakMemoryMegabytes: Double
  /// Ticks done by this process; a resumed run counts from its checkpoint.
  public var ticks: Int64
  /// Seconds of simulated driving: one vehicle on the road for one second is one.
  public var vehicleSeconds: Double
  public var simulatedSeconds: Double
  public var threads: Int

  /// How many times faster than real time; 0 where nothing was measured.
  public var realtimeFactor: Double { wallSeconds > 0 ? simulatedSeconds / wallSeconds : 0 }
  public var vehicleSecondsPerCPUSecond: Double {
    cpuSeconds > 0 ? vehicleSeconds / cpuSeconds : 0
  }

  func encoded() -> [UInt8] {
    JSONFile.encode([
      Property("wall_s", .number(wallSeconds, decimals: 3)),
      Property("cpu_s", .number(cpuSeconds, decimals: 3)),
      Property("peak_memory_mb", .number(peakMemoryMegabytes, decimals: 1)),
      Property("ticks", .integer(ticks)),
      Property("vehicle_seconds", .number(vehicleSeconds, decimals: 1)),
      Property("vehicle_seconds_per_cpu_s", .number(vehicleSecondsPerCPUSecond, decimals: 0)),
      Property("realtime_factor", .number(realtimeFactor, decimals: 2)),
      Property("threads", .integer(Int64(threads))),
      Property("host", .text(Self.host)),
    ])
  }

  static var host: String {
    let info = ProcessInfo.processInfo
    #if arch(x86_64)
      let machine = "x86_64"
    #elseif arch(arm64)
      let machine = "arm64"
    #else
      let machine = "other"
    #endif
    return "\(info.operatingSystemVersionString), \(machine), \(info.processorCount) processors"
  }
}

/// Measures a run from its start.
public struct PerformanceMeter {
  let startWall = ProcessClock.wallSeconds()
  /// Vehicles on the road, summed over ticks.
  public var vehicleTicks: Int64 = 0
  public var ticks: Int64 = 0

  public init() {}

  /// Counts one tick with this many vehicles on the road.
  public mutating func count(vehicles: Int) {
    ticks += 1
    vehicleTicks += Int64(vehicles)
  }

  /// The figures so far. Processor time is that of the whole process, loading included.
  public func reading(stepSeconds: Double, threads: Int) -> Performance {
    Performance(
      wallSeconds: ProcessClock.wallSeconds() - startWall,
      cpuSeconds: ProcessClock.cpuSeconds(),
      peakMemoryMegabytes: ProcessClock.peakMemoryMegabytes(),
      ticks: ticks,
      vehicleSeconds: Double(vehicleTicks) * stepSeconds,
      simulatedSeconds: Double(ticks) * stepSeconds,
      threads: threads)
  }
}
