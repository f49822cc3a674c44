import CityReporting
import CityText
import Foundation

/// `Benchmarks/RESULTS.md`: one section for each benchmark, each replaced by its newest run.
struct ResultsFile {
  let path: String

  static let opening = """
    # Results

    Every section was written by `swift run -c release benchmarks NAME --results Benchmarks/RESULTS.md`
    from a run on the machine it names. Spread is (maximum - minimum) / median.

    """

  /// Puts a section in the place of the earlier one of its title, or at the end.
  func replace(_ section: Section, commit: String) throws {
    var sections = Self.sections(of: (try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
    let text = section.text + "\n" + Self.origin(commit: commit) + "\n"
    if let place = sections.firstIndex(where: { $0.hasPrefix("## \(section.title)\n") }) {
      sections[place] = text
    } else {
      sections.append(text)
    }
    try OutputFile.write(([Self.opening] + sections).joined(separator: "\n"), to: path)
  }

  /// The sections of a results file, without its opening.
  static func sections(of text: String) -> [String] {
    var sections: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") {
        sections.append(line + "\n")
      } else if !sections.isEmpty {
        sections[sections.count - 1] += line + "\n"
      }
    }
    return sections.map { $0.trimmingCharacters(in: .newlines) + "\n" }
  }

  /// Machine, commit and day; no host names.
  static func origin(commit: String) -> String {
    let info = ProcessInfo.processInfo
    let memory = Int((Double(info.physicalMemory) / 1e9).rounded())
    let day = Date().formatted(.iso8601.year().month().day())
    return "\(processor), \(info.processorCount) processors, \(memory) GB, "
      + "\(info.operatingSystemVersionString); commit \(commit), engine \(EngineVersion.text), \(day)."
  }

  /// The model of the processor, where the system tells.
  static var processor: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    return name ?? "A processor of unknown model"
  }
}
