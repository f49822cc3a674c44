import CityBase
import CityText

/// Sends the unit that is there first as the roads are now; among equals the first.
public struct NearestByTravelTime: DispatchRule {
  public static let typeName = "nearest_by_travel_time"
  public init() {}
  public init(from reader: inout JSONObjectReader) throws(CityError) {}

  public func choose(for call: Call, among candidates: [DispatchCandidate]) -> Int? {
    candidates.indices.min { candidates[$0].travelSeconds < candidates[$1].travelSeconds }
  }
}
