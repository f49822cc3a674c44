/// One option of a command.
struct OptionSpecification: Sendable {
  /// With its dashes: `--out`.
  var name: String
  /// What stands for the value in the help, such as `DIR`; nil for a switch without a value.
  var placeholder: String?
  var help: String
  var isRequired: Bool

  init(
    _ name: String, _ placeholder: String? = nil, _ help: String, isRequired: Bool = false
  ) {
    self.name = name
    self.placeholder = placeholder
    self.help = help
    self.isRequired = isRequired
  }

  var heading: String { placeholder.map { "\(name) \($0)" } ?? name }
}

/// What a command takes, and how it explains itself.
struct CommandSpecification: Sendable {
  /// The words after `cim`: `run`, `import osm`.
  var name: String
  /// One line for the list of commands.
  var summary: String
  /// Names of the operands, all required; a last one that ends in `...` stands for one or more.
  var operands: [String]
  var options: [OptionSpecification]
  /// What the command does, in a few lines.
  var discussion: String
  /// Command lines that work, each with what it is for.
  var examples: [(line: String, purpose: String)]

  /// Whether more operands may follow the last.
  var takesManyOperands: Bool { operands.last?.hasSuffix("...") ?? false }

  var words: [String] { name.split(separator: " ").map(String.init) }

  var usage: String {
    let required = options.filter(\.isRequired).map(\.heading)
    let rest = options.allSatisfy(\.isRequired) ? [] : ["[options]"]
    return (["cim", name] + operands + required + rest).joined(separator: " ")
  }

  /// The text of `--help`.
  var help: String {
    var text = "\(summary)\n\nUsage: \(usage)\n\n\(discussion)\n"
    if !options.isEmpty {
      text += "\nOptions:\n"
      let width = (options.map(\.heading.count) + ["--help".count]).max() ?? 0
      for option in options + [OptionSpecification("--help", "Show this text.")] {
        let lines = option.help.split(separator: "\n", omittingEmptySubsequences: false)
        for (i, line) in lines.enumerated() {
          let heading = i == 0 ? option.heading : ""
          text += "  " + heading.padded(to: width) + "  \(line)\n"
        }
      }
    }
    text += examples.count == 1 ? "\nExample:\n" : "\nExamples:\n"
    for example in examples { text += "  \(example.line)\n      \(example.purpose)\n" }
    return text
  }
}

extension OptionSpecification {
  init(_ name: String, _ help: String) { self.init(name, nil, help) }
}

extension String {
  /// The text followed by spaces up to a width.
  func padded(to width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }

  /// The text after spaces up to a width.
  func rightAligned(to width: Int) -> String {
    count >= width ? self : String(repeating: " ", count: width - count) + self
  }
}
