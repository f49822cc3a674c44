import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// SIGINT and SIGTERM as a flag that a run looks at before every tick.
///
/// Signals belong to the process, so this is the one thing that is not part of a run. A second
/// signal ends the process at once.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  static var isAsked: Bool { flag.load(ordering: .relaxed) }

  static func listen() {
    // Touched here, so that the handler never is the one to set it up.
    flag.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { received in
        Interruption.ask()
        signal(received, SIG_DFL)
      }
    }
  }

  static func stopListening() {
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }

  static func ask() { flag.store(true, ordering: .relaxed) }
}
