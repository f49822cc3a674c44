import CityBase
import CityNetwork

/// Travel times as drivers experience them now, jams and closures included. Phase 2 only.
public protocol TravelTimeSource: AnyObject {
  /// Seconds from each of some places to one; nil where no way leads. One search for all of them.
  func seconds(from origins: [AccessPoint], to destination: AccessPoint, at moment: Moment)
    -> [Double?]
  /// Seconds from one place to each of some; nil where no way leads. One search for all of them.
  func seconds(from origin: AccessPoint, to destinations: [AccessPoint], at moment: Moment)
    -> [Double?]
}
