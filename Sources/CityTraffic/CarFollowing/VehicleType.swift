import CitySimulation

/// A type of vehicle with its usual driver.
///
/// The usual sizes and Krauss parameters of a class are SUMO's ("Vehicle Type Parameter Defaults"), but
/// for cars, whose 4.6 m this engine had before; the top speeds of lorries and buses are those of the law
/// named below. For the IDM and its ACC form
/// acceleration and braking are in the same proportion to a car's 1.5 and 2 m/s² as there, as far as
/// nothing else is said.
public struct VehicleType: Sendable, Equatable {
  public var name: String
  public var vehicleClass: VehicleClass
  /// m
  public var length: Float
  /// m
  public var width: Float
  /// m/s; what the vehicle can do or may do on any road.
  public var topSpeed: Float
  /// The mean of its drivers' desired speed as a share of the limit, and the standard deviation, cut
  /// off at two of them.
  public var speedFactor: Float = 1
  public var speedDeviation: Float = 0.1
  /// Nil where it is that of the scenario.
  public var carFollowing: CarFollowingModel?
  /// What is said of its drivers; the rest is as usual for the class and the model.
  public var said = SaidOfDriver()

  /// The usual type of a class, by the class's word.
  public init(_ vehicleClass: VehicleClass) {
    name = vehicleClass.word
    self.vehicleClass = vehicleClass
    switch vehicleClass {
    case .car: (length, width, topSpeed) = (4.6, 1.8, 50)
    // On a van's and on a lorry's chassis, and a patrol car: usual sizes, not those of one service.
    case .ambulance: (length, width, topSpeed) = (6, 2.2, 50)
    case .fireEngine: (length, width, topSpeed) = (8.5, 2.5, 50)
    case .policeCar: (length, width, topSpeed) = (4.8, 1.8, 50)
    // 80 km/h: Germany, StVO sections 3 (3) and 18 (5), for lorries above 3.5 t outside built-up
    // areas and on motorways, and for buses; lorries above 7.5 t may go 60 km/h off motorways.
    case .truck: (length, width, topSpeed) = (7.1, 2.4, 80 / 3.6)
    case .bus: (length, width, topSpeed) = (12, 2.5, 80 / 3.6)
    case .motorcycle: (length, width, topSpeed) = (2.2, 0.9, 50)
    // 25 km/h: the European Union's Regulation 168/2013, article 2 (2) h, and China's GB 17761.
    case .eBike: (length, width, topSpeed) = (1.8, 0.65, 25 / 3.6)
    }
    if vehicleClass == .truck { speedDeviation = 0.05 }
  }

  /// Who drives it where the type says nothing, in a scenario with this model for all.
  func parameters(_ usual: CarFollowingModel) -> DriverParameters {
    var p = DriverParameters.usual(carFollowing ?? usual, vehicleClass)
    if let a = said.maximumAcceleration { p.maximumAcceleration = a }
    if let b = said.comfortableBraking { p.comfortableBraking = b }
    if let t = said.timeHeadway { p.timeHeadway = t }
    if let s0 = said.standstillGap { p.standstillGap = s0 }
    if let sigma = said.imperfection { p.imperfection = sigma }
    return p
  }
}

/// What a type says of its drivers: see `DriverParameters`.
public struct SaidOfDriver: Sendable, Equatable {
  public var maximumAcceleration: Float?
  public var comfortableBraking: Float?
  public var timeHeadway: Float?
  public var standstillGap: Float?
  public var imperfection: Float?

  public init(
    maximumAcceleration: Float? = nil, comfortableBraking: Float? = nil,
    timeHeadway: Float? = nil, standstillGap: Float? = nil, imperfection: Float? = nil
  ) {
    self.maximumAcceleration = maximumAcceleration
    self.comfortableBraking = comfortableBraking
    self.timeHeadway = timeHeadway
    self.standstillGap = standstillGap
    self.imperfection = imperfection
  }
}

extension VehicleClass {
  /// Whether trips are made with it, and not drives of a service.
  public var isOfTrips: Bool {
    switch self {
    case .car, .truck, .bus, .motorcycle, .eBike: true
    case .ambulance, .fireEngine, .policeCar: false
    }
  }
}

extension DriverParameters {
  /// The usual driver of a class in a model: see `VehicleType`.
  public static func usual(_ model: CarFollowingModel, _ vehicleClass: VehicleClass)
    -> DriverParameters
  {
    model == .krauss ? krauss(vehicleClass) : intelligent(vehicleClass)
  }

  private static func intelligent(_ vehicleClass: VehicleClass) -> DriverParameters {
    func with(_ a: Float, _ b: Float, _ t: Float, _ s0: Float) -> DriverParameters {
      DriverParameters(
        maximumAcceleration: a, comfortableBraking: b, timeHeadway: t, standstillGap: s0)
    }
    switch vehicleClass {
    case .car, .ambulance, .fireEngine, .policeCar: return with(1.5, 2, 1, 2)
    // Drivers of heavy vehicles keep half a second more (assumed).
    case .truck: return with(0.75, 1.8, 1.5, 2)
    case .bus: return with(0.75, 1.8, 1.5, 2)
    // Not the 3.5 that SUMO's proportion gives: with 2 a step of 1 s is stable at 18 km/h.
    case .motorcycle: return with(2, 2, 1, 2)
    // With a motor as quick as a calm car, at a bicycle's gap (assumed).
    case .eBike: return with(1, 1.5, 1, 0.5)
    }
  }

  private static func krauss(_ vehicleClass: VehicleClass) -> DriverParameters {
    func with(_ a: Float, _ b: Float, _ gap: Float) -> DriverParameters {
      DriverParameters(
        maximumAcceleration: a, comfortableBraking: b, timeHeadway: 1, standstillGap: gap,
        imperfection: 0.5)
    }
    switch vehicleClass {
    case .car, .ambulance, .fireEngine, .policeCar: return with(2.6, 4.5, 2.5)
    case .truck: return with(1.3, 4, 2.5)
    case .bus: return with(1.2, 4, 2.5)
    // 10 m/s² of braking in SUMO; the hardest here are 8.
    case .motorcycle: return with(6, 8, 2.5)
    case .eBike: return with(1.2, 3, 0.5)
    }
  }
}
