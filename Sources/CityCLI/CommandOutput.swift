import Foundation
/// Where a command writes: results to one side, progress and errors to the other.
public struct CommandOutput {
  /// Gets text for standard output, line ends included.
  public var out: (String) -> Void
  /// Gets text for standard error, line ends included.
  public var err: (String) -> Void
  /// Whether standard error is a terminal, where a progress line may move.
  public var isTerminal: Bool

  public init(
    isTerminal: Bool = false, out: @escaping (String) -> Void, err: @escaping (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.out = out
    self.err = err
  }
}

extension CommandOutput {
  /// Writes a text to an open file; what cannot be written (a closed stream, a full disk) is lost.
  public static func put(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}
