import CityBase
import Foundation
import Synchronization

/// Independent jobs on threads of their own, begun in order, with their results in order.
enum JobQueue {
  /// What the threads share.
  private struct Progress<Result: Sendable>: Sendable {
    var next = 0
    var results: [Result?]
    /// The error of the first job that failed, by number.
    var failure: (job: Int, error: CityError)?
    var busyThreads: Int
  }

  /// Runs the jobs 0 ..< count on up to `threads` threads; the calling one waits, and calls `watch`
  /// several times a second.
  ///
  /// A job that gives nil was asked to end early. After an error no further job begins, and the
  /// error of the lowest failing job is thrown: jobs begin in order, so it is the same one on any
  /// number of threads.
  static func run<Result: Sendable>(
    count: Int, threads: Int, watch: () -> Void,
    _ job: @escaping @Sendable (Int) throws(CityError) -> Result?
  ) throws(CityError) -> [Result?] {
    let workers = max(1, min(threads, count))
    let board = Board(
      Progress<Result>(results: Array(repeating: nil, count: count), busyThreads: workers))
    for i in 0..<workers {
      let thread = Thread {
        while let number = board.take(count) { board.finish(number, job) }
        board.leave()
      }
      thread.name = "city-run-\(i)"
      thread.stackSize = 8 << 20
      thread.start()
    }
    while board.isBusy {
      watch()
      board.wait(seconds: 0.1)
    }
    if let failure = board.progress.withLock({ $0.failure }) { throw failure.error }
    return board.progress.withLock { $0.results }
  }

  private final class Board<Result: Sendable>: Sendable {
    let progress: Mutex<Progress<Result>>
    private let done = DispatchSemaphore(value: 0)

    init(_ progress: Progress<Result>) { self.progress = Mutex(progress) }

    var isBusy: Bool { progress.withLock { $0.busyThreads > 0 } }

    func take(_ count: Int) -> Int? {
      progress.withLock {
        guard $0.failure == nil, $0.next < count else { return nil }
        $0.next += 1
        return $0.next - 1
      }
    }

    func finish(_ number: Int, _ job: (Int) throws(CityError) -> Result?) {
      do throws(CityError) {
        let result = try job(number)
        progress.withLock { $0.results[number] = result }
      } catch {
        progress.withLock {
          if number < $0.failure?.job ?? .max { $0.failure = (number, error) }
        }
      }
    }

    func leave() {
      progress.withLock { $0.busyThreads -= 1 }
      done.signal()
    }

    /// Waits until a thread leaves, but not longer.
    func wait(seconds: Double) { _ = done.wait(timeout: .now() + seconds) }
  }
}
