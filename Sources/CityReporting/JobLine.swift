/// One line on a terminal that says how far many runs have come: runs ended, share of the work, time
/// left. It shows nothing where it is switched off.
public struct JobLine {
  private let jobCount: Int
  private let startedAt = ProcessClock.wallSeconds()
  private var line: TerminalLine

  /// `write` gets the text as it is, without a line end.
  public init(isShown: Bool, jobCount: Int, write: @escaping (String) -> Void) {
    self.jobCount = jobCount
    line = TerminalLine(isShown: isShown, write: write)
  }

  /// Shows that so many runs have ended, and the share of all work that is done (0 to 1); does
  /// nothing more often than four times a second.
  public mutating func update(jobs: Int, share: Double) {
    let now = ProcessClock.wallSeconds()
    guard line.isDue(at: now) else { return }
    line.show(Self.text(jobs, of: jobCount, share: share, elapsed: now - startedAt))
  }

  /// Takes the line away, so that what is printed next starts on a clean one.
  public mutating func clear() { line.clear() }

  static func text(_ jobs: Int, of count: Int, share: Double, elapsed: Double) -> String {
    var parts = ["\(jobs) of \(count) runs", "\(Int(min(1, max(0, share)) * 100)) %"]
    if elapsed > 0.5, share > 0 {
      parts.append("\(ProgressLine.leftText(max(0, elapsed / share - elapsed))) left")
    }
    return parts.joined(separator: "  ")
  }
}
