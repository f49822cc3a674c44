import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// How drivers of one type differ, and what classes may do that cars may not.
final class DriversAndClassesTests: XCTestCase {
  /// Four factors on either parameter, all sixteen pairs as often as another; the factors are the
  /// medians of the quarters of a normal distribution, so that their mean is 1 and, by hand,
  /// their deviation √((1.15035² + 0.31864²) / 2) = 0.8441 of the one asked for.
  func testDriversDifferAsStated() {
    var settings = TrafficSettings()
    settings.driverDeviation = 0.2
    let table = DriverTable(settings, hasServices: false, step: 0.5)
    defer { table.free() }
    XCTAssertFalse(table.isUniform)
    XCTAssertEqual(table.drivers.count, 16)
    var (headways, vigours): ([Double], [Double]) = ([], [])
    for i in 0..<16 {
      guard case .idm(let driver) = table.drivers[i] else { return XCTFail("no IDM") }
      headways.append(Double(driver.timeHeadway))
      vigours.append(Double(driver.maximumAcceleration) / 1.5)
    }
    for factors in [headways, vigours] {
      let mean = factors.reduce(0, +) / 16
      XCTAssertEqual(mean, 1, accuracy: 1e-6)
      let variance = factors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 16
      XCTAssertEqual(variance.squareRoot(), 0.2 * 0.8441, accuracy: 1e-4)
    }
    var counts = [Int](repeating: 0, count: 16)
    let random = RandomStream(seed: 5)
    for i in 0..<8000 {
      let key = StableHash.of("driver-\(i)")
      let driver = table.driver(ofType: 0, key: key, random)
      XCTAssertEqual(driver, table.driver(ofType: 0, key: key, random))
      counts[Int(driver)] += 1
    }
    // 500 each, with a standard deviation of √(8000 / 16 · 15 / 16) = 21.7; four of them.
    for count in counts { XCTAssertEqual(Double(count), 500, accuracy: 87) }
  }

  private let network = GridNetwork(size: 5, lanes: 2).build()

  func testDifferentDriversKeepTheBitsAndTheBooks() throws {
    var settings = TrafficSettings()
    settings.driverDeviation = 0.2
    settings.vehicleTypes = [VehicleType(.car), VehicleType(.truck)]
    func run(_ threads: Int) -> GridRun {
      GridRun(network: network, trips: 500, seconds: 300, threads: threads, settings: settings)
    }
    let (one, four) = (run(1), run(4))
    for i in 0..<1000 {
      for r in [one, four] { try r.simulation.step() }
      if i % 9 == 0 { XCTAssertEqual(one.traffic.violations(), [], "tick \(i)") }
    }
    XCTAssertEqual(one.simulation.stateHash(), four.simulation.stateHash())
    XCTAssertEqual(Set((0..<500).map { one.traffic.world.vehicles.driver[$0] }).count, 32)
  }

  /// On an empty road of 100 km/h everybody drives his share of it, but no lorry faster than its
  /// 80 km/h and no e-bike faster than its 25 km/h.
  func testNoClassIsFasterThanItMay() throws {
    let street = RoadShapes.build(length: 1500, forward: 2, backward: 0, limit: 100 / 3.6)
    for vehicleClass in VehicleClass.allCases where vehicleClass.isOfTrips {
      var settings = TrafficSettings()
      settings.vehicleTypes = [VehicleType(vehicleClass)]
      settings.vehicleTypes[0].speedDeviation = 0
      let link = LinkID(0)
      let run = StreetRun(
        street,
        [
          StreetRun.Journey(
            second: 1, from: AccessPoint(link: link, offset: 20),
            to: AccessPoint(link: link, offset: 1400))
        ], settings: settings)
      defer { run.traffic.pool.shutDown() }
      var fastest: Float = 0
      let wrong = try run.drive(to: 260) {
        let lanes = run.traffic.world.lanes
        for lane in 0..<2 where lanes.count[lane] > 0 {
          fastest = max(fastest, run.traffic.world.slots.speed[Int(lanes.base[lane])])
        }
      }
      XCTAssertEqual(wrong, [])
      let limit: Float =
        switch vehicleClass {
        case .truck, .bus: 80 / 3.6
        case .eBike: 25 / 3.6
        default: 100 / 3.6
        }
      // The IDM comes up to its desired speed from below: within 1 % after a kilometre.
      XCTAssertEqual(fastest / limit, 1, accuracy: 0.01, "\(vehicleClass)")
      XCTAssertLessThanOrEqual(fastest, limit * 1.0001)
    }
  }

  /// Three cars to a motorcycle on full streets: those who may filter are quicker than where they
  /// may not, and then as quick as cars.
  func testMotorcyclesFilterPastQueues() throws {
    func run(_ filtering: [VehicleClass]) throws -> (car: Double, motorcycle: Double) {
      var settings = TrafficSettings()
      settings.filteringClasses = filtering
      // Alike in all but that.
      var motorcycle = VehicleType(.motorcycle)
      motorcycle.said = SaidOfDriver(maximumAcceleration: 1.5)
      let car = VehicleType(.car)
      settings.vehicleTypes = [car, motorcycle, car, car]
      let run = GridRun(network: network, trips: 1200, seconds: 400, settings: settings)
      for i in 0..<2600 {
        try run.simulation.step()
        if i % 9 == 0 { XCTAssertEqual(run.traffic.violations(), [], "tick \(i)") }
      }
      XCTAssertGreaterThan(run.traffic.counts.arrived, 1150)
      let vehicles = run.traffic.world.vehicles
      func mean(_ isMotorcycle: Bool) -> Double {
        let its = (0..<1200).filter {
          (vehicles.type[$0] == 1) == isMotorcycle && vehicles.arrived[$0] >= 0
        }
        return its.reduce(0) { $0 + Double(vehicles.arrived[$1] - vehicles.departed[$1]) }
          / Double(max(1, its.count)) / 2
      }
      return (mean(false), mean(true))
    }
    let may = try run([.motorcycle])
    let mayNot = try run([])
    XCTAssertLessThan(may.motorcycle, may.car)
    XCTAssertLessThan(may.motorcycle, mayNot.motorcycle)
    // 300 drives against 900, each with a deviation of half its mean: 3.3 %; three of these.
    XCTAssertEqual(mayNot.motorcycle / mayNot.car, 1, accuracy: 0.1)
  }

  /// A queue of one lane that starts at a green: what a tenth of lorries costs its discharge, in cars
  /// for each. The Highway Capacity Manual (2000, chapter 16) counts a heavy vehicle as 2.0 cars; the
  /// usual lorry is on the short side of those, an articulated one on the long side.
  func testALorryCostsTheDischargeTwoCars() {
    func car(_ type: VehicleType) -> QueuedVehicle {
      QueuedVehicle(
        driver: CarFollowingModel.idm.driver(type.parameters(.idm), step: 0.5), length: type.length)
    }
    var long = VehicleType(.truck)
    long.length = 16.5
    let cars = (0..<36).map { _ in car(VehicleType(.car)) }
    let alone = QueuedVehicle.headway(of: cars)
    // 1,800 to 1,900 cars an hour.
    XCTAssertEqual(3600 / alone, 1850, accuracy: 50)
    for (lorry, equivalent) in [(VehicleType(.truck), 1.8), (long, 2.2)] {
      let mixed = (0..<36).map { $0 % 10 == 7 ? car(lorry) : cars[$0] }
      XCTAssertEqual(
        1 + (QueuedVehicle.headway(of: mixed) / alone - 1) / 0.1, equivalent, accuracy: 0.25)
    }
  }
}

/// A vehicle of a queue that stands bumper to bumper before a stop line.
private struct QueuedVehicle {
  var driver: any CarFollowing
  var length: Float
  var position: Float = 0
  var speed: Float = 0

  /// Seconds from one to the next at the line, from the fifth to the thirty-fifth.
  static func headway(of queue: [QueuedVehicle]) -> Double {
    var queue = queue
    for i in queue.indices.dropFirst() {
      queue[i].position =
        queue[i - 1].position - queue[i - 1].length - queue[i].driver.standstillGap
    }
    var passed = [Double?](repeating: nil, count: queue.count)
    for tick in 0..<600 {
      let before = queue
      for i in queue.indices {
        let gap: Float =
          i == 0 ? .infinity : before[i - 1].position - before[i - 1].length - before[i].position
        let a = max(
          -8,
          before[i].driver.acceleration(
            speed: before[i].speed, desired: 50 / 3.6, gap: gap,
            leaderSpeed: i == 0 ? 0 : before[i - 1].speed))
        let speed = max(0, before[i].speed + a * 0.5)
        let moved = (before[i].speed + speed) * 0.25
        queue[i].speed = speed
        queue[i].position += moved
        if passed[i] == nil, queue[i].position > 1 {
          passed[i] = Double(tick + 1) / 2 - Double((queue[i].position - 1) / max(0.1, moved)) / 2
        }
      }
    }
    return ((passed[34] ?? .infinity) - (passed[4] ?? 0)) / 30
  }
}
