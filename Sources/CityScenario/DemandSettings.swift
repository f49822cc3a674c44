import CityBase
import CityDemand
import CityModel
import CityNetwork
import CityText

/// What a scenario says about one part of its demand, before it meets a city.
///
/// A new demand model is a type that conforms to this, in a file of its own, and a line in the
/// registry.
public protocol DemandSettings: Sendable {
  /// The key under which a part of the demand has this model.
  static var key: String { get }
  /// Reads the value of that key strictly.
  init(_ value: JSONValue, file: String, path: String) throws(CityError)
  /// Files it reads, as the scenario names them.
  var inputFiles: [String] { get }
  /// Makes the trips; `site.prefix` sets their names apart from those of other parts.
  func makeTrips(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError) -> [Trip]
  /// The same with what there is to tell about them; by default nothing is.
  func makeDemand(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError)
    -> DemandPart
}

extension DemandSettings {
  public func makeDemand(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError)
    -> DemandPart
  {
    DemandPart(trips: try makeTrips(for: site, diagnostics: &diagnostics))
  }
}

/// The trips of one part of a demand, and how they came about.
public struct DemandPart: Sendable {
  public var trips: [Trip]
  /// How the number of trips was found, where it follows from a load.
  public var load: LoadedDemand?
  /// Trips that were drawn and do not set out, because their way leads over crowded movements.
  public var leftOut: Int
  /// Gates at the edge of the city that are used, inwards and outwards.
  public var gates: (inbound: Int, outbound: Int)

  public init(
    trips: [Trip], load: LoadedDemand? = nil, leftOut: Int = 0,
    gates: (inbound: Int, outbound: Int) = (0, 0)
  ) {
    self.trips = trips
    self.load = load
    self.leftOut = leftOut
    self.gates = gates
  }
}

/// The city and run that trips are made for.
public struct DemandSite {
  /// The file in which the demand stands.
  public let scenarioPath: String
  public let map: CityMap
  public let network: RoadNetwork
  public let places: CityPlaces
  public let clock: Clock
  /// What is simulated, in milliseconds from the start.
  public let simulatedWindow: Range<Int64>
  /// When trips depart unless the scenario says: from the start to the end of the measured window.
  public let defaultWindow: Range<Int64>
  public let random: RandomStream
  /// What trips may be made with.
  let catalogue: VehicleCatalogue
  /// The first word of the names of made-up trips.
  public let prefix: String

  /// A file that the scenario names, seen from the current folder.
  public func path(of file: String) -> String { ScenarioPath.resolve(file, beside: scenarioPath) }
}
