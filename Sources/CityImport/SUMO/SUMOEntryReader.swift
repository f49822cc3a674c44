import CityBase
import CityText

/// Reads vehicles, trips, flows and vehicle types from their attributes.
enum SUMOEntryReader {
  /// A day: until when a flow runs that has neither an end nor a number, as SUMO has it.
  static let day: Int64 = 86_400_000
  /// Until when one without an end runs that ends with its last vehicle: longer than any clock here.
  private static let noEnd: Int64 = 1000 * day
  /// Attributes that change nothing about who drives where.
  private static let harmless: Set<String> = [
    "id", "type", "route", "from", "to", "via", "depart", "departPos", "arrivalPos", "begin", "end",
    "number", "period", "vehsPerHour", "perHour", "probability", "color", "line", "departLane",
    "departSpeed", "fromTaz", "toTaz", "fromJunction", "toJunction", "name", "guiShape", "imgFile",
  ]

  /// Nil where there is no id, or no time.
  static func entry(_ xml: XMLScanner, _ untaken: inout Untaken) -> SUMODemand.Entry? {
    guard let id = xml.attribute("id"), !id.isEmpty else { return nil }
    let isFlow = xml.name == "flow"
    var flow: SUMODemand.Flow?
    var departure: Int64 = 0
    if isFlow {
      guard let read = self.flow(xml) else { return nil }
      flow = read
      departure = read.begin
    } else {
      guard let depart = xml.attribute("depart") else { return nil }
      guard let time = SUMOText.time(depart.string), time >= 0 else {
        untaken.add(
          "vehicles with depart=\"\(depart.string)\"", "there is no such time; left out",
          example: id.string)
        return nil
      }
      departure = time
    }
    note(xml, &untaken)
    return SUMODemand.Entry(
      id: id.string, type: xml.attribute("type")?.string ?? "DEFAULT_VEHTYPE", way: way(xml),
      departure: departure, flow: flow, departPosition: xml.attribute("departPos")?.double,
      arrivalPosition: xml.attribute("arrivalPos")?.double)
  }

  private static func note(_ xml: XMLScanner, _ untaken: inout Untaken) {
    let word = xml.name.string
    for i in 0..<xml.attributeCount {
      let name = xml.attributeName(i).string
      let value = xml.attributeValue(i)
      switch name {
      case "departLane":
        untaken.add("\(word) departLane", "everybody departs on the lane at the kerb")
      case "departSpeed":
        untaken.add("\(word) departSpeed", "everybody pulls out as the traffic lets them")
      case "departPos", "arrivalPos":
        if value.double == nil && value != "base" && value != "max" {
          untaken.add(
            "\(word) \(name)=\"\(value.string)\"",
            name == "departPos" ? "taken as base" : "taken as max")
        }
      default:
        if !harmless.contains(name) { untaken.add("\(word) \(name)", "not supported") }
      }
    }
  }

  private static func way(_ xml: XMLScanner) -> SUMODemand.Way {
    if let route = xml.attribute("route") { return .named(route.string) }
    func words(_ name: StaticString) -> [String] {
      SUMOText.words(xml.attribute(name)?.string ?? "")
    }
    // SUMO reads lists here too, and so passes over spaces around an id.
    if let from = words("from").first, let to = words("to").last {
      return .search(from: from, via: words("via"), to: to)
    }
    for name in ["fromTaz", "toTaz", "fromJunction", "toJunction"] as [StaticString]
    where xml.attribute(name) != nil {
      return .unknown("\(name)")
    }
    return .unknown("no route")
  }

  /// Nil where the rate or a time makes no sense.
  private static func flow(_ xml: XMLScanner) -> SUMODemand.Flow? {
    func time(_ name: StaticString, _ usual: Int64) -> Int64? {
      guard let text = xml.attribute(name) else { return usual }
      return SUMOText.time(text.string)
    }
    var number: Int?
    if let text = xml.attribute("number") {
      guard let count = text.integer, 0...10_000_000 ~= count else { return nil }
      number = Int(count)
    }
    guard let rate = rate(xml, number) else { return nil }
    var endsByNumber = number != nil
    if case .spread = rate { endsByNumber = false }
    guard let begin = time("begin", 0), begin >= 0,
      let end = time("end", max(begin, endsByNumber ? noEnd : day)), end >= begin
    else { return nil }
    return SUMODemand.Flow(begin: begin, end: end, rate: rate, number: number)
  }

  private static func rate(_ xml: XMLScanner, _ number: Int?) -> SUMODemand.Rate? {
    if let text = xml.attribute("probability") {
      guard let chance = text.double, chance > 0, chance <= 1 else { return nil }
      return .chance(chance)
    }
    if let text = xml.attribute("vehsPerHour") ?? xml.attribute("perHour") {
      guard let perHour = text.double, perHour > 0, perHour <= 1e7 else { return nil }
      return .every(3_600_000 / perHour)
    }
    if let text = xml.attribute("period") {
      let word = text.string
      if word.hasPrefix("exp("), word.hasSuffix(")") {
        guard let rate = Double(word.dropFirst(4).dropLast()), rate > 0, rate <= 1e4 else {
          return nil
        }
        return .poisson(rate)
      }
      guard let seconds = text.double, seconds > 0, seconds <= 1e7 else { return nil }
      return .every(seconds * 1000)
    }
    return number == nil ? nil : .spread
  }

  static func type(_ xml: XMLScanner, _ id: String) -> SUMODemand.VehicleType {
    var type = SUMODemand.VehicleType(id: id)
    for i in 0..<xml.attributeCount {
      let name = xml.attributeName(i).string
      let value = xml.attributeValue(i).string
      if name == "vClass" {
        type.vehicleClass = value
      } else if name != "id" {
        type.attributes[name] = value
      }
    }
    return type
  }
}

/// Reads detectors and parking areas from their attributes.
enum SUMOFurnitureReader {
  /// Elements that count or measure at a place on a lane.
  static let detectors: Set<String> = [
    "inductionLoop", "e1Detector", "instantInductionLoop", "laneAreaDetector", "e2Detector",
    "detectorDefinition",
  ]

  /// Attributes that say something here, or nothing anywhere but in SUMO's own output and window.
  private static let ofDetectors: Set<String> = [
    "id", "lane", "lanes", "pos", "startPos", "endPos", "period", "freq", "length", "file", "name",
    "friendlyPos", "timeThreshold", "speedThreshold", "jamThreshold",
  ]
  private static let ofParkingAreas: Set<String> = [
    "id", "name", "lane", "startPos", "endPos", "roadsideCapacity", "friendlyPos", "width",
    "length",
    "color",
  ]

  /// Counts the attributes of an element that are not taken over.
  static func note(_ xml: XMLScanner, _ untaken: inout Untaken) {
    let word = xml.name.string
    let known = word == "parkingArea" ? ofParkingAreas : ofDetectors
    for i in 0..<xml.attributeCount {
      let name = xml.attributeName(i).string
      if known.contains(name) { continue }
      untaken.add(
        "\(word) \(name)", name == "vTypes" ? "every vehicle counts" : "not supported",
        example: xml.attribute("id")?.string ?? "")
    }
  }

  static func detector(_ xml: XMLScanner, _ element: String) -> SUMOFurniture.Detector? {
    // An area over several lanes is placed on its first one.
    let lane =
      xml.attribute("lane")?.string
      ?? SUMOText.words(xml.attribute("lanes")?.string ?? "").first
    guard let id = xml.attribute("id"), !id.isEmpty, let lane,
      let position = xml.attribute("pos")?.double ?? xml.attribute("startPos")?.double,
      abs(position) <= 1e6
    else { return nil }
    let period = (xml.attribute("period") ?? xml.attribute("freq"))
      .flatMap { SUMOText.time($0.string) }
    return SUMOFurniture.Detector(
      id: id.string, element: element, lane: lane, position: position,
      period: period.map { Double($0) / 1000 },
      length: max(0, min(100, xml.attribute("length")?.double ?? 0)))
  }

  static func parkingArea(_ xml: XMLScanner) -> SUMOFurniture.ParkingArea? {
    guard let id = xml.attribute("id"), !id.isEmpty, let lane = xml.attribute("lane") else {
      return nil
    }
    let start = xml.attribute("startPos")?.double ?? 0
    let end = xml.attribute("endPos")?.double ?? -1e-3
    guard abs(start) <= 1e6, abs(end) <= 1e6 else { return nil }
    let capacity = xml.attribute("roadsideCapacity")?.integer ?? 0
    return SUMOFurniture.ParkingArea(
      id: id.string, name: xml.attribute("name")?.string ?? "", lane: lane.string, start: start,
      end: end, roadsideCapacity: Int(max(0, min(100_000, capacity))))
  }
}
