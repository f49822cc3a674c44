import CityBase
import CityDemand
import CityNetwork

extension CallDraw {
  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 24 * hour

  /// Draws the calls of a run. Refuses a window that ends before it begins; a window that lies
  /// partly outside of the run is cut (`calls-window`), and a city where nobody lives has no calls
  /// (`calls-nowhere`).
  func calls(for site: CallSite, diagnostics: inout Diagnostics) throws(CityError) -> [Call] {
    guard let window = try window(for: site, diagnostics: &diagnostics) else { return [] }
    let pieces = pieces(of: window, epoch: site.clock.epoch)
    guard pieces.contains(where: { $0.share > 0 }) else {
      diagnostics.warn("calls-window", "no hour of the calls' window has a weight; none are drawn")
      return []
    }
    let profile = try DepartureProfile(pieces)
    var zoneChoice = WeightedChoice(site.zones.zones.values.map(\.population))
    if zoneChoice.total == 0 {
      zoneChoice = WeightedChoice(site.zones.zones.values.map { _ in 1 })
    }
    guard zoneChoice.total > 0 else {
      diagnostics.warn("calls-nowhere", "the city has no place to draw calls for; none are drawn")
      return []
    }
    let number = try number(pieces, site)
    var calls: [Call] = []
    calls.reserveCapacity(number)
    for i in 0..<number {
      if let call = call("call-\(i + 1)", profile, zoneChoice, site) { calls.append(call) }
    }
    if calls.count < number {
      diagnostics.warn(
        "calls-nowhere",
        "\(number - calls.count) calls fell on zones without a place by the road; "
          + "they are left out")
    }
    return calls.inOrderOfTime()
  }

  private func call(
    _ name: String, _ profile: DepartureProfile, _ zoneChoice: WeightedChoice, _ site: CallSite
  ) -> Call? {
    let key = StableHash.of(name)
    let random = site.random
    guard let z = zoneChoice.pick(random.unit(.callPlace, key)) else { return nil }
    let zone = site.zones.zones[ZoneID(z)]
    guard let place = zone.accessPoint(random.unit(.callPlace, key, 1), at: .home),
      zone.accessPositions.indices.contains(place),
      let kindIndex = WeightedChoice(kinds).pick(random.unit(.callKind, key)),
      let kind = IncidentKind(rawValue: UInt8(clamping: kindIndex)),
      let priority = WeightedChoice(priorities).pick(random.unit(.callKind, key, 1))
    else { return nil }
    return Call(
      name: name, milliseconds: profile.milliseconds(at: random.unit(.callTime, key)),
      access: zone.accessPoints[place], position: zone.accessPositions[place], kind: kind,
      priority: UInt8(clamping: priority + 1))
  }

  /// The part of the run that calls come in; nil where there is none.
  private func window(for site: CallSite, diagnostics: inout Diagnostics) throws(CityError)
    -> Range<Int64>?
  {
    let run = site.simulatedWindow
    let epoch = site.clock.epoch
    let start = from?.milliseconds(from: epoch) ?? run.lowerBound
    let end = until?.milliseconds(from: epoch) ?? run.upperBound
    guard start < end else {
      throw .refused("expected drawn calls whose \"until\" is after \"from\" and within the run")
    }
    let cut = max(start, run.lowerBound)..<max(max(start, run.lowerBound), min(end, run.upperBound))
    if cut != start..<end {
      diagnostics.note(
        "calls-window", "calls are drawn for a time that is not all simulated; it is cut to the run"
      )
    }
    return cut.isEmpty ? nil : cut
  }

  /// The window cut at full hours of the local day, each with its weight times its length.
  private func pieces(of window: Range<Int64>, epoch: Instant) -> [DepartureProfile.Interval] {
    var pieces: [DepartureProfile.Interval] = []
    let midnight = epoch.millisecondOfDay
    var at = window.lowerBound
    while at < window.upperBound {
      let local = at + midnight
      let ofDay = ((local % Self.day) + Self.day) % Self.day
      let end = min(window.upperBound, at + Self.hour - ofDay % Self.hour)
      let share = hourly[Int(ofDay / Self.hour)] * Double(end - at) / Double(Self.hour)
      pieces.append(DepartureProfile.Interval(from: at, to: end, share: share))
      at = end
    }
    return pieces
  }

  /// As many as asked for; by a rate, Poisson's number: exponential gaps are counted until they
  /// have used up the mean.
  private func number(_ pieces: [DepartureProfile.Interval], _ site: CallSite) throws(CityError)
    -> Int
  {
    if let count { return max(0, min(count, Self.most)) }
    let weights = hourly.reduce(0, +)
    let days = pieces.reduce(0) { $0 + $1.share } / weights
    let mean = (ratePer100000ADay ?? 0) * site.zones.population / 100_000 * days
    guard mean < Double(Self.most) / 2 else {
      throw .refused("the rate of calls asks for \(mean) calls, more than \(Self.most / 2)")
    }
    let draws = site.random.draws(.callTime, StableHash.of("number of calls"))
    var number = 0
    var used = -PortableMath.log(1 - draws.unit(0))
    while used < mean, number < Self.most {
      number += 1
      used -= PortableMath.log(1 - draws.unit(UInt64(number)))
    }
    return number
  }
}
