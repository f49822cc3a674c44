/// Runs `body` for every number in 0..<count, in any order and on any threads, and returns when all
/// are done.
///
/// What runs it is the caller's choice; results here never depend on it, because each number writes
/// a place of its own and all are put together in order.
public typealias ParallelLoop = (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

/// One after the other, on the calling thread.
public func runSerially(_ count: Int, _ body: @Sendable (Int) -> Void) {
  for i in 0..<count { body(i) }
}
