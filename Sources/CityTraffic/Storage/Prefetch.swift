import CPrefetch

/// Asking for what a loop comes to a few turns later.
///
/// The records of neighbours in a list lie far apart in memory, and a loop that comes upon one after
/// the other waits for each. Asked for in time, a record is on its way into the cache while the loop
/// is still busy with an earlier one. Nothing depends on it but time.
enum Prefetch {
  /// Turns of a loop over lanes in which a record arrives, from far away.
  static let turns = 8

  @inline(__always) static func ask<Record>(_ place: UnsafeMutablePointer<Record>) {
    city_prefetch(place)
  }
}
