import CityBase
import CityGIS

/// Where a SUMO network lies: how its coordinates become metres of a working CRS.
struct SUMOPlace {
  var workingCRS: String
  /// Added to the network's coordinates.
  var shift: Point2
  /// What a report says about it.
  var remark: String
  var isOnEarth: Bool

  /// Metres from 0, 0 beyond which a network without a place is moved there.
  static let farthest = 200_000.0

  /// A network with a projection lies where it says; one without a place, or with a projection that
  /// PROJ does not know, is put on a local transverse Mercator at 0, 0.
  init(_ net: SUMONet) {
    let location = net.location
    if location.projection.hasPrefix("+"), (try? CRS.isMetric(location.projection)) == true {
      workingCRS = location.projection
      shift = location.offset * -1
      remark = "working CRS \(location.projection)"
      isOnEarth = true
      return
    }
    workingCRS = CRS.localTransverseMercator(lon: 0, lat: 0)
    let box = Box2(net.junctions.lazy.map(\.position))
    shift =
      box.isEmpty
        || [box.min.x, box.min.y, box.max.x, box.max.y].allSatisfy { abs($0) < Self.farthest }
      ? Point2(0, 0) : box.min * -1
    remark =
      (location.projection == "!"
        ? "the network has no place on Earth"
        : "the projection \"\(location.projection)\" is not one in metres that PROJ knows")
      + ": it is put on a local transverse Mercator at 0, 0"
    isOnEarth = false
  }

  func point(_ p: Point2) -> Point2 { (p + shift).roundedToMillimetre }
}
