import CityBase
import CityModel
import CityNetwork

/// What policies have changed about the city, as columns and lists over it. The domains read it in
/// phase 2 of every tick.
public struct CityOverrides: Sendable, Equatable {
  /// A plan in place of a controller's own.
  public struct SignalPlan: Sendable, Equatable {
    public var signal: SignalID
    public var plan: SignalController
  }
  /// A price in place of a facility's own, in yuan an hour.
  public struct ParkingPrice: Sendable, Equatable {
    public var facility: ParkingFacilityID
    public var cnyPerHour: Double
  }

  /// How many closures lie on each link; 0 is open.
  public internal(set) var closures: Column<LinkID, UInt8>
  /// Metres per second; 0 where the built limit holds.
  public internal(set) var speedLimits: Column<LinkID, Float>
  /// In the order they were put up.
  public internal(set) var blockages: [LaneBlockage] = []
  /// Ascending by signal, at most one each.
  public internal(set) var signalPlans: [SignalPlan] = []
  /// Ascending by facility, at most one each.
  public internal(set) var parkingPrices: [ParkingPrice] = []
  /// The share of guided drivers, or nil where the scenario's own holds.
  public internal(set) var guidedShare: Double?
  /// In the order they were put into service.
  public internal(set) var addedUnits: [UnitPost] = []
  /// Privileges that nobody has.
  public internal(set) var withdrawnPrivileges: Privileges = []
  /// Grows with every change, so that a reader can tell whether it has to look again.
  public internal(set) var version: UInt32 = 0

  public init(linkCount: Int) {
    closures = Column(repeating: 0, count: linkCount)
    speedLimits = Column(repeating: 0, count: linkCount)
  }

  public func isClosed(_ link: LinkID) -> Bool { closures[link] > 0 }

  /// The price that a policy has set for a facility, or nil.
  public func parkingPrice(of facility: ParkingFacilityID) -> Double? {
    parkingPrices.first { $0.facility == facility }?.cnyPerHour
  }

  /// Carries out a command.
  public mutating func apply(_ command: Command) {
    switch command {
    case .closeLink(let link): closures[link] = closures[link] &+ (closures[link] < 255 ? 1 : 0)
    case .reopenLink(let link): closures[link] = closures[link] &- (closures[link] > 0 ? 1 : 0)
    case .blockLane(let blockage): blockages.append(blockage)
    case .clearLane(let blockage):
      if let i = blockages.firstIndex(of: blockage) { blockages.remove(at: i) }
    case .limitSpeed(let link, let speed): speedLimits[link] = max(0.1, speed)
    case .restoreSpeed(let link): speedLimits[link] = 0
    case .setSignalPlan(let signal, let plan):
      signalPlans.removeAll { $0.signal == signal }
      let at = signalPlans.firstIndex { $0.signal > signal } ?? signalPlans.count
      signalPlans.insert(SignalPlan(signal: signal, plan: plan), at: at)
    case .restoreSignalPlan(let signal): signalPlans.removeAll { $0.signal == signal }
    case .setParkingPrice(let facility, let price):
      parkingPrices.removeAll { $0.facility == facility }
      let at = parkingPrices.firstIndex { $0.facility > facility } ?? parkingPrices.count
      parkingPrices.insert(ParkingPrice(facility: facility, cnyPerHour: price), at: at)
    case .restoreParkingPrice(let facility): parkingPrices.removeAll { $0.facility == facility }
    case .setGuidedShare(let share): guidedShare = min(1, max(0, share))
    case .restoreGuidedShare: guidedShare = nil
    case .addUnits(let post): addedUnits.append(post)
    case .withdrawPrivileges(let some): withdrawnPrivileges.formUnion(some)
    case .restorePrivileges(let some): withdrawnPrivileges.subtract(some)
    }
    version &+= 1
  }
}
