import CityBase
import CityGIS
import CityText

/// Reads SUMO's route files and additional files, which may hold the same elements: vehicles,
/// trips, flows, routes, vehicle types, detectors, parking areas and signal programs.
///
/// Everything else is counted as not taken over, its children with it.
struct SUMOInputReader {
  private(set) var demand = SUMODemand()
  private(set) var furniture = SUMOFurniture()
  var file = ""
  /// What is open at depth 2 and may have children that matter.
  private enum Open {
    case nothing, vehicle, route, routeDistribution(String), typeDistribution(String)
  }
  private enum OpenPart { case nothing, routeDistribution }
  private var open = Open.nothing
  private var openPart = OpenPart.nothing
  private var isInProgram = false
  private var isInSwitches = false
  private var isInParkingArea = false
  private var isInType = false

  init() {}

  /// Reads one more file. Refused where it is no XML, or a network.
  mutating func read(path: String, diagnostics: inout Diagnostics, untaken: inout Untaken)
    throws(CityError)
  {
    let mapped = try CompressedInput.map(path: path)
    var reader = self
    try mapped.withBytes { (bytes: UnsafeRawBufferPointer) throws(CityError) in
      try reader.read(bytes, file: path, diagnostics: &diagnostics, untaken: &untaken)
    }
    self = reader
  }

  mutating func read(
    _ bytes: UnsafeRawBufferPointer, file: String, diagnostics: inout Diagnostics,
    untaken: inout Untaken
  ) throws(CityError) {
    self.file = file
    var xml = XMLScanner(bytes, file: file)
    guard try xml.next() else { return }
    guard xml.name != "net", xml.name != "osm", xml.name != "configuration" else {
      throw xml.error(
        "expected a route or additional file of SUMO, found the root element"
          + " <\(xml.name.string)>")
    }
    while try xml.next() {
      guard xml.isStart else {
        if xml.depth == 2 { close() }
        if xml.depth == 3 { openPart = .nothing }
        continue
      }
      if xml.depth == 2 {
        close()
        start(xml, &diagnostics, &untaken)
      } else if xml.depth <= 4 {
        child(xml, &diagnostics, &untaken)
      }
    }
  }

  private mutating func close() {
    open = .nothing
    openPart = .nothing
    isInProgram = false
    isInSwitches = false
    isInParkingArea = false
    isInType = false
  }

  // MARK: - Elements at depth 2

  private mutating func start(
    _ xml: XMLScanner, _ diagnostics: inout Diagnostics, _ untaken: inout Untaken
  ) {
    let name = xml.name
    switch name {
    case "vehicle", "trip", "flow":
      guard let entry = SUMOEntryReader.entry(xml, &untaken) else {
        return warn("sumo-\(name.string)", xml, "expected an id and a time", &diagnostics)
      }
      demand.entries.append(entry)
      open = .vehicle
    case "route":
      guard let id = id(xml, &diagnostics) else { return }
      demand.routes[id] = SUMOText.words(xml.attribute("edges")?.string ?? "")
      noteRoute(xml, &untaken)
      open = .route
    case "routeDistribution": startRouteDistribution(xml, &diagnostics)
    case "vType":
      guard let id = id(xml, &diagnostics) else { return }
      demand.types[id] = SUMOEntryReader.type(xml, id)
      isInType = true
    case "vTypeDistribution":
      guard let id = id(xml, &diagnostics) else { return }
      let names = SUMOText.words(xml.attribute("vTypes")?.string ?? "")
      demand.typeDistributions[id] = SUMODemand.Distribution(
        values: names,
        weights: Self.weights(xml, count: names.count) { weight(ofType: names[$0]) })
      open = .typeDistribution(id)
    case "tlLogic":
      guard let program = SUMOProgramReader.program(xml) else {
        return warn("sumo-signal", xml, "expected an id", &diagnostics)
      }
      furniture.programs.append(program)
      isInProgram = true
    case "parkingArea":
      guard let area = SUMOFurnitureReader.parkingArea(xml) else {
        return warn("sumo-parking", xml, "expected an id and a lane", &diagnostics)
      }
      SUMOFurnitureReader.note(xml, &untaken)
      furniture.parkingAreas.append(area)
      isInParkingArea = true
    case "WAUT", "wautJunction":
      guard furniture.switches.read(xml) else {
        return warn("sumo-waut", xml, "expected ids and a program", &diagnostics)
      }
      if name == "wautJunction", let procedure = xml.attribute("procedure"), !procedure.isEmpty {
        untaken.add("wautJunction procedure", "programs change at once", example: procedure.string)
      }
      isInSwitches = name == "WAUT"
    case "param": break
    default: startOther(xml, &diagnostics, &untaken)
    }
  }

  private mutating func startOther(
    _ xml: XMLScanner, _ diagnostics: inout Diagnostics, _ untaken: inout Untaken
  ) {
    let word = xml.name.string
    guard SUMOFurnitureReader.detectors.contains(word) else {
      return untaken.add(
        "<\(word)>", "not supported", example: xml.attribute("id")?.string ?? "")
    }
    guard let detector = SUMOFurnitureReader.detector(xml, word) else {
      return warn("sumo-detector", xml, "expected an id, a lane and a position", &diagnostics)
    }
    SUMOFurnitureReader.note(xml, &untaken)
    furniture.detectors.append(detector)
  }

  /// A route that a vehicle or a flow has, or that has an id.
  private func noteRoute(_ xml: XMLScanner, _ untaken: inout Untaken) {
    for name in ["repeat", "cycleTime", "period"] as [StaticString]
    where xml.attribute(name) != nil {
      untaken.add("route \(name)", "driven once", example: xml.attribute("id")?.string ?? "")
    }
  }

  /// How often a type comes in distributions that do not say.
  private func weight(ofType name: String) -> Double {
    max(0, demand.types[name]?.attributes["probability"].flatMap(Double.init) ?? 1)
  }

  private mutating func startRouteDistribution(
    _ xml: XMLScanner, _ diagnostics: inout Diagnostics
  ) {
    guard let id = id(xml, &diagnostics) else { return }
    let names = SUMOText.words(xml.attribute("routes")?.string ?? "")
    if !names.isEmpty {
      demand.routeNamesOfDistribution[id] = (names, Self.weights(xml, count: names.count))
    }
    demand.routeDistributions[id] = SUMODemand.Distribution()
    open = .routeDistribution(id)
  }

  private static func weights(
    _ xml: XMLScanner, count: Int, usual: (Int) -> Double = { _ in 1 }
  ) -> [Double] {
    let given = SUMOText.words(xml.attribute("probabilities")?.string ?? "")
      .map { Double($0) ?? 0 }
    return (0..<count).map { given.indices.contains($0) ? max(0, given[$0]) : usual($0) }
  }

  private func id(_ xml: XMLScanner, _ diagnostics: inout Diagnostics) -> String? {
    if let id = xml.attribute("id"), !id.isEmpty { return id.string }
    warn("sumo-\(xml.name.string)", xml, "expected an id", &diagnostics)
    return nil
  }

  private func warn(
    _ code: String, _ xml: XMLScanner, _ message: String, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.warn(
      code, file: file, place: "byte \(xml.offset)",
      "<\(xml.name.string)>: \(message); it is left out")
  }

  // MARK: - Children

  private mutating func child(
    _ xml: XMLScanner, _ diagnostics: inout Diagnostics, _ untaken: inout Untaken
  ) {
    if xml.depth == 3 && isInProgram && xml.name == "phase" {
      guard let phase = SUMOProgramReader.phase(xml) else {
        return warn("sumo-phase", xml, "expected a duration and a state", &diagnostics)
      }
      furniture.programs[furniture.programs.count - 1].phases.append(phase)
    } else if xml.depth == 3 && isInProgram && xml.name == "param" {
      SUMOProgramReader.readParameter(
        xml, into: &furniture.programs[furniture.programs.count - 1])
    } else if xml.depth == 3 && isInSwitches && xml.name == "wautSwitch" {
      furniture.switches.readSwitch(xml)
    } else if xml.depth == 3 && isInParkingArea && xml.name == "space" {
      furniture.parkingAreas[furniture.parkingAreas.count - 1].spaces += 1
    } else if xml.depth == 3 && isInType && xml.name.string.hasPrefix("carFollowing") {
      untaken.add("parameters of car following within <vType>", "not read")
    } else if xml.depth == 3 && isInType && xml.name == "param" {
      untaken.add(
        "parameters of vehicles and types", "not read",
        example: xml.attribute("key")?.string ?? "")
    } else {
      demandChild(xml, &untaken)
    }
  }

  private mutating func demandChild(_ xml: XMLScanner, _ untaken: inout Untaken) {
    switch (xml.name, open) {
    case ("route", .vehicle):
      noteRoute(xml, &untaken)
      let edges = SUMOText.words(xml.attribute("edges")?.string ?? "")
      let last = demand.entries.count - 1
      guard case .routeDistribution = openPart, case .oneOf(var all) = demand.entries[last].way
      else {
        demand.entries[last].way = .edges(edges)
        return
      }
      all.values.append(edges)
      all.weights.append(max(0, xml.attribute("probability")?.double ?? 1))
      demand.entries[last].way = .oneOf(all)
    case ("routeDistribution", .vehicle):
      openPart = .routeDistribution
      var all = SUMODemand.Distribution<[String]>()
      all.chosen = xml.attribute("last")?.integer.flatMap { Int(exactly: $0) }
      demand.entries[demand.entries.count - 1].way = .oneOf(all)
    case ("route", .routeDistribution(let id)):
      let weight = max(0, xml.attribute("probability")?.double ?? 1)
      if let edges = xml.attribute("edges") {
        demand.routeDistributions[id]?.values.append(SUMOText.words(edges.string))
        demand.routeDistributions[id]?.weights.append(weight)
        if let name = xml.attribute("id") {
          demand.routes[name.string] = SUMOText.words(edges.string)
        }
      } else if let name = xml.attribute("refId") {
        demand.routeNamesOfDistribution[id, default: ([], [])].names.append(name.string)
        demand.routeNamesOfDistribution[id]?.weights.append(weight)
      }
    case ("vType", .typeDistribution(let id)):
      guard let name = (xml.attribute("id") ?? xml.attribute("refId"))?.string else { return }
      if xml.attribute("id") != nil { demand.types[name] = SUMOEntryReader.type(xml, name) }
      let weight = xml.attribute("probability")?.double.map { max(0, $0) } ?? weight(ofType: name)
      demand.typeDistributions[id]?.values.append(name)
      demand.typeDistributions[id]?.weights.append(weight)
    case ("stop", .vehicle), ("stop", .route), ("stop", .routeDistribution):
      untaken.add("stops of vehicles", "driven past")
    case ("param", .vehicle), ("param", .typeDistribution):
      untaken.add(
        "parameters of vehicles and types", "not read",
        example: xml.attribute("key")?.string ?? "")
    default: break
    }
  }
}
