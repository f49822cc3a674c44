import CityBase
import CityGIS
import CityText

/// Reads a SUMO network file (`.net.xml`, plain or gzipped).
///
/// What the file has is taken as it stands; what is missing or broken in one element leaves that
/// element out with a diagnostic.
struct SUMONetReader {
  static let laneWidth = 3.2

  private(set) var net = SUMONet()
  private let file: String
  /// What is being read between the start and the end of an element at depth 2.
  private enum Open { case nothing, edge, junction, program }
  private var open = Open.nothing

  static func read(path: String, diagnostics: inout Diagnostics, untaken: inout Untaken)
    throws(CityError) -> SUMONet
  {
    let file = try CompressedInput.map(path: path)
    return try file.withBytes { (bytes: UnsafeRawBufferPointer) throws(CityError) -> SUMONet in
      try read(bytes, file: path, diagnostics: &diagnostics, untaken: &untaken)
    }
  }

  static func read(
    _ bytes: UnsafeRawBufferPointer, file: String, diagnostics: inout Diagnostics,
    untaken: inout Untaken
  ) throws(CityError) -> SUMONet {
    var reader = SUMONetReader(file: file)
    try reader.scan(bytes, &diagnostics, &untaken)
    return reader.net
  }

  private init(file: String) { self.file = file }

  private mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ diagnostics: inout Diagnostics, _ untaken: inout Untaken
  ) throws(CityError) {
    var xml = XMLScanner(bytes, file: file)
    guard try xml.next() else { return }
    guard xml.name == "net" else {
      throw xml.error(
        "expected the root element <net> of a SUMO network, found <\(xml.name.string)>")
    }
    if let side = xml.attribute("lefthand") { net.isLeftHanded = side == "true" || side == "1" }
    while try xml.next() {
      guard xml.isStart else {
        if xml.depth == 2 { open = .nothing }
        continue
      }
      if xml.depth == 2 {
        open = .nothing
        start(&xml, &diagnostics, &untaken)
      } else if xml.depth == 3 {
        child(&xml, &diagnostics)
      }
    }
  }

  private mutating func start(
    _ xml: inout XMLScanner, _ diagnostics: inout Diagnostics, _ untaken: inout Untaken
  ) {
    switch xml.name {
    case "edge": readEdge(&xml, &diagnostics)
    case "junction": readJunction(&xml, &diagnostics)
    case "connection": readConnection(&xml, &diagnostics)
    case "tlLogic": readProgram(&xml, &diagnostics)
    case "location": readLocation(&xml, &diagnostics)
    case "roundabout":
      net.roundaboutEdges.formUnion(SUMOText.words(text(xml, "edges")))
      net.roundaboutJunctions.formUnion(SUMOText.words(text(xml, "nodes")))
    case "type", "param": break
    default:
      untaken.add(
        "network element <\(xml.name.string)>", "not read", example: text(xml, "id"))
    }
  }

  private mutating func child(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    switch open {
    case .edge: if xml.name == "lane" { readLane(&xml, &diagnostics) }
    case .junction: if xml.name == "request" { readRequest(&xml) }
    case .program:
      if xml.name == "phase" { readPhase(&xml, &diagnostics) }
      if xml.name == "param" {
        SUMOProgramReader.readParameter(xml, into: &net.programs[net.programs.count - 1])
      }
    case .nothing: break
    }
  }

  private func text(_ xml: XMLScanner, _ name: StaticString) -> String {
    xml.attribute(name)?.string ?? ""
  }

  private func warn(
    _ code: String, _ xml: XMLScanner, _ message: String, _ diagnostics: inout Diagnostics
  ) { diagnostics.warn(code, file: file, place: "byte \(xml.offset)", message) }

  private mutating func readLocation(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    if let offset = xml.attribute("netOffset") {
      if let point = SUMOText.point(offset.raw) {
        net.location.offset = point
      } else {
        warn("sumo-location", xml, "expected netOffset as x,y; it is taken as 0,0", &diagnostics)
      }
    }
    if let projection = xml.attribute("projParameter") {
      net.location.projection = projection.string
    }
  }

  private mutating func readEdge(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    guard let id = xml.attribute("id"), !id.isEmpty else {
      return warn("sumo-edge", xml, "an edge without an id is left out", &diagnostics)
    }
    net.edges.append(
      SUMONet.Edge(
        id: id.string, function: text(xml, "function"), from: text(xml, "from"),
        to: text(xml, "to"), name: text(xml, "name"), type: text(xml, "type")))
    open = .edge
  }

  private mutating func readLane(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    guard let id = xml.attribute("id"), let index = xml.attribute("index")?.integer,
      let speed = xml.attribute("speed")?.double, let length = xml.attribute("length")?.double,
      let shape = xml.attribute("shape").flatMap({ SUMOText.shape($0) }), shape.count > 1,
      0...255 ~= index, speed >= 0, speed <= 1000, length >= 0, length <= 1e6
    else {
      return warn(
        "sumo-lane", xml,
        "a lane without id, index, speed, length or a shape of two points; it is left out",
        &diagnostics)
    }
    let width = xml.attribute("width")?.double ?? Self.laneWidth
    net.edges[net.edges.count - 1].lanes.append(
      SUMONet.Lane(
        id: id.string, index: Int(index), speed: speed, length: length,
        width: width > 0 ? min(20, max(0.5, width)) : Self.laneWidth, shape: shape,
        permissions: SUMOPermissions(
          allow: xml.attribute("allow")?.string, disallow: xml.attribute("disallow")?.string)))
  }

  private mutating func readJunction(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    guard let id = xml.attribute("id"), let x = xml.attribute("x")?.double,
      let y = xml.attribute("y")?.double, abs(x) < 1e8, abs(y) < 1e8
    else {
      return warn(
        "sumo-junction", xml, "a junction without id, x or y; it is left out", &diagnostics)
    }
    net.junctions.append(
      SUMONet.Junction(
        id: id.string, type: text(xml, "type"), position: Point2(x, y),
        incomingLanes: SUMOText.words(text(xml, "incLanes"))))
    open = .junction
  }

  private mutating func readRequest(_ xml: inout XMLScanner) {
    guard let index = xml.attribute("index")?.integer, 0..<100_000 ~= index else { return }
    net.junctions[net.junctions.count - 1].requests[Int(index)] = SUMONet.Request(
      response: xml.attribute("response").map { Array($0.raw) } ?? [],
      foes: xml.attribute("foes").map { Array($0.raw) } ?? [])
  }

  private mutating func readConnection(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    guard let from = xml.attribute("from"), let to = xml.attribute("to"),
      let fromLane = xml.attribute("fromLane")?.integer,
      let toLane = xml.attribute("toLane")?.integer, 0...255 ~= fromLane, 0...255 ~= toLane
    else {
      return warn(
        "sumo-connection", xml,
        "a connection without from, to, fromLane or toLane; it is left out", &diagnostics)
    }
    let (allow, disallow) = (xml.attribute("allow"), xml.attribute("disallow"))
    let index = xml.attribute("linkIndex")?.integer ?? -1
    net.connections.append(
      SUMONet.Connection(
        from: from.string, to: to.string, fromLane: Int(fromLane), toLane: Int(toLane),
        via: text(xml, "via"), direction: text(xml, "dir"), state: text(xml, "state"),
        signal: text(xml, "tl"), linkIndex: 0..<4096 ~= index ? Int(index) : -1,
        permissions: allow == nil && disallow == nil
          ? nil : SUMOPermissions(allow: allow?.string, disallow: disallow?.string)))
  }

  // MARK: - Signals

  private mutating func readProgram(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    guard let program = SUMOProgramReader.program(xml) else {
      return warn("sumo-signal", xml, "a tlLogic without an id is left out", &diagnostics)
    }
    net.programs.append(program)
    open = .program
  }

  private mutating func readPhase(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) {
    guard let phase = SUMOProgramReader.phase(xml) else {
      return warn(
        "sumo-phase", xml, "a phase without a duration and a state; it is left out", &diagnostics)
    }
    net.programs[net.programs.count - 1].phases.append(phase)
  }
}

/// Reads what network files and additional files write alike of signal programs.
enum SUMOProgramReader {
  /// The program of a `tlLogic`, without its phases; nil where it has no id.
  static func program(_ xml: XMLScanner) -> SUMONet.Program? {
    guard let id = xml.attribute("id"), !id.isEmpty else { return nil }
    return SUMONet.Program(
      id: id.string, type: xml.attribute("type")?.string ?? "static",
      program: xml.attribute("programID")?.string ?? "0",
      offset: xml.attribute("offset").flatMap { SUMOText.time($0.string) } ?? 0)
  }

  /// A phase; nil where it has no duration of a millisecond to a day, or no state.
  static func phase(_ xml: XMLScanner) -> SUMONet.Phase? {
    guard let duration = xml.attribute("duration").flatMap({ SUMOText.time($0.string) }),
      duration > 0, duration <= 86_400_000, let state = xml.attribute("state"), !state.isEmpty
    else { return nil }
    return SUMONet.Phase(
      duration: duration, minimum: xml.attribute("minDur").flatMap { SUMOText.time($0.string) },
      maximum: xml.attribute("maxDur").flatMap { SUMOText.time($0.string) },
      state: Array(state.raw), namesNext: xml.attribute("next") != nil)
  }

  /// A `<param>` within a `tlLogic`.
  static func readParameter(_ xml: XMLScanner, into program: inout SUMONet.Program) {
    guard let key = xml.attribute("key")?.string, let value = xml.attribute("value")?.string else {
      return
    }
    program.parameters[key] = value
  }
}
