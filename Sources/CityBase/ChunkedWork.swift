import Synchronization

/// Splits a range of items into chunks and collects their results in order.
public enum ChunkedWork {
  /// At most so many chunks, whatever the number of threads.
  public static let chunkLimit = 64

  /// The results of `work` on consecutive stretches of 0..<count.
  public static func map<Result: Sendable>(
    count: Int, execute: ParallelLoop, _ work: @escaping @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let chunks = min(chunkLimit, count)
    guard chunks > 0 else { return [] }
    let slots = Slots<Result>(count: chunks)
    execute(chunks) { chunk in
      let result = work((count * chunk / chunks)..<(count * (chunk + 1) / chunks))
      slots.values.withLock { $0[chunk] = result }
    }
    return slots.values.withLock { $0 }.compactMap { $0 }
  }

  private final class Slots<Result: Sendable>: Sendable {
    let values: Mutex<[Result?]>
    init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }
  }
}
