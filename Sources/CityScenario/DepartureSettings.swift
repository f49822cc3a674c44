import CityBase
import CityDemand
import CityPolicy
import CityText

/// When the trips of a model depart: `{"from": "07:00", "to": "08:00", "profile": [1, 3, 2]}`.
struct DepartureSettings: Sendable {
  var from: TimeText?
  var to: TimeText?
  /// Shares of pieces of equal length; empty for the model's own shape.
  var profile: [Double] = []

  init(_ source: JSONObjectReader?) throws(CityError) {
    guard var reader = source else { return }
    from = try reader.optionalTime("from")
    to = try reader.optionalTime("to")
    profile = try reader.numbers("profile")
    for (i, share) in profile.enumerated() where share < 0 {
      throw reader.error("profile[\(i)]", "expected a share of 0 or more, found \(share)")
    }
    if !profile.isEmpty, !profile.contains(where: { $0 > 0 }) {
      throw reader.error("profile", "expected a share above 0")
    }
    try reader.finish()
  }

  /// The window in milliseconds from the start.
  func window(for site: DemandSite) throws(CityError) -> Range<Int64> {
    let epoch = site.clock.epoch
    let start = from?.milliseconds(from: epoch) ?? site.defaultWindow.lowerBound
    let end = to?.milliseconds(from: epoch) ?? site.defaultWindow.upperBound
    guard start < end else {
      throw .refused("expected departures that end after they begin")
    }
    guard end - start <= ClockSettings.longest * 4 else {
      throw .refused("expected departures within a few months")
    }
    return start..<end
  }

  /// The shares as a profile; nil where none are given.
  func profile(over window: Range<Int64>) throws(CityError) -> DepartureProfile? {
    guard !profile.isEmpty else { return nil }
    let length = window.upperBound - window.lowerBound
    let count = Int64(profile.count)
    var pieces: [DepartureProfile.Interval] = []
    for (i, share) in profile.enumerated() {
      let from = window.lowerBound + length * Int64(i) / count
      let to = window.lowerBound + length * Int64(i + 1) / count
      pieces.append(DepartureProfile.Interval(from: from, to: to, share: share))
    }
    return try DepartureProfile(pieces)
  }
}
