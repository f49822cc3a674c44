/// What a user is told when a command cannot go on.
///
/// A message names the file, the place in it and what was expected. The kind decides the exit code.
public struct CityError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Int32, Sendable {
    /// The run failed: an output that cannot be written, an internal inconsistency.
    case failed = 1
    /// The input was refused.
    case refused = 2
    /// Wrong usage or option value.
    case usage = 64
    /// Ended by a signal or on request.
    case interrupted = 130
  }

  public var kind: Kind
  public var message: String
  /// The file this is about, as the user named it.
  public var file: String?
  /// The place in it: a JSON path, `line 3`, `byte 120`, a feature.
  public var place: String?

  public init(_ kind: Kind, _ message: String, file: String? = nil, place: String? = nil) {
    self.kind = kind
    self.message = message
    self.file = file
    self.place = place
  }

  /// Input that is refused.
  public static func refused(_ message: String, file: String? = nil, place: String? = nil)
    -> CityError
  { CityError(.refused, message, file: file, place: place) }

  public static func failed(_ message: String, file: String? = nil, place: String? = nil)
    -> CityError
  { CityError(.failed, message, file: file, place: place) }

  public static func usage(_ message: String) -> CityError { CityError(.usage, message) }

  /// The exit code: 1 failed, 2 refused, 64 usage, 130 interrupted.
  public var exitCode: Int32 { kind.rawValue }

  public var description: String {
    ([file, place].compactMap { $0 } + [message]).joined(separator: ": ")
  }
}
