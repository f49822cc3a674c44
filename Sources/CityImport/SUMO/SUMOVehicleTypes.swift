import CityBase
import CityNetwork
import CityText

/// The vehicle types of a SUMO demand in the words of `vehicle_types.csv`.
///
/// What a type does not say is as SUMO has it for length, gap and top speed. A type that says anything of its
/// drivers has the model that it names, Krauss's where it names none, which is SUMO's default ("Definition
/// of Vehicles, Vehicle Types, and Routes", Car-Following Models), and what it leaves out is as usual for
/// the model; one that says nothing of them leaves them to whoever runs it, and is noted.
struct SUMOVehicleTypes {
  private static let columns = [
    "id", "class", "length_m", "width_m", "min_gap_m", "max_speed_mps", "speed_factor",
    "speed_deviation", "accel_mps2", "decel_mps2", "tau_s", "sigma", "car_follow_model",
  ]
  /// How a vehicle is drawn, and how often it comes in a distribution of types.
  private static let usedElsewhere: Set<String> = ["color", "guiShape", "imgFile", "probability"]

  /// The table of some types; what is not taken over of them is noted.
  static func table(_ types: [SUMODemand.VehicleType], _ untaken: inout Untaken) -> [UInt8] {
    var csv = CSVWriter(columns: columns)
    for type in types {
      var row = Row(type: type)
      let values = row.values()
      csv.append(row: values)
      if values.last == .null && type.attributes["carFollowModel"] == nil {
        untaken.add(
          "vTypes that say nothing of their drivers",
          "driven by this engine's usual model, which in SUMO is Krauss's", example: type.id)
      }
      let known = row.used.union(usedElsewhere)
      for name in type.attributes.keys.sorted() where !known.contains(name) {
        untaken.add("vType \(name)", "left out", example: type.id)
      }
    }
    return csv.takeBytes()
  }

  /// What a lane has to be open to for a vehicle of a class of SUMO.
  static func access(_ name: String) -> Access {
    switch vehicleClass(name) {
    case "truck": .truck
    case "bus": .bus
    case "motorcycle": .motorcycle
    default: .car
    }
  }

  /// The class of this engine that a class of SUMO drives as.
  static func vehicleClass(_ name: String) -> String {
    switch name {
    case "truck", "trailer": "truck"
    case "bus", "coach": "bus"
    case "motorcycle", "moped": "motorcycle"
    default: "car"
    }
  }

  /// SUMO's usual length of a class in m.
  private static func usualLength(_ name: String) -> Double {
    switch name {
    case "delivery", "emergency": 6.5
    case "truck": 7.1
    case "trailer": 16.5
    case "bus": 12
    case "coach": 14
    case "motorcycle": 2.2
    case "moped": 2.1
    default: 5
    }
  }

  /// SUMO's usual top speed of a class in m/s, as SUMO 1.28 drives it on an endless limit; nil for
  /// those of cars, which no road comes near.
  private static func usualTopSpeed(_ name: String) -> Double? {
    switch name {
    case "truck", "trailer": 36.11
    case "bus", "coach": 27.78
    case "motorcycle": 55.56
    case "moped": 16.67
    default: nil
    }
  }

  private struct Row {
    let type: SUMODemand.VehicleType
    /// The attributes that were understood.
    var used: Set<String> = []

    mutating func values() -> [PropertyValue] {
      let length = number("length", 0.5...30) ?? SUMOVehicleTypes.usualLength(type.vehicleClass)
      let gap = number("minGap", 0.1...20) ?? 2.5
      let width = number("width", 0.3...4)
      let speed =
        number("maxSpeed", 1...100) ?? SUMOVehicleTypes.usualTopSpeed(type.vehicleClass)
      let (factor, deviation) = speedFactor()
      let driver = [
        number("accel", 0.1...20), number("decel", 0.5...20), number("tau", 0.1...10),
        number("sigma", 0...1),
      ]
      let isDescribed = driver.contains { $0 != nil }
      let word = model(isDescribed)
      let numbers = [length, width, gap, speed, factor, deviation] + driver
      let vehicleClass = SUMOVehicleTypes.vehicleClass(type.vehicleClass)
      return [.text(type.id), .text(vehicleClass)]
        + numbers.map { $0.map { .number($0, decimals: 4) } ?? .null }
        + [word.map { .text($0) } ?? .null]
    }

    private mutating func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
      guard let value = type.attributes[name].flatMap(Double.init), range.contains(value) else {
        return nil
      }
      used.insert(name)
      return value
    }

    /// A number, or a normal distribution with its mean and deviation.
    private mutating func speedFactor() -> (Double?, Double?) {
      let given = number("speedDev", 0...0.45)
      if let factor = number("speedFactor", 0.1...3) { return (factor, given) }
      guard let text = type.attributes["speedFactor"], text.hasPrefix("norm"), text.hasSuffix(")"),
        let open = text.firstIndex(of: "(")
      else { return (nil, given) }
      let parts = text[text.index(after: open)...].dropLast().split(separator: ",").map {
        Double($0.filter { $0 != " " })
      }
      guard parts.count >= 2, let mean = parts[0], let deviation = parts[1],
        (0.1...3).contains(mean), (0...0.45).contains(deviation)
      else { return (nil, given) }
      used.insert("speedFactor")
      return (mean, deviation)
    }

    private mutating func model(_ isDescribed: Bool) -> String? {
      let name = type.attributes["carFollowModel"]
      let word: String? =
        switch name {
        case nil: isDescribed ? "krauss" : nil
        case "Krauss", "KraussOrig1", "KraussPS": "krauss"
        case "IDM", "EIDM", "IDMM": "idm"
        case "ACC", "CACC": "acc"
        default: nil
        }
      if word != nil { used.insert("carFollowModel") }
      return word
    }
  }
}
