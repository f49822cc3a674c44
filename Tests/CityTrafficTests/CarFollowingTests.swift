import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

final class CarFollowingTests: XCTestCase {
  /// Every model with its usual driver of every class, at all steps a scenario may have.
  func testAllModelsConform() {
    for model in CarFollowingModel.allCases {
      XCTAssertEqual(CarFollowingModel(word: model.word), model)
      for vehicleClass in VehicleClass.allCases {
        var parameters = DriverParameters.usual(model, vehicleClass)
        // The checker asks what a driver wants, without chance.
        parameters.imperfection = 0
        for step: Float in [0.1, 0.5, 1] {
          XCTAssertEqual(
            CarFollowingConformance.violations(
              of: model.driver(parameters, step: step), step: step),
            [], "\(model) \(vehicleClass) at \(step) s")
        }
      }
    }
    XCTAssertNil(CarFollowingModel(word: "IDM"))
  }

  /// A driver who does not brake runs into what stands: the checker says so.
  func testTheCheckerFindsWhoDoesNotBrake() {
    struct Blind: CarFollowing {
      let comfortableBraking: Float = 2
      let standstillGap: Float = 2
      let maximumAcceleration: Float = 1
      func acceleration(speed: Float, desired: Float, gap: Float, leaderSpeed: Float) -> Float {
        min(1, desired - speed)
      }
    }
    XCTAssertFalse(CarFollowingConformance.violations(of: Blind(), step: 0.5).isEmpty)
  }

  /// By hand: at 10 m/s behind 10 m/s Krauss's safe speed at a gap of 2.5 + 10 m is 10 m/s, so that
  /// he keeps it; at 10 m/s, 20 m behind what stands, of which he drives 5 m at the old speed in a
  /// step of 1 s: -2.25 + √(5.0625 + 9 · 12.5) = 8.593 m/s.
  func testKraussByHand() {
    let driver = KraussDriver(step: 1)
    func ask(_ v: Float, _ gap: Float, _ leader: Float) -> Float {
      driver.acceleration(speed: v, desired: 20, gap: gap, leaderSpeed: leader)
    }
    XCTAssertEqual(ask(10, 12.5, 10), 0, accuracy: 1e-5)
    XCTAssertEqual(ask(10, 20, 0), -1.407, accuracy: 1e-3)
    XCTAssertEqual(ask(10, 200, 10), 2.6, accuracy: 1e-6)
    XCTAssertEqual(ask(19, .infinity, 0), 1, accuracy: 1e-6)
    // σ a ε = 0.5 · 2.6 · 0.5 of 2.6 m/s² at speed; below 2.6 m/s it is σ v ε of the new speed.
    XCTAssertEqual(driver.dawdled(2.6, speed: 10, 0.5), 1.95, accuracy: 1e-6)
    XCTAssertEqual(driver.dawdled(1, speed: 0, 0.5), 0.75, accuracy: 1e-6)
    XCTAssertEqual(driver.dawdled(-3, speed: 2, 0.9), -3)
  }

  /// By hand, with a leader at the same speed, 20 m/s, 10 m ahead: the IDM wants 2 + 20 m, brakes by
  /// 1.5 (1 - (2/3)⁴ - 2.2²) = -6.056 m/s²; nobody has to, so that the form asks for
  /// 0.01 · -6.056 + 0.99 · 2 tanh(-3.028) = -2.031.
  func testACutInIsAnsweredCalmly() {
    let form = AdaptiveCruise()
    let idm = IntelligentDriver()
    XCTAssertEqual(
      idm.acceleration(speed: 20, desired: 30, gap: 10, leaderSpeed: 20), -6.056, accuracy: 1e-3)
    XCTAssertEqual(
      form.acceleration(speed: 20, desired: 30, gap: 10, leaderSpeed: 20), -2.031, accuracy: 2e-3)
    // A leader who brakes at 2 m/s² from 10 to 0 m/s comes to a stop after 25 m: 400 · -2 /
    // (100 + 4 · 30) = -3.636 is what the follower needs from 20 m/s and 30 m behind.
    let calm = form.acceleration(
      speed: 20, desired: 30, gap: 30, leaderSpeed: 10, leaderAcceleration: -2)
    let wanted = idm.acceleration(speed: 20, desired: 30, gap: 30, leaderSpeed: 10)
    XCTAssertLessThan(wanted, -8)
    XCTAssertGreaterThan(calm, -3.636 - 2 + 0.01 * (wanted + 3.636) - 0.01)
    XCTAssertLessThan(calm, -3.636)
  }

  /// Cars alone drive by one model without a table; a truck among them, or another model, needs it.
  func testTheTableIsOnlyUsedWhereDriversDiffer() {
    func table(_ change: (inout TrafficSettings) -> Void) -> DriverTable {
      var settings = TrafficSettings()
      change(&settings)
      return DriverTable(settings, hasServices: true, step: 0.5)
    }
    let plain = table { _ in }
    XCTAssertTrue(plain.isUniform)
    XCTAssertEqual(plain.reference, IntelligentDriver())
    let krauss = table { $0.carFollowing = .krauss }
    XCTAssertFalse(krauss.isUniform)
    XCTAssertTrue(krauss.isImperfect)
    XCTAssertEqual(krauss.reference.standstillGap, 2.5)
    let mixed = table { $0.vehicleTypes = [VehicleType(.car), VehicleType(.truck)] }
    XCTAssertFalse(mixed.isUniform)
    XCTAssertFalse(mixed.isImperfect)
    XCTAssertEqual(mixed.reference.comfortableBraking, 1.8)
    XCTAssertEqual(mixed.type(of: .truck), 1)
    XCTAssertEqual(mixed.type(of: .bus), 0)
    XCTAssertEqual(mixed.type(mixed.type(of: .fireEngine)).length, 8.5)
    for t in [plain, krauss, mixed] { t.free() }
  }
}
