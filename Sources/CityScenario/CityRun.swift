import CityBase
import CityEmergency
import CityParking
import CityReporting
import CitySimulation
import CityTraffic

/// A loaded scenario put on the clock: its domains, coupled, in one simulation. It touches no file;
/// any number can live in one process, each used from one thread at a time.
public final class CityRun {
  public let loaded: LoadedScenario
  /// In the order in which they act: traffic, parking, emergency.
  public let domains: [any ReportingDomain]
  public let simulation: Simulation
  private let traffic: TrafficDomain
  private let pool: WorkerPool

  /// Puts the run together. `makeRecorders` gets the domains and traffic by itself, and
  /// gives who looks on.
  public init(
    _ loaded: LoadedScenario, threads: Int,
    makeRecorders: ([any ReportingDomain], TrafficDomain) throws(CityError) -> [any Recorder] = {
      _, _ throws(CityError) in []
    }
  ) throws(CityError) {
    self.loaded = loaded
    let pool = WorkerPool(threads: threads)
    self.pool = pool
    let random = RandomStream(seed: loaded.seed)
    let (network, clock, measured) = (loaded.network, loaded.clock, loaded.measuredWindow)
    var settings = TrafficSettings()
    settings.guidance = loaded.scenario.routeChoice.guidance
    settings.carFollowing = loaded.scenario.traffic.carFollowing
    settings.vehicleTypes = loaded.vehicleTypes
    settings.filteringClasses = loaded.scenario.traffic.filtering
    settings.driverDeviation = Float(loaded.scenario.traffic.driverDeviation)
    settings.pedestriansPerHour = Float(loaded.scenario.traffic.pedestriansPerHour)
    let traffic = TrafficDomain(
      network: network, demand: loaded.demand, settings: settings, clock: clock,
      measured: measured, random: random, pool: pool, reservedDrives: loaded.reservedDrives,
      signals: loaded.signals)
    self.traffic = traffic
    var domains: [any ReportingDomain] = [traffic]
    if let parking = loaded.parking {
      domains.append(
        ParkingDomain(
          supply: parking.supply, settings: parking.settings, trips: loaded.demand.trips,
          network: network, traffic: traffic, clock: clock, measured: measured, random: random))
    }
    if let emergency = loaded.emergency {
      domains.append(
        EmergencyDomain(
          sites: emergency.sites, calls: emergency.calls, settings: emergency.settings,
          network: network, traffic: traffic, clock: clock, measured: measured, random: random))
    }
    self.domains = domains
    do throws(CityError) {
      simulation = Simulation(
        clock: clock, network: network, random: random, policies: loaded.policies,
        domains: domains, recorders: try makeRecorders(domains, traffic))
    } catch {
      pool.shutDown()
      throw error
    }
  }

  deinit { pool.shutDown() }

  /// Whether the last tick has been done.
  public var isOver: Bool { simulation.tick >= loaded.endTick }
  public var vehiclesOnRoad: Int { traffic.vehiclesOnRoad }

  /// The figures of every domain as they stand, and what the demand asked for.
  public func metrics() -> [MetricGroup] {
    domains.flatMap { $0.metrics() } + [loaded.demandFigures]
  }

  /// Which books of the domains do not balance, in words; empty where all do. For tests.
  public func violations() -> [String] {
    domains.flatMap { domain in domain.violations().map { "\(domain.name): \($0)" } }
  }
}

extension LoadedScenario {
  /// The most drives that parking and emergency can ask traffic for.
  fileprivate var reservedDrives: Int {
    let parked = parking.map {
      ParkingDomain.reservedDrives(
        trips: demand.trips, supply: $0.supply, settings: $0.settings)
    }
    let called = emergency.map { EmergencyDomain.reservedDrives(calls: $0.calls) }
    return (parked ?? 0) + (called ?? 0)
  }
}
