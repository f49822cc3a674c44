import CityBase
import CityNetwork

/// Lanes that become one with equal right, where drivers take turns as the teeth of a zip do.
///
/// Who had to stand at the line until the one before has cleared it would start from there every time,
/// and a lane that starts one car after the other from one place passes hardly 1,200 an hour. So they
/// wait where there is still a run-up to the place at which their ways come together, and come to it
/// at a speed at which a lane is full.
enum TakingTurns {
  /// m. From there a driver with 1.5 m/s² comes to the place at 5.5 m/s, at which a car and its gap of
  /// 6.6 m every second and 6.6 m further are 1,640 vehicles an hour.
  static let runUp: Float = 10
  /// m; shorter lanes have no room to wait before their end.
  static let shortest: Float = 40

  /// By road lane: m before the line at which a driver waits to be let into the junction. 0 but where
  /// every way on does nothing but run together with others to which it does not yield, without a
  /// light.
  static func waitsBefore(_ network: RoadNetwork) -> RawColumn<Float> {
    RawColumn(
      (0..<network.roadLaneCount).map { i in
        let lane = LaneID(i)
        guard network.laneLength[lane] >= shortest else { return 0 }
        var meetsOthers = false
        for c in network.connectors(from: lane).map({ ConnectorID($0) }) {
          if network.connectorGroup[c] >= 0 { return 0 }
          for conflict in network.conflicts(of: c) where conflict.kind != ConflictKind.diverge {
            if conflict.kind != ConflictKind.merge || conflict.yields != 0 { return 0 }
            meetsOthers = true
          }
        }
        return meetsOthers ? runUp : 0
      })
  }
}
