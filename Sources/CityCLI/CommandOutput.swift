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
