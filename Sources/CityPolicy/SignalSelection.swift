import CityBase
import CityNetwork
import CityText

/// The signals that a scenario means: `"signals": ["1042", {"near": [117.21, 39.12]}]`. A text is the
/// id of a signal of the network, or of one of the city's layer of signals, which stands for the
/// nearest of the network. `near`, and a signal of the layer, must be within 50 m of it.
public struct SignalSelection: Sendable {
  enum Selector: Sendable {
    case id(String)
    case near(PlaceText)
  }

  /// Metres, from the middle of the junction.
  static let searchRadius = 50.0

  /// What is meant, each with its JSON path.
  let selectors: [(selector: Selector, path: String)]
  let file: String

  /// Reads the key `signals`.
  public init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    var selectors: [(Selector, String)] = []
    for (i, value) in try reader.array("signals").enumerated() {
      let path = reader.path(of: "signals[\(i)]")
      selectors.append((try Self.selector(value, file: reader.file, path: path), path))
    }
    guard !selectors.isEmpty else { throw reader.error("signals", "expected one signal or more") }
    self.selectors = selectors
  }

  private static func selector(_ value: JSONValue, file: String, path: String) throws(CityError)
    -> Selector
  {
    if let id = value.string { return .id(id) }
    guard value.members != nil else {
      throw .refused(
        "expected the id of a signal or {\"near\": [longitude, latitude]}, found "
          + value.kindInWords, file: file, place: path)
    }
    var reader = try JSONObjectReader(value, file: file, path: path)
    let near = try reader.value("near")
    try reader.finish()
    return .near(try PlaceText(near, file: file, path: "\(path).near"))
  }

  /// The signals in ascending order, each once. Refuses what the city does not have.
  public func signals(on site: PolicySite) throws(CityError) -> [SignalID] {
    try signalsInOrder(on: site).sorted()
  }

  /// The signals in the order in which they are named, each once. Refuses what the city does not
  /// have.
  public func signalsInOrder(on site: PolicySite) throws(CityError) -> [SignalID] {
    var found: [SignalID] = []
    for (selector, path) in selectors {
      let signal =
        switch selector {
        case .id(let id): Self.signal(id: id, on: site)
        case .near(let place):
          site.locate(place.degrees).flatMap { Self.signal(near: $0, on: site) }
        }
      guard let signal else {
        throw .refused(Self.expectation(selector, on: site), file: file, place: path)
      }
      if !found.contains(signal) { found.append(signal) }
    }
    return found
  }

  private static func signal(id: String, on site: PolicySite) -> SignalID? {
    let signals = site.network.signals
    if let signal = signals.ids.first(where: { signals[$0].externalID == id }) { return signal }
    guard let feature = site.map.signals.find(id) else { return nil }
    return signal(near: site.map.signals[feature].position, on: site)
  }

  private static func signal(near point: Point2, on site: PolicySite) -> SignalID? {
    let network = site.network
    var best: (signal: SignalID?, distance: Double) = (nil, searchRadius)
    for signal in network.signals.ids {
      let middle = network.junctionPosition[network.signals[signal].junction]
      let distance = middle.distance(to: point)
      if distance <= best.distance, best.signal == nil || distance < best.distance {
        best = (signal, distance)
      }
    }
    return best.signal
  }

  private static func expectation(_ selector: Selector, on site: PolicySite) -> String {
    switch selector {
    case .near(let place):
      return "expected a point within \(Int(searchRadius)) m of a signal, found \(place.text)"
    case .id(let id):
      guard site.map.signals.find(id) == nil else {
        return "no signal of the road network is within \(Int(searchRadius)) m of \"\(id)\""
      }
      let known = site.network.signals.values.map(\.externalID)
      let drawn = site.map.signals.entities.values.map(\.externalID)
      return "expected the id of a signal, found \"\(id)\""
        + Spelling.hint(for: id, among: known + drawn)
    }
  }
}
