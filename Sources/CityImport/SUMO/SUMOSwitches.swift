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
    var isPeriodic = false
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
        isPeriodic: (SUMOText.time(text("period")) ?? 0) > 0))
    return true
  }

  /// Takes in a `<wautSwitch>` of the table read last.
  mutating func readSwitch(_ xml: XMLScanner) {
    guard !tables.isEmpty, let time = xml.attribute("time").flatMap({ SUMOText.time($0.string) }),
      let program = xml.attribute("to")?.string
    else { return }
    tables[tables.count - 1].times.append((time, program))
  }

  /// The table of a signal, or nil.
  func table(of signal: String) -> Table? {
    tableOfSignal[signal].flatMap { id in tables.last { $0.id == id } }
  }
}
