import CityBase
import CityNetwork
import CityText

/// Reads single trips from a table.
///
/// Columns: `id`, `depart` (ISO 8601 with a zone, or `HH:MM[:SS]` of the first day), and where:
/// `from_link`, `from_offset_m`, `to_link`, `to_offset_m` (link ids of the network's source, metres
/// from the start of the link) or `from_lon`, `from_lat`, `to_lon`, `to_lat` (WGS 84 degrees).
/// A table may have both; a row then uses the links where it names them. `purpose` may be there, and
/// `route`: the links to be driven, from that of the origin to that of the destination, with spaces
/// between them; where it is empty the way is looked for. `type` names the type of the vehicle;
/// where it is empty or unknown it is left open.
public struct TripTable {
  let network: RoadNetwork
  let epoch: Instant
  let window: Range<Int64>?
  let toWorking: (Point2) -> Point2?
  let typeIndex: (String) -> UInt8?
  let nearestAccess: (Point2) -> (access: AccessPoint, distance: Double)?
  private let names: LinkNames

  /// Farther from any road, a trip is dropped. Metres.
  public static let reach = 300.0

  /// `window`, where given, leaves out trips that depart outside of it (milliseconds from the start
  /// of the clock); they are counted in a note. `toWorking` turns longitude and latitude into the
  /// working CRS, nil where that cannot be done. `nearestAccess` finds the nearest place by the
  /// road, and how many metres away it is.
  public init(
    network: RoadNetwork, epoch: Instant, window: Range<Int64>? = nil,
    typeIndex: @escaping (String) -> UInt8? = { _ in nil },
    toWorking: @escaping (Point2) -> Point2?,
    nearestAccess: @escaping (Point2) -> (access: AccessPoint, distance: Double)?
  ) {
    self.network = network
    self.window = window
    self.typeIndex = typeIndex
    self.toWorking = toWorking
    self.nearestAccess = nearestAccess
    self.epoch = epoch
    names = LinkNames(network)
  }

  /// The same with an index of the links that trips may begin and end on.
  public init(
    network: RoadNetwork, epoch: Instant, window: Range<Int64>? = nil, index: LinkIndex,
    typeIndex: @escaping (String) -> UInt8? = { _ in nil },
    toWorking: @escaping (Point2) -> Point2?
  ) {
    self.init(
      network: network, epoch: epoch, window: window, typeIndex: typeIndex, toWorking: toWorking,
      nearestAccess: { index.nearest(to: $0, maxDistance: Self.reach) })
  }

  /// Reads the table at a path. Rows that cannot be used are dropped with a diagnostic that names
  /// the line; a missing column or a broken file is refused.
  public func read(path: String, diagnostics: inout Diagnostics) throws(CityError) -> [Trip] {
    try trips(in: try CSVTable.read(path: path), diagnostics: &diagnostics)
  }

  /// The same for a table that is already in memory, in the order of departure.
  public func trips(in table: CSVTable, diagnostics: inout Diagnostics) throws(CityError)
    -> [Trip]
  {
    let columns = try TripColumns(table)
    var seen: Set<String> = []
    seen.reserveCapacity(table.rowCount)
    var trips: [Trip] = []
    trips.reserveCapacity(table.rowCount)
    var routes = GivenRoutes(names)
    var outside = 0
    var unknown: (count: Int, line: Int, name: String)?
    for row in table.rows {
      do throws(RowProblem) {
        var trip = try trip(row, columns)
        if let column = columns.route {
          trip.givenRoute = try row.withText(column) { text throws(RowProblem) in
            try routes.links(text, for: trip)
          }
        }
        if let column = columns.type, case let name = row[column].trimmed, !name.isEmpty {
          trip.vehicleType = typeIndex(name)
          if trip.vehicleType == nil {
            unknown = unknown.map { ($0.count + 1, $0.line, $0.name) } ?? (1, row.line, name)
          }
        }
        if let window, !window.contains(trip.departureMilliseconds) {
          outside += 1
          continue
        }
        guard seen.insert(trip.name).inserted else {
          throw RowProblem(code: "trip-duplicate", "the id \"\(trip.name)\" was there before")
        }
        trips.append(trip)
      } catch {
        diagnostics.warn(
          error.code, file: table.file, place: "line \(row.line)",
          "\(error.message); the trip is left out")
      }
    }
    if outside > 0 {
      diagnostics.note(
        "trip-outside-window", file: table.file,
        "\(outside) trips depart outside of the time that is simulated")
    }
    if let unknown {
      diagnostics.warn(
        "trip-type", file: table.file, place: "line \(unknown.line)",
        "no type of vehicle is named \"\(unknown.name)\"; \(unknown.count) trips are made as if "
          + "they named none")
    }
    return trips.inDepartureOrder()
  }

  private func trip(_ row: CSVTable.Row, _ columns: TripColumns) throws(RowProblem) -> Trip {
    let name = row[columns.id].trimmed
    guard !name.isEmpty else { throw RowProblem(code: "trip-id", "expected an id") }
    let depart = row[columns.depart].trimmed
    guard let departure = TimeText(depart)?.milliseconds(from: epoch) else {
      throw RowProblem(
        code: "trip-time",
        "expected a time such as 2026-03-02T07:00:00+08:00 or 07:00:00, found \"\(depart)\"")
    }
    let origin = try place(row, columns.from, "from", hasType: columns.type != nil)
    let destination = try place(row, columns.to, "to", hasType: columns.type != nil)
    var purpose = TripPurpose.other
    if let column = columns.purpose, !row[column].trimmed.isEmpty {
      guard let known = TripPurpose(word: row[column].trimmed) else {
        throw RowProblem(code: "trip-purpose", "unknown purpose \"\(row[column].trimmed)\"")
      }
      purpose = known
    }
    return Trip(
      name: name, departureMilliseconds: departure, origin: origin, destination: destination,
      purpose: purpose)
  }

  private func place(
    _ row: CSVTable.Row, _ columns: TripColumns.Place, _ side: String, hasType: Bool
  ) throws(RowProblem) -> AccessPoint {
    if let link = columns.link, let offset = columns.offset,
      columns.lon == nil || !row[link].trimmed.isEmpty
    {
      return try place(
        link: row[link].trimmed, offset: row.number(offset), side, hasType: hasType)
    }
    guard let lonColumn = columns.lon, let latColumn = columns.lat,
      let lon = row.number(lonColumn), let lat = row.number(latColumn), abs(lon) <= 180,
      abs(lat) <= 90
    else {
      throw RowProblem(
        code: "trip-place",
        "expected \(side)_lon within ±180 and \(side)_lat within ±90 degrees")
    }
    guard let point = toWorking(Point2(lon, lat)), point.isFinite,
      let nearest = nearestAccess(point), nearest.distance <= Self.reach
    else {
      throw RowProblem(
        code: "trip-far",
        "no road within \(Int(Self.reach)) m of \(side)_lon \(lon), \(side)_lat \(lat)")
    }
    return nearest.access
  }

  /// Where vehicles may be of any type, whether a link is open to them is known with their routes.
  private func place(link text: String, offset: Double?, _ side: String, hasType: Bool)
    throws(RowProblem) -> AccessPoint
  {
    guard let link = names[text] else {
      throw RowProblem(code: "trip-link", "the network has no link \"\(text)\" (\(side)_link)")
    }
    let length = Double(network.linkLength[link])
    guard hasType || network.linkAccess[link].contains(.car) else {
      throw RowProblem(code: "trip-link", "link \"\(text)\" (\(side)_link) is closed to cars")
    }
    // A centimetre more than the link has is a rounding, not a mistake.
    guard let offset, offset >= 0, offset <= length + 0.01 else {
      throw RowProblem(
        code: "trip-offset", "expected \(side)_offset_m from 0 to \(length) on link \"\(text)\"")
    }
    return AccessPoint(link: link, offset: Float(min(offset, length)))
  }
}

/// Why a row is left out.
struct RowProblem: Error {
  var code: String
  var message: String
  init(code: String, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// Which columns of a table hold what.
struct TripColumns {
  struct Place {
    var link: Int?
    var offset: Int?
    var lon: Int?
    var lat: Int?
  }
  var id: Int
  var depart: Int
  var purpose: Int?
  var route: Int?
  var type: Int?
  var from: Place
  var to: Place

  init(_ table: CSVTable) throws(CityError) {
    id = try table.requiredColumn("id")
    depart = try table.requiredColumn("depart")
    purpose = table.column("purpose")
    route = table.column("route")
    type = table.column("type")
    from = try Self.place(table, "from")
    to = try Self.place(table, "to")
  }

  private static func place(_ table: CSVTable, _ side: String) throws(CityError) -> Place {
    let pairs = [["\(side)_link", "\(side)_offset_m"], ["\(side)_lon", "\(side)_lat"]]
    let present = pairs.map { $0.filter { table.column($0) != nil } }
    if present.allSatisfy(\.isEmpty) {
      throw .refused(
        "expected the columns \(side)_lon and \(side)_lat, or \(side)_link and \(side)_offset_m",
        file: table.file, place: "line 1")
    }
    // Half a pair is a misspelt or forgotten column: say which.
    for (pair, found) in zip(pairs, present) where found.count == 1 {
      for name in pair { _ = try table.requiredColumn(name) }
    }
    return Place(
      link: table.column(pairs[0][0]), offset: table.column(pairs[0][1]),
      lon: table.column(pairs[1][0]), lat: table.column(pairs[1][1]))
  }
}

extension TripPurpose {
  /// The word for it in tables.
  public var word: String {
    switch self {
    case .work: "work"
    case .education: "education"
    case .shopping: "shopping"
    case .leisure: "leisure"
    case .business: "business"
    case .home: "home"
    case .other: "other"
    }
  }

  /// The purpose with this word, or nil.
  public init?(word: String) {
    guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = found
  }
}

extension String {
  /// Without spaces and tabs around it.
  var trimmed: String {
    let isBlank: (UInt8?) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    if !isBlank(utf8.first) && !isBlank(utf8.last) { return self }
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !isSpace($0) }),
      let last = lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[first...last])
  }
}
