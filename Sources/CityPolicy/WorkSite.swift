import CityBase
import CityNetwork
import CityText

/// Where along a link its lanes are closed.
///
/// Without `from_m` and `to_m` (metres from the start of each link) it is from 30 m after the start
/// to 40 m before the end, so that the turning lanes at the junction stay usable, as at work sites on
/// the road. On links under 105 m, where less than a third would be left of that, it is the middle
/// third.
struct WorkSite: Sendable {
  static let afterStart: Float = 30
  static let beforeEnd: Float = 40

  let from: Double?
  let to: Double?
  private let file: String
  private let place: String

  init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    from = try reader.optionalNumber("from_m", in: 0...100_000)
    to = try reader.optionalNumber("to_m", in: 0...100_000)
    place = reader.path(of: to == nil ? "from_m" : "to_m")
    if let from, let to, from >= to {
      throw reader.error("to_m", "expected more than from_m, \(from), found \(to)")
    }
  }

  /// The stretch of a link in metres from its start, held within it. Refuses one that lies beyond its
  /// end or is empty.
  func stretch(of link: LinkID, in network: RoadNetwork) throws(CityError) -> Range<Float> {
    let length = network.linkLength[link]
    let usual = Self.usualStretch(ofLength: length)
    let lower = from.map { Float($0) } ?? usual.lowerBound
    let upper = min(to.map { Float($0) } ?? usual.upperBound, length)
    guard lower < upper else {
      throw .refused(
        "on \(LaneClosure.words(link, network)), which is \(length) m long, the closure would go "
          + "from \(lower) m to \(upper) m", file: file, place: place)
    }
    return lower..<upper
  }

  static func usualStretch(ofLength length: Float) -> Range<Float> {
    let left = length - afterStart - beforeEnd
    return left < length / 3 ? length / 3..<2 * length / 3 : afterStart..<length - beforeEnd
  }
}
