import CityBase
import CityNetwork

/// Roads that cars cannot both reach and leave: a part of a network outside of its largest
/// strongly connected part.
public struct CutOffPart: Sendable {
  /// Why it is cut off, the surest reason first where several hold.
  public enum Cause: String, Sendable, CaseIterable {
    /// It goes on beyond the edge of the extract.
    case extractEdge = "extract_edge"
    case turnRestriction = "turn_restriction"
    /// It hangs on ways that are private or closed to cars.
    case privateAccess = "private_access"
    case barrier = "barrier"
    /// It hangs on a way that is planned, being built or gone.
    case unbuilt = "unbuilt"
    case ferry = "ferry"
    /// It hangs on a track or a pedestrian area, which are no roads of the network.
    case track = "track"
    /// One-way roads lead in and not out, or out and not in.
    case oneWayTrap = "one_way_trap"
    /// Nothing joins it to roads close by.
    case gap = "gap"
    /// Nothing is close by.
    case remote = "remote"

    /// The cause in words.
    public var text: String {
      switch self {
      case .extractEdge: "goes on beyond the edge of the extract"
      case .turnRestriction: "turn restrictions leave no way"
      case .privateAccess: "hangs on private or closed ways"
      case .barrier: "behind a barrier"
      case .unbuilt: "hangs on roads that are not built, or gone"
      case .ferry: "hangs on a ferry"
      case .track: "hangs on tracks or squares"
      case .oneWayTrap: "one-way roads lead one way only"
      case .gap: "ends short of other roads"
      case .remote: "nothing near to hang on"
      }
    }
  }

  public var links: [LinkID]
  /// Up to three names of its roads, else the id of its first link.
  public var name: String
  /// Length of its links, both directions counted.
  public var metres: Double
  public var cause: Cause
  /// What the cause is seen from, such as `way 123`.
  public var detail: String
  /// Whether one can drive from the connected part into it, and from it back.
  public var canBeReached: Bool
  public var canBeLeft: Bool
  /// Metres to the nearest road of the connected part, where it has no link with it; else 0.
  public var gapMetres: Double
}

/// Something at a place that may cut roads off.
struct CutOffEvidence: Sendable {
  var place: Point2
  var cause: CutOffPart.Cause
  var detail: String
}
