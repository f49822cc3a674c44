import CityBase
import CitySimulation

extension TrafficDomain: LaneBlocking {
  public func block(_ blockage: LaneBlockage) -> BlockageID { .none }
  public func unblock(_ blockage: BlockageID) {}
}
