extension SignalController {
  /// Stretches or shrinks the greens in proportion so that the cycle comes out as long, to the
  /// millisecond; yellow and all-red stay. Returns the first stage for which that leaves less than
  /// `least` milliseconds, with what it leaves; the plan is then half done. A plan must have a green.
  public mutating func stretchGreens(
    toCycle cycle: Int64, least: Int64
  ) -> (stage: Int, green: Int64)? {
    let stages = greenStages
    let greenNow = stages.reduce(Int64(0)) { $0 + Int64(phases[$1].milliseconds) }
    guard greenNow > 0 else { return nil }
    let between = phases.reduce(Int64(0)) { $0 + Int64($1.milliseconds) } - greenNow
    let green = cycle - between
    var before: Int64 = 0
    var given: Int64 = 0
    for (number, stage) in stages.enumerated() {
      before += Int64(phases[stage].milliseconds)
      // Rounding the sums and not the parts makes the whole come out exact.
      let share = (before * green + greenNow / 2) / greenNow - given
      given += share
      guard share >= least else { return (number, share) }
      phases[stage].milliseconds = Int32(clamping: share)
    }
    return nil
  }
}
