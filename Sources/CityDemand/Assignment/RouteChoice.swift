import CityBase
import CityNetwork

/// How drivers choose among the ways there are before they set out.
///
/// The path-size logit of Ben-Akiva and Bierlaire (1999), "Discrete choice methods and their
/// applications to short term travel decisions": the utility of a way is -scale times the minutes that
/// it takes longer than the quickest one, plus the logarithm of its path size, which is 1 for a way of
/// its own and 1/n for one of n that are the same. To it comes a Gumbel term that belongs to the trip
/// and the links of the way alone, so that nobody else's coming, going or choosing changes it.
public struct LogitChoice: Sendable, Equatable {
  /// Which ways there are to choose from.
  public var limits = AlternativeLimits()
  /// Utility per minute: 0 makes all ways alike, 10 all but forbids one that takes a minute longer.
  /// The default is a round figure of this project: 1 in 3.7 takes one of two ways, a minute longer.
  public var scalePerMinute = 1.0
  /// The weight of the path size: 1 where drivers do not see the same road twice, 0 for plain logit.
  public var pathSizeWeight = 1.0

  public init() {}

  /// The utilities of ways, without their random terms.
  public func utilities(_ ways: [RouteAlternative]) -> [Double] {
    let least = ways.reduce(Int64.max) { min($0, $1.milliseconds) }
    return ways.map { way in
      let minutes = Double(way.milliseconds - least) / 60_000
      let size = pathSizeWeight > 0 ? PortableMath.log(max(1e-9, way.pathSize)) : 0
      return pathSizeWeight * size - scalePerMinute * minutes
    }
  }

  /// The way that a driver takes: that of the greatest utility with its random term. `hashes` tell
  /// the ways apart and stay the same from run to run.
  func choice(among utilities: [Double], hashes: [UInt64], draws: RandomDraws) -> Int {
    var best = 0
    var most = -Double.infinity
    for (i, utility) in utilities.enumerated() {
      // In (0, 1), so that both logarithms are finite.
      let unit = draws.unit(hashes[i]) + 0x1p-54
      let term = utility - PortableMath.log(-PortableMath.log(unit))
      if term > most {
        most = term
        best = i
      }
    }
    return best
  }
}

/// How the first routes of trips are found.
public enum RouteModel: Sendable, Equatable {
  /// A choice among alternatives.
  case logit(LogitChoice)
  /// The quickest way as this driver sees the network: every link's time is scaled by a factor of the
  /// driver's own, up to `spread` off (Burrell, J. E. (1968), "Multiple route assignment and its
  /// application to capacity restraint", draws link times at random in the same spirit).
  case perturbed(spread: Double)
}
