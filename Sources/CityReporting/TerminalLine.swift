/// A line of a terminal that is written over and over.
struct TerminalLine {
  let isShown: Bool
  let write: (String) -> Void
  private var lastShownAt = -Double.infinity
  private var lastWidth = 0

  init(isShown: Bool, write: @escaping (String) -> Void) {
    self.isShown = isShown
    self.write = write
  }

  /// Whether the line may change: it is shown, and a quarter of a second has passed since the last
  /// time this was answered with yes.
  mutating func isDue(at now: Double) -> Bool {
    guard isShown, now - lastShownAt >= 0.25 else { return false }
    lastShownAt = now
    return true
  }

  mutating func show(_ text: String) {
    let padding = String(repeating: " ", count: max(0, lastWidth - text.count))
    write("\r" + text + padding)
    lastWidth = text.count
  }

  /// Takes the line away, so that what is printed next starts on a clean one.
  mutating func clear() {
    guard isShown, lastWidth > 0 else { return }
    write("\r" + String(repeating: " ", count: lastWidth) + "\r")
    lastWidth = 0
  }
}
