import CityBase
import CityText

/// SUMO's tables of when signals change their programs (`WAUT`), and which signals keep to them.
struct SUMOSwitches {
  struct Table {
    var id: String
    /// Milliseconds that its times count from.
    var reference: Int64
    var start: String
    /// Milliseconds from the reference, and the program from then on.
    var times: [(time: Int64, program: String)] = []
    /// Milliseconds after which its times come again; 0 where they do not.
    var period: Int64 = 0
  }

  private(set) var tables: [Table] = []
  /// By signal: its table.
  private(set) var tableOfSignal: [String: String] = [:]

  /// Takes in `<WAUT>` and `<wautJunction>`; false where one lacks what it needs.
  mutating func read(_ xml: XMLScanner) -> Bool {
    func text(_ name: StaticString) -> String { xml.attribute(name)?.string ?? "" }
    if xml.name == "wautJunction" {
      guard !text("wautID").isEmpty, !text("junctionID").isEmpty else { return false }
      tableOfSignal[text("junctionID")] = text("wautID")
      return true
    }
    guard !text("id").isEmpty, xml.attribute("startProg") != nil else { return false }
    tables.append(
      Table(
        id: text("id"), reference: SUMOText.time(text("refTime")) ?? 0, start: text("startProg"),
        period: max(0, SUMOText.time(text("period")) ?? 0)))
    return true
  }

  /// Takes in a `<wautSwitch>` of the table read last.
  mutating func readSwitch(_ xml: XMLScanner) {
    guard !tables.isEmpty, let time = xml.attribute("time").flatMap({ SUMOText.time($0.string) }),
      let program = xml.attribute("to")?.string
    else { return }
    tables[tables.count - 1].times.append((time, program))
  }

  private static let day: Int64 = 86_400_000
  /// Switches of a day that are taken over from one table.
  private static let most = 10_000

  /// How often the times of a table come within a day; nil where they are too many to be a plan.
  static func rounds(of table: Table) -> Int? {
    guard table.period > 0 else { return 1 }
    let rounds = Int((day + table.period - 1) / table.period)
    return rounds <= most / max(1, table.times.count) ? rounds : nil
  }

  /// What the signals of a table show over a day: milliseconds of it, and the program from then on,
  /// ascending, one at a time. Times of later days are not among them.
  static func day(of table: Table) -> [(time: Int64, program: String)] {
    var found: [(time: Int64, program: String)] = [(0, table.start)]
    for round in 0..<(rounds(of: table) ?? 1) {
      for (time, program) in table.times {
        let at = time + table.reference + Int64(round) * table.period
        if 0..<day ~= at { found.append((at, program)) }
      }
    }
    let sorted = found.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    var out: [(time: Int64, program: String)] = []
    for (_, entry) in sorted {
      if out.last?.time == entry.time { out.removeLast() }
      out.append(entry)
    }
    return out
  }

  /// The table of a signal, or nil.
  func table(of signal: String) -> Table? {
    tableOfSignal[signal].flatMap { id in tables.last { $0.id == id } }
  }
}
