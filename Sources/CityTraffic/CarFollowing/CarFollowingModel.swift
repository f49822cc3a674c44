/// The car-following models that a scenario can name. A new one is a file beside this, and here a
/// case, its word and its line in `Driver`.
public enum CarFollowingModel: UInt8, Sendable, CaseIterable {
  /// `IntelligentDriver`
  case idm = 0
  /// `AdaptiveCruise`
  case acc = 1
  /// `KraussDriver`
  case krauss = 2

  /// The word for it in scenarios and tables.
  public var word: String {
    switch self {
    case .idm: "idm"
    case .acc: "acc"
    case .krauss: "krauss"
    }
  }

  /// The model with this word, or nil.
  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = found
  }

  /// A driver of this model with some parameters at a step in s, above 0.
  public func driver(_ parameters: DriverParameters, step: Float) -> any CarFollowing {
    switch Driver(self, parameters, step: step) {
    case .idm(let driver): driver
    case .acc(let driver): driver
    case .krauss(let driver): driver
    }
  }
}

/// What a driver of any model is made of.
public struct DriverParameters: Sendable, Equatable {
  /// m/s², above 0.
  public var maximumAcceleration: Float
  /// m/s², above 0.
  public var comfortableBraking: Float
  /// s, above 0; the reaction time in Krauss's model.
  public var timeHeadway: Float
  /// m
  public var standstillGap: Float
  /// 0 to 1; Krauss's σ, without effect in the other models.
  public var imperfection: Float

  public init(
    maximumAcceleration: Float, comfortableBraking: Float, timeHeadway: Float,
    standstillGap: Float, imperfection: Float = 0
  ) {
    self.maximumAcceleration = maximumAcceleration
    self.comfortableBraking = comfortableBraking
    self.timeHeadway = timeHeadway
    self.standstillGap = standstillGap
    self.imperfection = imperfection
  }
}

/// A driver as the tick has it: a value in a small table, told apart by a switch.
enum Driver: Equatable, BitwiseCopyable {
  case idm(IntelligentDriver)
  case acc(AdaptiveCruise)
  case krauss(KraussDriver)

  init(_ model: CarFollowingModel, _ p: DriverParameters, step: Float) {
    let base = IntelligentDriver(
      maximumAcceleration: p.maximumAcceleration, comfortableBraking: p.comfortableBraking,
      timeHeadway: p.timeHeadway, standstillGap: p.standstillGap)
    switch model {
    case .idm: self = .idm(base)
    case .acc: self = .acc(AdaptiveCruise(base))
    case .krauss:
      var krauss = KraussDriver(step: step)
      krauss.maximumAcceleration = p.maximumAcceleration
      // More than a vehicle can do would not keep it from running into another.
      krauss.comfortableBraking = min(p.comfortableBraking, Rule.hardestBraking)
      krauss.timeHeadway = p.timeHeadway
      krauss.standstillGap = p.standstillGap
      krauss.imperfection = p.imperfection
      self = .krauss(krauss)
    }
  }

  func acceleration(
    speed: Float, desired: Float, gap: Float, leaderSpeed: Float, leaderAcceleration: Float
  ) -> Float {
    switch self {
    case .idm(let driver):
      driver.acceleration(speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
    case .acc(let driver):
      driver.acceleration(
        speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed,
        leaderAcceleration: leaderAcceleration)
    case .krauss(let driver):
      driver.acceleration(speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
    }
  }

  var standstillGap: Float {
    switch self {
    case .idm(let driver): driver.standstillGap
    case .acc(let driver): driver.standstillGap
    case .krauss(let driver): driver.standstillGap
    }
  }

  var maximumAcceleration: Float {
    switch self {
    case .idm(let driver): driver.maximumAcceleration
    case .acc(let driver): driver.maximumAcceleration
    case .krauss(let driver): driver.maximumAcceleration
    }
  }

  /// Whether it speeds up at one rate until it drives as it desires.
  var speedsUpEvenly: Bool {
    if case .krauss = self { return true }
    return false
  }

  /// m/s² by which it speeds up on average: the greatest, less what it falls short of it by chance.
  var meanAcceleration: Float {
    if case .krauss(let driver) = self {
      return driver.maximumAcceleration * (1 - driver.imperfection / 2)
    }
    return maximumAcceleration
  }
}
