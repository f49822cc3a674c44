import CityBase
import CityDemand
import CityText
import CityTraffic
import CitySimulation

extension ScenarioFile {
  /// How many types a table may add to the usual ones.
  public static var mostVehicleTypes: Int { VehicleCatalogue.most - VehicleCatalogue().types.count }
}

/// The types of vehicles that trips of a scenario may name: the usual one of each class that trips
/// are made with, by the class's word and cars first, then those of the scenario's table. A row
/// with the name of a usual type takes its place.
struct VehicleCatalogue {
  private(set) var types: [VehicleType]

  /// The usual types alone.
  init() { types = VehicleClass.allCases.filter(\.isOfTrips).map { VehicleType($0) } }

  /// With those of the scenario's table, where it names one. Refuses a table that cannot be read and
  /// the first row that says something impossible, by its line.
  init(_ scenario: ScenarioFile) throws(CityError) {
    self.init()
    guard let file = scenario.traffic.typeFile else { return }
    let path = ScenarioPath.resolve(file, beside: scenario.file(of: "traffic"))
    try read(try CSVTable.read(path: path))
  }

  /// Takes in the types of a table.
  mutating func read(_ table: CSVTable) throws(CityError) {
    let columns = try Columns(table)
    var seen: Set<String> = []
    for row in 0..<table.rowCount {
      let type = try Row(table: table, row: row, columns: columns).type()
      guard seen.insert(type.name).inserted else {
        throw table.error(row: row, "the type \"\(type.name)\" was there before")
      }
      if let usual = types.firstIndex(where: { $0.name == type.name }) {
        types[usual] = type
      } else {
        types.append(type)
      }
      guard types.count <= Self.most else {
        throw table.error(row: row, "expected at most \(Self.most) types in all")
      }
    }
  }

  static let most = 200

  /// The index of a type by its name.
  func index(_ name: String) -> UInt8? {
    types.firstIndex { $0.name == name }.map { UInt8(clamping: $0) }
  }

  /// The types that trips are made with, cars first; the trips then name them by their places in
  /// this list.
  func used(by trips: inout [Trip]) -> [VehicleType] {
    var newIndex = [UInt8?](repeating: nil, count: 256)
    newIndex[0] = 0
    for trip in trips { newIndex[Int(trip.vehicleType ?? 0)] = 0 }
    var used: [VehicleType] = []
    for i in types.indices where newIndex[i] != nil {
      newIndex[i] = UInt8(clamping: used.count)
      used.append(types[i])
    }
    for i in trips.indices {
      let type = types[Int(trips[i].vehicleType ?? 0)]
      trips[i].vehicleType = newIndex[Int(trips[i].vehicleType ?? 0)]
      trips[i].access = type.vehicleClass.access
      if trips[i].access != .car { trips[i].topSpeed = type.topSpeed }
    }
    return used
  }
}

extension VehicleCatalogue {
  /// The columns of a table of types; `id` and `class` have to be there.
  struct Columns {
    static let known = [
      "id", "class", "length_m", "width_m", "min_gap_m", "max_speed_mps", "speed_factor",
      "speed_deviation", "accel_mps2", "decel_mps2", "tau_s", "sigma", "car_follow_model",
    ]
    let place: [String: Int]

    init(_ table: CSVTable) throws(CityError) {
      var place: [String: Int] = [:]
      for (i, name) in table.header.enumerated() {
        guard Self.known.contains(name) else {
          throw .refused(
            "unknown column \"\(name)\"; known are \(Self.known.joined(separator: ", "))",
            file: table.file, place: "line 1")
        }
        place[name] = i
      }
      for name in ["id", "class"] { _ = try table.requiredColumn(name) }
      self.place = place
    }
  }

  /// One row of it.
  struct Row {
    let table: CSVTable
    let row: Int
    let columns: Columns

    /// The type it describes; what it leaves out is as usual for its class.
    func type() throws(CityError) -> VehicleType {
      let name = text("id")
      guard !name.isEmpty else { throw table.error(row: row, "expected an id") }
      let ofTrips = VehicleClass.allCases.filter(\.isOfTrips)
      guard let vehicleClass = ofTrips.first(where: { $0.word == text("class") }) else {
        let words = ofTrips.map { "\"\($0.word)\"" }.joined(separator: ", ")
        throw table.error(row: row, "expected as class one of \(words), found \"\(text("class"))\"")
      }
      var type = VehicleType(vehicleClass)
      type.name = name
      type.length = try number("length_m", in: 0.5...30) ?? type.length
      type.width = try number("width_m", in: 0.3...4) ?? type.width
      type.topSpeed = try number("max_speed_mps", in: 1...100) ?? type.topSpeed
      type.speedFactor = try number("speed_factor", in: 0.1...3) ?? type.speedFactor
      type.speedDeviation = try number("speed_deviation", in: 0...0.45) ?? type.speedDeviation
      let model = text("car_follow_model")
      if !model.isEmpty {
        guard let found = CarFollowingModel(word: model) else {
          let words = CarFollowingModel.allCases.map { "\"\($0.word)\"" }.joined(separator: ", ")
          throw table.error(row: row, "expected as car_follow_model \(words), found \"\(model)\"")
        }
        type.carFollowing = found
      }
      type.said = SaidOfDriver(
        maximumAcceleration: try number("accel_mps2", in: 0.1...20),
        comfortableBraking: try number("decel_mps2", in: 0.5...20),
        timeHeadway: try number("tau_s", in: 0.1...10),
        standstillGap: try number("min_gap_m", in: 0.1...20),
        imperfection: try number("sigma", in: 0...1))
      return type
    }

    private func text(_ column: String) -> String {
      columns.place[column].map { table.text(row, $0) } ?? ""
    }

    private func number(_ column: String, in range: ClosedRange<Double>) throws(CityError) -> Float?
    {
      guard let place = columns.place[column], !table.isEmpty(row, place) else { return nil }
      guard let value = table.number(row, place), range.contains(value) else {
        throw table.error(
          row: row,
          "expected \(column) from \(range.lowerBound) to \(range.upperBound), found "
            + "\"\(table.text(row, place))\"")
      }
      return Float(value)
    }
  }
}

/// The shares of types among the trips of a part of the demand that do not name theirs.
struct TypeShares: Sendable, Equatable {
  /// In the order of the file; what they leave of 1 are cars.
  var shares: [(name: String, share: Double)] = []

  static func == (a: TypeShares, b: TypeShares) -> Bool {
    a.shares.elementsEqual(b.shares) { $0 == $1 }
  }

  /// Reads an object of names and shares; refuses shares that come to more than 1.
  init(_ source: JSONObjectReader?) throws(CityError) {
    guard var reader = source else { return }
    var sum = 0.0
    for name in reader.keys {
      let share = try reader.number(name, in: 0...1)
      sum += share
      shares.append((name, share))
      // A sum of decimal fractions is off by some rounding.
      guard sum <= 1 + 1e-9 else {
        throw reader.error(name, "expected shares of 1 at most in all, found \(sum)")
      }
    }
    try reader.finish()
  }

  /// What a trip is made with, by its own draw.
  func draw(_ trip: Trip, _ places: [UInt8], _ random: RandomStream) -> UInt8 {
    var left = random.unit(.vehicleClass, trip.key)
    for (entry, place) in zip(shares, places) {
      left -= entry.share
      if left < 0 { return place }
    }
    return 0
  }
}
