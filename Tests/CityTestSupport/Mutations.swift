import CityBase

/// Seeded damage to good inputs.
public struct Mutations {
  let stream = RandomStream(seed: 20_260_302)

  public init() {}

  /// The input with one to four changes: bytes replaced, removed, doubled or cut off, with a liking
  /// for the bytes that mean something to a parser.
  public func mutate(_ bytes: [UInt8], _ round: Int) -> [UInt8] {
    var out = bytes
    let telling = Array("{}[]<>\"'&;,:.-+eE0919\\/!?=\n\r\0u".utf8) + [0xFF, 0xC3, 0x80, 0xEF]
    func draw(_ bound: Int, _ n: Int) -> Int {
      stream.below(bound, .sampling, UInt64(round), UInt64(n))
    }
    for change in 0...draw(4, 0) where !out.isEmpty {
      let n = change * 8
      let at = draw(out.count, n + 1)
      let byte = draw(2, n + 2) == 0 ? UInt8(draw(256, n + 3)) : telling[draw(telling.count, n + 3)]
      switch draw(6, n + 4) {
      case 0, 1: out[at] = byte
      case 2: out.remove(at: at)
      case 3: out.insert(byte, at: at)
      case 4: out.removeLast(out.count - at)
      default: out.insert(contentsOf: out[at..<min(out.count, at + draw(20, n + 5))], at: at)
      }
    }
    return out
  }
}
