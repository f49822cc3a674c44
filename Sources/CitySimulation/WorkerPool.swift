import Foundation
import Synchronization

/// Own threads for the parallel phases of a tick.
///
/// Idle workers spin for a bounded time and then sleep, because a tick has several short phases
/// with hardly a pause between them. Work is handed out in numbered chunks whose count never
/// depends on the number of threads, so that the result does not either. Every thread begins with the
/// same share of the chunks in every job, because what it worked on last is still in its cache, and
/// then helps the others with theirs.
public final class WorkerPool: @unchecked Sendable {
  /// More than there are chunks to work on would only wait for each other.
  public static let mostThreads = 64
  /// How many threads work, the calling one included: at most `mostThreads` and twice the
  /// processors, because workers that take turns on a processor only wait for each other.
  public let threads: Int
  private let spins: Int
  private let generation = Atomic<Int>(0)
  /// By thread: the next chunk of its share, each on cache lines of its own.
  private let cursors: UnsafeMutablePointer<Cursor>
  private let stillBusy = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)
  private let wakeUp = NSCondition()
  private var sleepers = 0
  private var job: (@Sendable (Int) -> Void)?
  private var chunkCount = 0

  private struct Cursor: ~Copyable {
    let next = Atomic<Int>(0)
    let gap: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
    let more: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
      0, 0, 0, 0, 0, 0, 0, 0
    )
  }

  /// Starts `threads - 1` workers, which live until `shutDown()`. `spins` bounds the busy waiting
  /// between two jobs: some 50 microseconds, longer than what a tick does on one thread alone.
  public init(threads: Int, spins: Int = 100_000) {
    self.threads = max(
      1, min(threads, Self.mostThreads, 2 * ProcessInfo.processInfo.activeProcessorCount))
    self.spins = spins
    cursors = .allocate(capacity: self.threads)
    for i in 0..<self.threads { (cursors + i).initialize(to: Cursor()) }
    for i in 1..<max(2, self.threads) where self.threads > 1 {
      let thread = Thread { self.work(as: i) }
      thread.name = "city-worker-\(i)"
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  deinit {
    cursors.deinitialize(count: threads)
    cursors.deallocate()
  }

  /// Ends the workers; the pool cannot be used afterwards. Called once by its owner.
  public func shutDown() {
    guard threads > 1, !isStopping.load(ordering: .acquiring) else { return }
    stillBusy.store(threads - 1, ordering: .releasing)
    isStopping.store(true, ordering: .releasing)
    announce()
    while stillBusy.load(ordering: .acquiring) > 0 { Thread.sleep(forTimeInterval: 0.0001) }
  }

  /// Runs `body` for every chunk 0 ..< count, on all threads, and returns when all are done.
  public func run(chunks count: Int, _ body: @Sendable (Int) -> Void) {
    if threads == 1 || count <= 1 {
      for i in 0..<count { body(i) }
      return
    }
    withoutActuallyEscaping(body) { body in
      job = body
      chunkCount = count
      for i in 0..<threads { cursors[i].next.store(firstChunk(of: i), ordering: .relaxed) }
      stillBusy.store(threads - 1, ordering: .relaxed)
      announce()
      takeChunks(body, as: 0)
      var waited = 0
      while stillBusy.load(ordering: .acquiring) > 0 {
        waited += 1
        // A machine with fewer cores than threads must be let go on with the others.
        if waited > spins { sched_yield() }
      }
      job = nil
    }
  }

  private func announce() {
    generation.add(1, ordering: .sequentiallyConsistent)
    wakeUp.lock()
    if sleepers > 0 { wakeUp.broadcast() }
    wakeUp.unlock()
  }

  private func firstChunk(of thread: Int) -> Int { chunkCount * thread / threads }

  private func takeChunks(_ body: @Sendable (Int) -> Void, as thread: Int) {
    for turn in 0..<threads {
      let owner = thread + turn < threads ? thread + turn : thread + turn - threads
      let end = firstChunk(of: owner + 1)
      while true {
        let i = cursors[owner].next.add(1, ordering: .relaxed).oldValue
        if i >= end { break }
        body(i)
      }
    }
  }

  private func work(as thread: Int) {
    var seen = 0
    while true {
      waitForJob(after: seen)
      seen += 1
      if isStopping.load(ordering: .acquiring) {
        stillBusy.subtract(1, ordering: .releasing)
        return
      }
      if let job { takeChunks(job, as: thread) }
      stillBusy.subtract(1, ordering: .releasing)
    }
  }

  private func waitForJob(after seen: Int) {
    var waited = 0
    while waited < spins {
      if generation.load(ordering: .acquiring) != seen { return }
      waited += 1
    }
    wakeUp.lock()
    sleepers += 1
    while generation.load(ordering: .sequentiallyConsistent) == seen { wakeUp.wait() }
    sleepers -= 1
    wakeUp.unlock()
  }
}
