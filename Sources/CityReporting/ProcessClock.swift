#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What this process has used so far; only `performance.json` and the progress line may depend
/// on it.
public enum ProcessClock {
  /// Seconds on a clock that never goes back.
  public static func wallSeconds() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
  }

  /// Processor seconds of all threads, in user and system mode.
  public static func cpuSeconds() -> Double {
    let usage = resourceUsage()
    func seconds(_ t: timeval) -> Double { Double(t.tv_sec) + Double(t.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// The most memory that was resident at any time, in megabytes.
  public static func peakMemoryMegabytes() -> Double {
    #if canImport(Glibc)
      let bytesPerUnit = 1024.0
    #else
      let bytesPerUnit = 1.0
    #endif
    return Double(resourceUsage().ru_maxrss) * bytesPerUnit / 1e6
  }

  static func resourceUsage() -> rusage {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage
  }
}
