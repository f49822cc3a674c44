import CityBase
import CityModel
import CityNetwork

/// What stands and lies along the streets: signals, sensors, kerb bays, footways.
struct StreetFurniture {
  let plan: CityPlan
  /// The nodes of signalised junctions.
  let signalNodes: [RoadSource.Node]

  func entities(_ blocks: [CityBlock]) -> [DraftEntity] {
    let isCoarse = plan.options.drawnDetail != .buildings
    return signals() + kerbBays() + sensors() + (isCoarse ? [] : pavements()) + parkPaths(blocks)
  }

  private func signals() -> [DraftEntity] {
    signalNodes.map {
      DraftEntity(
        kind: .signal, id: "s\($0.externalID)", shape: .point($0.position),
        properties: [Property("junction", .text(String($0.externalID)))])
    }
  }

  private func away(_ p: Point2) -> Double { (p - CityTerrain.center).length / plan.radius }

  /// A stretch between two junctions, from one half-edge that leaves a junction; nil elsewhere.
  private func stretch(from h: Int32) -> [Point2]? {
    let map = plan.map
    guard map.degree[Int(map.origin[Int(h)])] > 2 else { return nil }
    var points = [map.position[Int(map.origin[Int(h)])]]
    var e = h
    while true {
      let node = map.destination(e)
      points.append(map.position[Int(node)])
      if map.degree[Int(node)] != 2 || points.count > 1_000 { return points }
      e = map.next[Int(e)]
    }
  }

  /// A line on the right of a stretch, clear of the junctions at its ends.
  private func line(_ points: [Point2], right: Double, clear: Double) -> [Point2] {
    let length = Polyline.length(points)
    let middle = Polyline.slice(points, from: clear, to: length - clear)
    return Polyline.offset(middle, left: -right).map(\.roundedToMillimetre)
  }

  /// Bays between the carriageway and the pavement of some collectors.
  private func kerbBays() -> [DraftEntity] {
    var out: [DraftEntity] = []
    for h in plan.map.origin.indices {
      let street = plan.map.street[h / 2]
      guard street.roadClass == .tertiary, let points = stretch(from: Int32(h)) else { continue }
      let away = away(points[0])
      let draws = KeyedDraws(plan.random, .cityFacility, 4, h)
      guard draws.happens(away < 0.6 ? 0.28 : 0.1, 0), Polyline.length(points) > 150 else {
        continue
      }
      let bays = line(points, right: Double(street.lanes) * 3.5 + 1.2, clear: 40)
      let capacity = Int(Polyline.length(bays) / 6.2)
      out.append(
        DraftEntity(
          kind: .parking, id: "k\(out.count + 1)", shape: .line(bays),
          properties: FacilityPlan.parking("kerb", capacity: capacity, away: away, draws)))
    }
    return out
  }

  private func sensors() -> [DraftEntity] {
    let types = ["loop", "loop", "radar", "camera"]
    var out: [DraftEntity] = []
    for h in plan.map.origin.indices {
      let street = plan.map.street[h / 2]
      let draws = KeyedDraws(plan.random, .cityFacility, 5, h)
      guard street.roadClass <= .secondary, draws.happens(0.14, 0),
        let points = stretch(from: Int32(h)), Polyline.length(points) > 100
      else { continue }
      let (p, direction) = Polyline.locate(points, at: Polyline.length(points) * 0.6)
      let isDivided = plan.options.streets == .full && CarriagewayLayout.isDivided(street)
      let aside =
        isDivided ? CarriagewayLayout.offset(street) : Double(street.lanes) * 1.75
      let place = p - direction.leftNormal * aside
      out.append(
        DraftEntity(
          kind: .sensor, id: "d\(out.count + 1)", shape: .point(place.roundedToMillimetre),
          properties: [Property("type", .text(types[draws.below(types.count, 1)]))]))
    }
    return out
  }

  /// Pavements along the main streets of the inner city, both sides.
  private func pavements() -> [DraftEntity] {
    var out: [DraftEntity] = []
    for h in plan.map.origin.indices {
      let street = plan.map.street[h / 2]
      guard street.roadClass <= .secondary, let points = stretch(from: Int32(h)),
        away(points[0]) < 0.45, Polyline.length(points) > 70
      else { continue }
      let path = line(points, right: CityBlock.halfWidth(street) - 2.5, clear: 22)
      out.append(footway("fw\(out.count + 1)", path, surface: "paving_stones", width: 4))
    }
    return out
  }

  /// Two paths across every park.
  private func parkPaths(_ blocks: [CityBlock]) -> [DraftEntity] {
    var out: [DraftEntity] = []
    for block in blocks where block.use == .park {
      let side = BlockFrame.sideDirection(block.ring)
      let sum = (side + side.leftNormal).normalized
      for d in [sum, sum.leftNormal] {
        let ends = [d, d * -1].compactMap { reach(block, $0) }
        guard ends.count == 2 else { continue }
        let path = [ends[0], block.center, ends[1]].map(\.roundedToMillimetre)
        out.append(footway("pp\(out.count + 1)", path, surface: "asphalt", width: 3))
      }
    }
    return out
  }

  private func footway(_ id: String, _ path: [Point2], surface: String, width: Double)
    -> DraftEntity
  {
    DraftEntity(
      kind: .footway, id: id, shape: .line(path),
      properties: [
        Property("surface", .text(surface)), Property("width_m", .number(width, decimals: 1)),
      ])
  }

  /// The point short of the border of a block in a direction from its middle.
  private func reach(_ block: CityBlock, _ d: Point2) -> Point2? {
    var best = Double.infinity
    for i in block.ring.indices {
      let a = block.ring[i] - block.center
      let v = block.ring[(i + 1) % block.ring.count] - block.ring[i]
      let across = d.cross(v)
      guard abs(across) > 1e-9 else { continue }
      let (t, u) = (a.cross(v) / across, a.cross(d) / across)
      if t > 0, u >= 0, u <= 1 { best = min(best, t) }
    }
    return best.isFinite && best > 40 ? block.center + d * (best - 22) : nil
  }
}
