import CityBase
import CityText

/// The arguments of one command, checked against its specification.
struct Arguments: Sendable {
  private(set) var operands: [String] = []
  private(set) var values: [String: String] = [:]
  private(set) var switches: Set<String> = []
  private(set) var isHelpAsked = false
  private let usage: String

  /// Sorts arguments into operands, values and switches. Both `--seed 7` and `--seed=7` are
  /// taken; `--` ends the options. Refuses what the specification does not know.
  init(_ arguments: some Sequence<String>, for command: CommandSpecification) throws(CityError) {
    usage = command.usage
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        operands += rest
        break
      }
      guard argument.hasPrefix("-"), argument.count > 1 else {
        operands.append(argument)
        continue
      }
      try takeOption(argument, rest: &rest, command)
    }
    if isHelpAsked { return }
    let wanted = command.operands.count
    if operands.count < wanted {
      throw .usage("\(command.operands[operands.count]) is missing; usage: \(command.usage)")
    }
    if operands.count > wanted, !command.takesManyOperands {
      throw .usage("unexpected \"\(operands[wanted])\"; usage: \(command.usage)")
    }
  }

  private mutating func takeOption(
    _ argument: String, rest: inout ArraySlice<String>, _ command: CommandSpecification
  ) throws(CityError) {
    if argument == "--help" || argument == "-h" {
      isHelpAsked = true
      return
    }
    let split = argument.firstIndex(of: "=")
    let name = split.map { String(argument[..<$0]) } ?? argument
    guard let option = command.options.first(where: { $0.name == name }) else {
      let names = command.options.map(\.name) + ["--help"]
      let hint = Spelling.nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
      throw .usage("unknown option \(name)\(hint)")
    }
    guard values[name] == nil, !switches.contains(name) else {
      throw .usage("\(name) is given twice")
    }
    guard let placeholder = option.placeholder else {
      guard split == nil else { throw .usage("\(name) takes no value") }
      switches.insert(name)
      return
    }
    if let split {
      values[name] = String(argument[argument.index(after: split)...])
    } else if let next = rest.first, !next.hasPrefix("--") {
      values[name] = next
      rest.removeFirst()
    } else {
      throw .usage("\(name) needs a value: \(name) \(placeholder)")
    }
  }

  /// Whether a switch was given.
  func has(_ name: String) -> Bool { switches.contains(name) }

  func text(_ name: String) -> String? { values[name] }

  /// A value without which the command cannot go on.
  func requiredText(_ name: String) throws(CityError) -> String {
    guard let value = values[name], !value.isEmpty else {
      throw .usage("\(name) is missing; usage: \(usage)")
    }
    return value
  }

  /// A whole number within a range.
  func integer<T: FixedWidthInteger>(_ name: String, in range: ClosedRange<T>) throws(CityError)
    -> T?
  {
    guard let text = values[name] else { return nil }
    guard let value = T(text), range.contains(value) else {
      let upper = range.upperBound == T.max ? "or more" : "to \(range.upperBound)"
      throw .usage(
        "\(name) expects a whole number, \(range.lowerBound) \(upper); found \"\(text)\"")
    }
    return value
  }

  /// A number within a range.
  func number(_ name: String, in range: ClosedRange<Double>) throws(CityError) -> Double? {
    guard let text = values[name] else { return nil }
    guard let value = NumberText.parseDouble(text), range.contains(value) else {
      throw .usage(
        "\(name) expects a number from \(Figures.decimal(range.lowerBound, 0)) to "
          + "\(Figures.decimal(range.upperBound, 0)); found \"\(text)\"")
    }
    return value
  }

  /// A duration in milliseconds, longer than nothing.
  func duration(_ name: String) throws(CityError) -> Int64? {
    guard let text = values[name] else { return nil }
    guard let value = DurationText.milliseconds(text), value > 0 else {
      throw .usage("\(name) expects a duration such as 90s, 15min or 1h; found \"\(text)\"")
    }
    return value
  }

  /// A moment: ISO 8601 with zone, or a time of the first day.
  func time(_ name: String) throws(CityError) -> TimeText? {
    guard let text = values[name] else { return nil }
    guard let value = TimeText(text) else {
      throw .usage(
        "\(name) expects a time such as 07:30 or 2026-03-02T07:30:00+08:00; found \"\(text)\"")
    }
    return value
  }

  /// One of a few words.
  func choice(_ name: String, among words: [String]) throws(CityError) -> String? {
    guard let text = values[name] else { return nil }
    guard words.contains(text) else {
      throw .usage("\(name) expects \(words.joined(separator: " or ")); found \"\(text)\"")
    }
    return text
  }
}
