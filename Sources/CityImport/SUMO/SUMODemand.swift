import CityBase

/// Who travels, as SUMO's route files say it, before flows are spread out and routes looked up.
struct SUMODemand {
  struct VehicleType {
    var id: String
    var vehicleClass = "passenger"
    /// The attributes that describe the vehicle and its driver, as written.
    var attributes: [String: String] = [:]

    /// Metres; 5 is SUMO's default for cars.
    var length: Double {
      guard let length = attributes["length"].flatMap(Double.init), length >= 0.5, length <= 100
      else { return 5 }
      return length
    }

    /// How far the numbers of two types are apart: the sum of their differences, each as a share of
    /// the larger one.
    func difference(to other: VehicleType) -> Double {
      func number(_ type: VehicleType, _ name: String) -> Double? {
        type.attributes[name].flatMap(Double.init).flatMap { $0.isFinite ? abs($0) : nil }
      }
      return ["length", "minGap", "maxSpeed", "speedFactor", "accel", "decel", "tau", "sigma"]
        .reduce(0) {
          switch (number(self, $1), number(other, $1)) {
          case (nil, nil): return $0
          case (let a?, let b?): return a == b ? $0 : $0 + abs(a - b) / max(a, b)
          default: return $0 + 1
          }
        }
    }
  }

  /// Alternatives, one of which is drawn for each vehicle.
  struct Distribution<Value> {
    var values: [Value] = []
    var weights: [Double] = []
    /// Where a router has chosen already: which one.
    var chosen: Int?

    /// The one for a number in [0, 1); nil where there is none with a weight.
    func draw(_ u: Double) -> Value? {
      if let chosen, values.indices.contains(chosen) { return values[chosen] }
      let total = weights.reduce(0, +)
      guard total > 0 else { return values.first }
      var left = u * total
      for (value, weight) in zip(values, weights) {
        if left < weight { return value }
        left -= weight
      }
      return values.last
    }
  }

  enum Way {
    /// Edges one after the other.
    case edges([String])
    /// The id of a route or of a distribution of routes.
    case named(String)
    case oneOf(Distribution<[String]>)
    /// From an edge over others to one; which way is left to the router.
    case search(from: String, via: [String], to: String)
    /// From or to what edges alone do not say (zones, junctions).
    case unknown(String)
  }

  /// How often a flow sends a vehicle.
  enum Rate {
    /// Milliseconds, exactly.
    case every(Double)
    /// Vehicles a second, at random intervals.
    case poisson(Double)
    /// The chance of one in each second.
    case chance(Double)
    /// So many evenly from begin to end.
    case spread
  }

  struct Flow {
    var begin: Int64
    var end: Int64
    var rate: Rate
    var number: Int?
  }

  struct Entry {
    var id: String
    var type: String
    var way: Way
    /// Milliseconds; for flows, that of the first vehicle.
    var departure: Int64
    var flow: Flow?
    /// Metres from the start of the first edge, below 0 from its end; nil for the usual place.
    var departPosition: Double?
    var arrivalPosition: Double?
  }

  var entries: [Entry] = []
  var types: [String: VehicleType] = [:]
  var typeDistributions: [String: Distribution<String>] = [:]
  var routes: [String: [String]] = [:]
  var routeDistributions: [String: Distribution<[String]>] = [:]
  /// Members of distributions that name routes, resolved when all files are read.
  var routeNamesOfDistribution: [String: (names: [String], weights: [Double])] = [:]
}

/// What additional files put on and beside the roads.
struct SUMOFurniture {
  struct Detector {
    var id: String
    /// What it is called in the file: `inductionLoop`, `laneAreaDetector`...
    var element: String
    var lane: String
    var position: Double
    /// Seconds over which it counts, or nil.
    var period: Double?
    /// Metres along the lane of an induction loop; SUMO's own are lines.
    var length = 0.0
  }

  struct ParkingArea {
    var id: String
    var name: String
    var lane: String
    var start: Double
    var end: Double
    /// Along the kerb.
    var roadsideCapacity: Int
    /// Places with coordinates of their own.
    var spaces = 0
  }

  var detectors: [Detector] = []
  var parkingAreas: [ParkingArea] = []
  var programs: [SUMONet.Program] = []
  var switches = SUMOSwitches()
}
