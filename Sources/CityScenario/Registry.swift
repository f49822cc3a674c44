import CityEmergency
import CityParking
import CityPolicy
import CityTraffic

/// Everything a scenario can ask for by name. Adding a behaviour is one new file, one line here
/// and one test.
public enum Registry {
  /// By `type` in `policies`.
  public static let policies: [any PolicySettings.Type] = [
    LinkClosure.self,
    LaneClosure.self,
    SpeedLimit.self,
    SignalPlan.self,
    ParkingPrice.self,
    ParkingGuidance.self,
    AddedPost.self,
    PrivilegesOff.self,
  ]

  /// By `type` of `choice` in `parking`.
  public static let parkingChoices: [any ParkingChoice.Type] = [
    GeneralizedCost.self,
    NearestFacility.self,
    CheapestFacility.self,
  ]

  /// By `type` of `dispatch` in `emergency`.
  public static let dispatchRules: [any DispatchRule.Type] = [
    NearestByTravelTime.self,
    NearestByDistance.self,
  ]

  /// By `car_following` in `traffic`.
  public static let carFollowing: [CarFollowingModel] = [.idm, .acc, .krauss]

  /// By `type` of a control of signals, in `signals` and in plan files.
  public static let signalControls: [any SignalControl.Type] = [
    FixedTime.self,
    Actuated.self,
    MaxPressure.self,
  ]

  /// By key in a part of `demand`.
  public static let demand: [any DemandSettings.Type] = [
    TripTableDemand.self,
    MatrixDemand.self,
    GravityDemand.self,
  ]

  /// By their keys in `outputs`.
  public static let outputs: [any OutputWriter.Type] = [
    TimeseriesOutput.self,
    SnapshotOutput.self,
    MovementsOutput.self,
    DetectorsOutput.self,
  ]
}
