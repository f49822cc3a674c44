import CityBase

extension District: LayerEntity {
  static var forms: [ShapeForm] { [.area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      code: fields.text("code"),
      population: fields.number("population", in: Plausible.population))
  }
}

extension Subdistrict: LayerEntity {
  static var forms: [ShapeForm] { [.area] }
  /// The district stays open here: its layer may be read later.
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      code: fields.text("code"), district: .none,
      population: fields.number("population", in: Plausible.population))
  }
}

extension Building: LayerEntity {
  static var forms: [ShapeForm] { [.area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    let height = fields.number("height_m", in: Plausible.heightMetres)
    let levels =
      fields.number("levels", in: Plausible.levels)
      ?? height.map { max(1, ($0 / Building.storeyMetres).rounded()) } ?? 1
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      use: fields.choice("use") ?? .other, levels: levels,
      heightMetres: height ?? levels * Building.storeyMetres, footprintArea: header.area,
      floorArea: fields.number("floor_area_m2", in: Plausible.floorArea) ?? header.area * levels,
      population: fields.number("population", in: Plausible.population),
      jobs: fields.number("jobs", in: Plausible.jobs))
  }
}

extension RoadFeature: LayerEntity {
  static var forms: [ShapeForm] { [.line] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      className: fields.text("class"),
      lanesForward: fields.count("lanes_forward", upTo: Plausible.lanes),
      lanesBackward: fields.count("lanes_backward", upTo: Plausible.lanes),
      speedKmh: fields.number("speed_kmh", in: Plausible.speedKmh),
      direction: Self.direction(&fields),
      isRoundabout: fields.isPresent("roundabout"), isBridge: fields.isPresent("bridge"),
      isTunnel: fields.isPresent("tunnel"), access: fields.text("access"))
  }

  private static func direction(_ fields: inout FieldReader) -> RoadDirection? {
    let text = fields.text("one_way")
    switch text.lowercased() {
    case "": return nil
    case "yes", "true", "1": return .forward
    case "-1", "reverse": return .backward
    case "no", "false", "0": return .both
    default:
      fields.warn(
        "value-unknown", "one_way: expected yes, no or -1, found \"\(text)\"; left out")
      return nil
    }
  }
}

extension SignalFeature: LayerEntity {
  static var forms: [ShapeForm] { [.point] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      junction: fields.text("junction"))
  }
}

extension ParkingFacility: LayerEntity {
  static var forms: [ShapeForm] { [.point, .line, .area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      type: fields.choice("type") ?? .surface,
      capacity: fields.count("capacity", upTo: Plausible.bays),
      priceCNYPerHour: fields.number("price_cny_h", in: Plausible.pricePerHour),
      hours: fields.text("hours"))
  }
}

extension Hospital: LayerEntity {
  static var forms: [ShapeForm] { [.point, .area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      beds: fields.count("beds", upTo: Plausible.beds), takesEmergencies: fields.flag("emergency"))
  }
}

extension FireStation: LayerEntity {
  static var forms: [ShapeForm] { [.point, .area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      engines: fields.count("engines", upTo: Plausible.vehicles))
  }
}

extension PoliceStation: LayerEntity {
  static var forms: [ShapeForm] { [.point, .area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      cars: fields.count("cars", upTo: Plausible.vehicles))
  }
}

extension AmbulanceStation: LayerEntity {
  static var forms: [ShapeForm] { [.point, .area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      ambulances: fields.count("ambulances", upTo: Plausible.vehicles))
  }
}

extension Sensor: LayerEntity {
  static var forms: [ShapeForm] { [.point] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      type: fields.text("type"))
  }
}

extension Gate: LayerEntity {
  static var forms: [ShapeForm] { [.point] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    let direction: Direction? = fields.choice("direction")
    if direction == nil && fields.text("direction").isEmpty {
      fields.warn("value-absent", "direction: expected in or out; taken as in")
    }
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      link: fields.text("link"), direction: direction ?? .in, className: fields.text("class"),
      capacity: fields.number("capacity_veh_h", in: Plausible.vehiclesPerHour),
      volume: fields.number("volume_veh_h", in: Plausible.vehiclesPerHour),
      throughShare: fields.number("through_share", in: 0...1))
  }
}

extension Place: LayerEntity {
  static var forms: [ShapeForm] { [.point, .area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      use: fields.choice("use") ?? .other, area: header.area,
      floorArea: fields.number("floor_area_m2", in: Plausible.floorArea),
      population: fields.number("population", in: Plausible.population))
  }
}

extension Footway: LayerEntity {
  static var forms: [ShapeForm] { [.line, .area] }
  init(_ header: EntityHeader, _ fields: inout FieldReader) {
    self.init(
      externalID: header.externalID, name: header.name, position: header.position,
      surface: fields.text("surface"),
      widthMetres: fields.number("width_m", in: Plausible.widthMetres),
      hasSteps: fields.isPresent("steps"))
  }
}
