import CityBase
import CityText

/// Sends the unit that is nearest as the crow flies, as control rooms without travel times do;
/// among equals the first.
public struct NearestByDistance: DispatchRule {
  public static let typeName = "nearest_by_distance"
  public init() {}
  public init(from reader: inout JSONObjectReader) throws(CityError) {}

  public func choose(for call: Call, among candidates: [DispatchCandidate]) -> Int? {
    candidates.indices.min { candidates[$0].meters < candidates[$1].meters }
  }
}
