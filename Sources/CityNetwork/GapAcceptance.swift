import CityBase

/// How drivers who have to yield use the gaps that others leave: the figures of the Highway Capacity
/// Manual for the base case, and the capacity that follows from them.
///
/// Critical headways in seconds (HCM 2000, exhibit 17-5): across from the major road 4.1, out of a
/// minor one towards the kerb 6.2, straight over 6.5 and across 7.1; with the follow-up times 2.2,
/// 3.3, 4.0 and 3.5. Onto a roundabout 4.1 and 2.6 (exhibit 17-37). Across at a permissive green
/// 4.5 and 2.5 (chapter 16, appendix C). Round a narrow median 6.9 and 3.1 (HCM 2010, exhibits
/// 19-10 and 19-11).
public struct GapAcceptance: Sendable, Hashable {
  /// Seconds between two of those who go first that a driver needs to go in between.
  public var criticalSeconds: Float
  /// Seconds from one driver to the next through the same gap.
  public var followUpSeconds: Float

  public init(criticalSeconds: Float, followUpSeconds: Float) {
    self.criticalSeconds = criticalSeconds
    self.followUpSeconds = followUpSeconds
  }

  /// That of a connector of a network.
  public init(_ connector: ConnectorID, in network: RoadNetwork) {
    let link = network.laneLink[network.connectorFrom[connector]]
    self.init(
      network.connectorTurn[connector], control: network.junctionControl[network.linkTo[link]],
      rank: network.connectorRank[connector], drivesOnRight: network.drivesOnRight)
  }

  /// That of a turn at a junction. `rank` is its right of way as networks have it: in fours by the
  /// level of the road, so that less than 4 is the major road.
  public init(_ turn: Turn, control: JunctionControl, rank: UInt8, drivesOnRight: Bool) {
    let pair: (Float, Float)
    if control == .roundabout {
      pair = (4.1, 2.6)
    } else if turn == (drivesOnRight ? .right : .left) {
      pair = (6.2, 3.3)
    } else if turn == .through {
      pair = (6.5, 4.0)
    } else if rank >= 4 || control == .equal {
      // Where all roads are equal one has to watch those who cross as well.
      pair = (7.1, 3.5)
    } else if turn == .uTurn {
      pair = (6.9, 3.1)
    } else {
      pair = control == .signals ? (4.5, 2.5) : (4.1, 2.2)
    }
    self.init(criticalSeconds: pair.0, followUpSeconds: pair.1)
  }

  /// Vehicles an hour that find a gap in a stream of so many an hour with random headways:
  /// v exp(-v tc / 3600) / (1 - exp(-v tf / 3600)) (Harders 1968; HCM 2000, equation 17-3).
  public func capacity(conflicting: Double) -> Double {
    let v = max(0, conflicting.isFinite ? conflicting : 0)
    let followUp = max(0.1, Double(followUpSeconds))
    guard v > 0.01 else { return 3600 / followUp }
    let gap = Double(criticalSeconds)
    return v * PortableMath.exp(-v * gap / 3600) / (1 - PortableMath.exp(-v * followUp / 3600))
  }
}
