import CityBase
import CitySimulation
import CityText

/// Takes privileges from the emergency vehicles, to see what they are worth.
///
/// In a scenario: `{"type": "privileges_off", "which": ["filter_queue"]}`; without `which` all of
/// them: `pass_red`, to cross at red after slowing down, and `filter_queue`, to filter past a queue.
public struct PrivilegesOff: PolicySettings {
  public static let typeName = "privileges_off"
  public static let actsOn: String? = "emergency"

  private static let words: [(word: String, privilege: Privileges)] = [
    ("pass_red", .passRed), ("filter_queue", .filterQueue),
  ]

  /// One by one, each once.
  let withdrawn: [Privileges]
  let window: PolicyWindow

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    var named: Privileges = []
    let list = try reader.optionalArray("which")
    for (i, value) in (list ?? []).enumerated() {
      let known = Self.words.first { $0.word == value.string }
      guard let known else { throw Self.unknown(value, reader, "which[\(i)]") }
      named.formUnion(known.privilege)
    }
    if list == nil { named = .all }
    guard !named.isEmpty else { throw reader.error("which", "expected one privilege or more") }
    withdrawn = Self.words.map(\.privilege).filter { named.contains($0) }
    window = try PolicyWindow(from: &reader)
  }

  private static func unknown(_ value: JSONValue, _ reader: JSONObjectReader, _ key: String)
    -> CityError
  {
    let known = words.map(\.word)
    let expected = "expected one of \(known.map { "\"\($0)\"" }.joined(separator: ", ")), found "
    guard let word = value.string else { return reader.error(key, expected + value.kindInWords) }
    return reader.error(key, expected + "\"\(word)\"" + Spelling.hint(for: word, among: known))
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    let all = withdrawn.reduce(into: Privileges()) { $0.formUnion($1) }
    return TimedPolicy(
      name: name, ticks: try window.ticks(on: site), onset: [.withdrawPrivileges(all)],
      release: [.restorePrivileges(all)], subjects: withdrawn.map { .privileges($0) })
  }
}
