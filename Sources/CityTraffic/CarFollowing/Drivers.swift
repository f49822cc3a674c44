/// Who drives the vehicles of a run, as those ask who move them.
///
/// The walk over the lanes is compiled once for each kind of drivers: where all are alike nobody is
/// looked up, and the parameters of the model stay in registers.
protocol Drivers {
  /// True where nobody accelerates by how the leader does.
  static var areAlike: Bool { get }
  /// m/s², of the driver with an index in the table: see `CarFollowing`.
  func acceleration(
    _ driver: UInt8, speed: Float, desired: Float, gap: Float, leaderSpeed: Float,
    leaderAcceleration: Float
  ) -> Float
  /// m
  func standstillGap(_ driver: UInt8) -> Float
}

/// All drive by the IDM with the same parameters.
struct UniformDrivers: Drivers {
  let model: IntelligentDriver

  @inline(__always) static var areAlike: Bool { true }

  @inline(__always) func acceleration(
    _: UInt8, speed: Float, desired: Float, gap: Float, leaderSpeed: Float,
    leaderAcceleration: Float
  ) -> Float {
    model.acceleration(speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
  }

  @inline(__always) func standstillGap(_: UInt8) -> Float { model.standstillGap }
}

/// Each drives in the manner that the table has for it.
struct MixedDrivers: Drivers {
  let table: DriverTable

  @inline(__always) static var areAlike: Bool { false }

  @inline(__always) func acceleration(
    _ driver: UInt8, speed: Float, desired: Float, gap: Float, leaderSpeed: Float,
    leaderAcceleration: Float
  ) -> Float {
    table.mixed(
      driver, speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed,
      leaderAcceleration: leaderAcceleration)
  }

  @inline(__always) func standstillGap(_ driver: UInt8) -> Float {
    table.drivers[Int(driver)].standstillGap
  }
}
