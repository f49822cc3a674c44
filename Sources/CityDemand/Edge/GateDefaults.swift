import CityNetwork

/// What is usual at the edge of a city, by the class of the road that crosses it.
///
/// - Capacity: 1,900 vehicles an hour and lane on motorways and 1,700 on other main roads, near the
///   values of the Highway Capacity Manual 2000 for basic freeway segments and two-lane highways
///   (1,700 cars an hour and direction); less on streets with doors on them.
/// - Volume: the busiest hour as a share of capacity. German counts have about 48,000 vehicles a day
///   on a motorway, 9,000 on a federal road, 3,500 on a state road and 1,700 on a county road (BASt,
///   Strassenverkehrszaehlung, means of 2010 and 2015, rounded). The busiest hour takes about 9.5 %,
///   and the busier direction 55 % of that: 2,500, 470, 180 and 90 vehicles, or shares of 0.6
///   (of 2.2 lanes), 0.28, 0.11 and 0.06. `trunk` lies between a motorway and a federal road;
///   streets below have what is left over.
/// - Through traffic: the share of the vehicles at a gate that pass through, after Modlin, D. G.
///   (1982), "Synthesized through-trip table for small urban areas", Transportation Research Record
///   842, as NCHRP Report 365 (1998) repeats it: 76.76 + 11.22 on an interstate, - 25.74 on a
///   principal and - 42.18 on a minor arterial, less 0.0417 for every hundred people of the area;
///   with usual shares of trucks and vans that is 85, 50 and 33 % in a small town. The classes below
///   are this engine's continuation. In an area that is larger than the sample of the equation
///   (50,000 people) a tenth of the share of a small town always stays.
public enum GateDefaults {
  /// Vehicles an hour and lane.
  public static func capacityPerLane(_ roadClass: RoadClass) -> Double {
    switch roadClass {
    case .motorway: 1900
    case .trunk, .primary: 1700
    case .secondary: 1500
    case .tertiary: 1200
    case .residential: 600
    case .service: 300
    }
  }

  /// Share of its capacity that a road carries over the edge in the busiest hour of the day.
  public static func peakUse(_ roadClass: RoadClass) -> Double {
    switch roadClass {
    case .motorway: 0.6
    case .trunk: 0.45
    case .primary: 0.28
    case .secondary: 0.11
    case .tertiary: 0.06
    case .residential: 0.02
    case .service: 0
    }
  }

  /// Share of the vehicles at a gate that pass through a city of so many people, 0 to 1.
  public static func throughShare(_ roadClass: RoadClass, population: Double) -> Double {
    let small: Double =
      switch roadClass {
      case .motorway: 0.85
      case .trunk: 0.67
      case .primary: 0.5
      case .secondary: 0.33
      case .tertiary: 0.15
      case .residential, .service: 0
      }
    let people = population.isFinite ? max(0, population) : 0
    return max(0.1 * small, small - 0.000_004_17 * people)
  }
}
