import CityBase
import CitySimulation

/// The types of vehicles in a run and their drivers, small enough for the nearest cache.
struct DriverTable {
  /// True where all drive by the IDM with the same parameters: then nobody looks into the table.
  let isUniform: Bool
  /// Whether anybody falls short of what he wants by chance.
  let isImperfect: Bool
  /// See `TrafficWorld.model`.
  let reference: IntelligentDriver
  /// By type and manner, manners of one type one after the other.
  let drivers: RawColumn<Driver>
  /// m, of the vehicles by driver; as many as a driver's index can tell apart.
  let length: RawColumn<Float>
  /// m/s, of all where `isUniform`.
  let oneTopSpeed: Float
  /// m/s, by type.
  let topSpeed: RawColumn<Float>
  /// m, of the longest vehicle, and m/s that the fastest one can do.
  let longest: Float
  let fastest: Float
  private let types: [VehicleType]
  /// By class: the type of the vehicles that other domains send out.
  private let typeOfClass: [Int]

  /// How many kinds of drivers there are of each type.
  private let manners: Int

  /// More types than this are left out.
  static let mostTypes = 200
  /// In standard deviations from the mean: the medians of the four quarters of a normal distribution.
  private static let quarters: [Float] = [-1.15035, -0.31864, 0.31864, 1.15035]

  /// `hasServices`: whether vehicles of services are sent out too.
  init(_ settings: TrafficSettings, hasServices: Bool, step: Float) {
    var types = Array(settings.vehicleTypes.prefix(Self.mostTypes))
    if types.isEmpty { types = [settings.usualType(of: .car)] }
    var typeOfClass: [Int] = []
    for vehicleClass in VehicleClass.allCases {
      if let own = types.firstIndex(where: { $0.vehicleClass == vehicleClass }) {
        typeOfClass.append(own)
      } else if vehicleClass.isOfTrips || !hasServices {
        typeOfClass.append(0)
      } else {
        typeOfClass.append(types.count)
        types.append(settings.usualType(of: vehicleClass))
      }
    }
    self.types = types
    longest = types.reduce(0) { max($0, $1.length) }
    fastest = types.reduce(0) { max($0, $1.topSpeed) }
    self.typeOfClass = typeOfClass
    let parameters = types.map { $0.parameters(settings.carFollowing) }
    let differs = settings.driverDeviation > 0 && types.count * 16 <= 256
    let factors = differs ? Self.quarters.map { 1 + settings.driverDeviation * $0 } : [1]
    manners = factors.count * factors.count
    let all = zip(types, parameters).flatMap { type, usual in
      factors.flatMap { headway in
        factors.map { vigour in
          var own = usual
          own.timeHeadway *= headway
          own.maximumAcceleration *= vigour
          return Driver(type.carFollowing ?? settings.carFollowing, own, step: step)
        }
      }
    }
    drivers = RawColumn(all)
    length = RawColumn(repeating: types[0].length, count: 256)
    for i in 0..<min(256, all.count) { length[i] = types[i / manners].length }
    topSpeed = RawColumn(types.map(\.topSpeed))
    isImperfect = all.contains { if case .krauss(let k) = $0 { k.imperfection > 0 } else { false } }
    oneTopSpeed = types[0].topSpeed
    let isOneSpeed = types.allSatisfy { $0.topSpeed == types[0].topSpeed }
    if case .idm(let driver) = all[0], all.allSatisfy({ $0 == all[0] }), isOneSpeed {
      isUniform = true
      reference = driver
    } else {
      isUniform = false
      let car = DriverParameters.usual(.idm, .car)
      func extreme(_ pick: ([Float]) -> Float?, _ of: (DriverParameters) -> Float) -> Float {
        pick(parameters.map(of)) ?? 1
      }
      reference = IntelligentDriver(
        maximumAcceleration: car.maximumAcceleration,
        comfortableBraking: extreme({ $0.min() }, \.comfortableBraking),
        timeHeadway: extreme({ $0.max() }, \.timeHeadway) * (factors.last ?? 1),
        standstillGap: extreme({ $0.max() }, \.standstillGap))
    }
  }

  func free() {
    drivers.free()
    length.free()
    topSpeed.free()
  }

  /// A type by its index; that of an index there is none for is the first.
  func type(_ index: Int) -> VehicleType { types[types.indices.contains(index) ? index : 0] }

  /// Whether there is a type of a class.
  func has(_ vehicleClass: VehicleClass) -> Bool {
    types.contains { $0.vehicleClass == vehicleClass }
  }

  /// The type of the vehicles of a class that other domains send out.
  func type(of vehicleClass: VehicleClass) -> Int { typeOfClass[Int(vehicleClass.rawValue)] }

  /// Who drives a vehicle of a type: one of its manners, by the trip's own draw.
  ///
  /// Time headway and greatest acceleration are the type's times a factor each, normally distributed
  /// around 1, independent of each other; the distribution is cut into quarters, each of which has
  /// its median.
  func driver(ofType type: Int, key: UInt64, _ random: RandomStream) -> UInt8 {
    let own = types.indices.contains(type) ? type : 0
    let manner = manners > 1 ? random.below(manners, .driverManner, key) : 0
    return UInt8(clamping: own * manners + manner)
  }

  /// The acceleration of a driver of the table: see `CarFollowing`.
  @inline(__always) func acceleration(
    _ driver: UInt8, speed: Float, desired: Float, gap: Float, leaderSpeed: Float
  ) -> Float {
    if isUniform {
      return reference.acceleration(
        speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
    }
    return mixed(
      driver, speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed,
      leaderAcceleration: 0)
  }

  @inline(never) func mixed(
    _ driver: UInt8, speed: Float, desired: Float, gap: Float, leaderSpeed: Float,
    leaderAcceleration: Float
  ) -> Float {
    drivers[Int(driver)].acceleration(
      speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed,
      leaderAcceleration: leaderAcceleration)
  }
}

/// The driver of the vehicle in a slot. Where all are alike the model is inlined; the test for that
/// is the same in every call.
extension TrafficWorld {
  @inline(__always) func acceleration(
    _ s: Int, speed: Float, desired: Float, gap: Float, leaderSpeed: Float
  ) -> Float {
    if table.isUniform {
      return model.acceleration(
        speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
    }
    return table.mixed(
      slots.driver[s], speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed,
      leaderAcceleration: 0)
  }

  /// m
  @inline(__always) func standstillGap(_ s: Int) -> Float {
    table.isUniform ? model.standstillGap : table.drivers[Int(slots.driver[s])].standstillGap
  }

  /// m/s²
  @inline(__always) func maximumAcceleration(_ s: Int) -> Float {
    table.isUniform
      ? model.maximumAcceleration : table.drivers[Int(slots.driver[s])].maximumAcceleration
  }

  /// An acceleration less what the driver falls short of it in this tick, as SUMO draws it: for
  /// every vehicle and step anew.
  @inline(never) func dawdled(_ a: Float, _ s: Int, speed: Float, _ moment: Moment) -> Float {
    guard case .krauss(let driver) = table.drivers[Int(slots.driver[s])], driver.imperfection > 0
    else { return a }
    let u = moment.random.unit(.dawdling, tripKey[slots.vehicle[s]], UInt64(moment.tick))
    return driver.dawdled(a, speed: speed, Float(u))
  }
}
