import CityBase
import CityNetwork

/// Bus stops, crossings and signs of a generated city, for the layer that says where such things
/// are: nothing is loaded from it.
struct RoadsidePoints {
  private let plan: CityPlan
  private let layout: CarriagewayLayout
  private var layer = SideLayer(fileName: StreetPoints.fileName)
  private var map: PlanarMap { plan.map }

  /// Metres from a junction to the bus stop beyond it, and of a stretch that has one.
  private static let stopBeyondJunction = 55.0
  private static let stretchWithStop = 230.0
  /// Metres from the middle of a crossing street's near edge to the zebra.
  private static let zebraAside = 6.0

  private init(_ streets: MetropolitanStreets) {
    plan = streets.plan
    layout = streets.layout
  }

  static func layer(_ streets: MetropolitanStreets) -> SideLayer {
    var points = RoadsidePoints(streets)
    let plan = streets.plan
    let export = StreetExport(map: plan.map, lines: plan.lines, random: plan.random)
    for v in plan.map.position.indices where plan.map.degree[v] > 2 {
      let around = plan.map.departures(Int32(v))
      for h in around {
        if export.control(Int32(v)) == .signals { points.addCrossing(h, around) }
        points.addSign(h, around)
      }
    }
    for h in plan.map.origin.indices { points.addBusStop(Int32(h)) }
    return points.layer
  }

  private mutating func add(_ kind: String, _ p: Point2, _ more: [Property] = []) {
    layer.features.append(
      DraftFeature(
        id: "p\(layer.features.count + 1)", shape: .point(p.roundedToMillimetre),
        properties: [Property("kind", .text(kind))] + more))
  }

  private func halfWidth(_ h: Int32) -> Double {
    let s = map.street(of: h)
    return CarriagewayLayout.isDivided(s)
      ? CarriagewayLayout.offset(s) + Double(s.lanes) * 1.75 : Double(s.lanes) * 3.5
  }

  /// The middle of the zebra across an arm, clear of the widest street beside it.
  private mutating func addCrossing(_ h: Int32, _ around: [Int32]) {
    let widest = around.filter { $0 != h }.map { halfWidth($0) }.max() ?? 0
    let away = widest + Self.zebraAside
    guard map.length(h) > 2 * away else { return }
    add(
      "crossing", map.position[Int(map.origin[Int(h)])] + map.vector(h).normalized * away,
      [Property("crossing", .text("traffic_signals"))])
  }

  /// The sign of a local street that meets a greater one.
  private mutating func addSign(_ h: Int32, _ around: [Int32]) {
    let street = map.street(of: h)
    let main = around.filter { $0 != h }.map { map.street(of: $0).roadClass }.min() ?? .service
    guard street.roadClass == .residential, main < .residential else { return }
    let widest = around.filter { $0 != h }.map { halfWidth($0) }.max() ?? 0
    let d = map.vector(h).normalized
    // It stands on the right of those who arrive.
    let p =
      map.position[Int(map.origin[Int(h)])] + d * (widest + 3) + d.leftNormal * (halfWidth(h) + 1)
    add(main <= .secondary ? "stop_sign" : "give_way_sign", p)
  }

  /// A stop at the kerb of some stretches of the main streets, behind the junction.
  private mutating func addBusStop(_ h: Int32) {
    let street = map.street(of: h)
    let v = Int(map.origin[Int(h)])
    guard street.roadClass == .secondary || street.roadClass == .primary, !street.isBridge,
      map.degree[v] > 2, stretch(h) > Self.stretchWithStop,
      KeyedDraws(plan.random, .cityFacility, 7, Int(h)).happens(0.55, 0)
    else { return }
    let from = layout.position(layout.nodes(at: h, .leaving)[0])
    let to = layout.position(layout.nodes(at: h ^ 1, .arriving)[0])
    guard from.distance(to: to) > Self.stopBeyondJunction else { return }
    let d = (to - from).normalized
    let kerb = Double(street.lanes) * (CarriagewayLayout.isDivided(street) ? 1.75 : 3.5)
    add("bus_stop", from + d * Self.stopBeyondJunction - d.leftNormal * (kerb + 1.5))
  }

  /// Metres to the next junction.
  private func stretch(_ h: Int32) -> Double {
    var (e, length) = (h, map.length(h))
    while map.degree[Int(map.destination(e))] == 2, length < Self.stretchWithStop {
      e = map.next[Int(e)]
      length += map.length(e)
    }
    return length
  }
}
