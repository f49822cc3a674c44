import CityBase
import CityEmergency
import CityText

/// Sends a unit that waits at its post before one on its way back, so that crews get home; among
/// equals the quickest.
struct PostsFirst: DispatchRule {
  static let typeName = "posts_first"

  init(from reader: inout JSONObjectReader) throws(CityError) {}

  func choose(for call: Call, among candidates: [DispatchCandidate]) -> Int? {
    candidates.indices.min {
      let (a, b) = (candidates[$0], candidates[$1])
      return (a.isReturning ? 1 : 0, a.travelSeconds) < (b.isReturning ? 1 : 0, b.travelSeconds)
    }
  }
}
