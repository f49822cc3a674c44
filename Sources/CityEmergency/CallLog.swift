import CityBase
import CityNetwork
import CityText

/// Reads calls from a table.
///
/// Columns: `time` (ISO 8601 with a zone, or `HH:MM[:SS]` of the first day), `lon`, `lat` (WGS 84
/// degrees), `kind` (`medical`, `fire`, `police`, `accident`), `priority` (1, most urgent, to 5), and
/// where calls have one `id`. A call without an id is named by its time and kind,
/// `20260302T080500-medical`, the second such `20260302T080500-medical-2`: a name, and with it the
/// draws of the call, stays the same when rows are put in elsewhere.
public struct CallLog {
  let site: CallSite
  /// Farther from any road, a call is left out. Metres.
  public static let reach = 300.0

  public init(site: CallSite) { self.site = site }

  /// Reads the table at a path. Rows that cannot be used are left out with a diagnostic that names
  /// the line; a missing column or a broken file is refused.
  public func read(path: String, diagnostics: inout Diagnostics) throws(CityError) -> [Call] {
    try calls(in: try CSVTable.read(path: path), diagnostics: &diagnostics)
  }

  /// The same for a table that is already in memory, in order of time.
  public func calls(in table: CSVTable, diagnostics: inout Diagnostics) throws(CityError) -> [Call]
  {
    let columns = try Columns(table)
    var names = Names()
    var calls: [Call] = []
    var latest = Int64.min
    var late: (count: Int, line: Int) = (0, 0)
    for row in table.rows {
      do throws(RowProblem) {
        let call = try call(row, columns, &names)
        if call.milliseconds < latest {
          late = (late.count + 1, late.count == 0 ? row.line : late.line)
        }
        latest = max(latest, call.milliseconds)
        calls.append(call)
      } catch {
        diagnostics.warn(
          error.code, file: table.file, place: "line \(row.line)",
          "\(error.message); the call is left out")
      }
    }
    if late.count > 0 {
      diagnostics.note(
        "call-order", file: table.file, place: "line \(late.line)",
        "\(late.count) calls, this one first, are earlier than one above them; they are sorted")
    }
    return calls.inOrderOfTime()
  }

  private func call(_ row: CSVTable.Row, _ columns: Columns, _ names: inout Names)
    throws(RowProblem) -> Call
  {
    let time = try time(row[columns.time].withoutSpaces)
    let word = row[columns.kind].withoutSpaces
    guard let kind = IncidentKind(word: word) else {
      let known = IncidentKind.allCases.map { "\"\($0.word)\"" }.joined(separator: ", ")
      throw RowProblem("call-kind", "expected a kind of \(known), found \"\(word)\"")
    }
    guard let number = row.integer(columns.priority), let priority = UInt8(exactly: number),
      Call.priorities.contains(priority)
    else {
      throw RowProblem(
        "call-priority",
        "expected a priority from 1 to 5, found \"\(row[columns.priority].withoutSpaces)\"")
    }
    let (position, access) = try place(row, columns)
    let name = try names.name(
      columns.id.map { row[$0].withoutSpaces } ?? "",
      orMade: "\(site.clock.epoch.advanced(byMilliseconds: time).compact)-\(kind.word)")
    return Call(
      name: name, milliseconds: time, access: access, position: position, kind: kind,
      priority: priority)
  }

  private func time(_ text: String) throws(RowProblem) -> Int64 {
    guard let time = TimeText(text)?.milliseconds(from: site.clock.epoch) else {
      throw RowProblem(
        "call-time",
        "expected a time such as 2026-03-02T07:00:00+08:00 or 07:00:00, found \"\(text)\"")
    }
    guard time >= site.simulatedWindow.lowerBound else {
      throw RowProblem("call-outside-run", "\(text) is before the start of the run")
    }
    guard time < site.simulatedWindow.upperBound else {
      throw RowProblem("call-outside-run", "\(text) is after the end of the run")
    }
    return time
  }

  private func place(_ row: CSVTable.Row, _ columns: Columns) throws(RowProblem) -> (
    position: Point2, access: AccessPoint
  ) {
    guard let lon = row.number(columns.lon), let lat = row.number(columns.lat), abs(lon) <= 180,
      abs(lat) <= 90
    else {
      throw RowProblem("call-place", "expected lon within ±180 and lat within ±90 degrees")
    }
    guard let point = site.locate(Point2(lon, lat)), point.isFinite,
      site.bounds.isEmpty || site.bounds.contains(point)
    else { throw RowProblem("call-outside-city", "lon \(lon), lat \(lat) is outside of the city") }
    guard let nearest = site.nearest(point), nearest.distance <= Self.reach else {
      throw RowProblem(
        "call-off-road", "no road within \(Int(Self.reach)) m of lon \(lon), lat \(lat)")
    }
    return (point, nearest.access)
  }
}

extension CallLog {
  /// Why a row is left out.
  struct RowProblem: Error {
    var code: String
    var message: String
    init(_ code: String, _ message: String) {
      self.code = code
      self.message = message
    }
  }

  /// Which columns hold what.
  struct Columns {
    var time: Int
    var lon: Int
    var lat: Int
    var kind: Int
    var priority: Int
    var id: Int?

    init(_ table: CSVTable) throws(CityError) {
      time = try table.requiredColumn("time")
      lon = try table.requiredColumn("lon")
      lat = try table.requiredColumn("lat")
      kind = try table.requiredColumn("kind")
      priority = try table.requiredColumn("priority")
      id = table.column("id")
    }
  }

  /// The names given so far.
  struct Names {
    private var seen: Set<String> = []
    private var made: [String: Int] = [:]

    /// The id of a row, or where it has none one that is made up; an id that was there before is a
    /// problem.
    mutating func name(_ id: String, orMade base: String) throws(RowProblem) -> String {
      if !id.isEmpty {
        guard seen.insert(id).inserted else {
          throw RowProblem("call-duplicate", "the id \"\(id)\" was there before")
        }
        return id
      }
      while true {
        let count = made[base, default: 0] + 1
        made[base] = count
        let name = count == 1 ? base : "\(base)-\(count)"
        if seen.insert(name).inserted { return name }
      }
    }
  }
}

extension String {
  /// Without spaces and tabs around it.
  fileprivate var withoutSpaces: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !isSpace($0) }),
      let last = lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[first...last])
  }
}
