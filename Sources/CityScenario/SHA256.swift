import CSHA256

/// The hash of FIPS 180-4, so that the inputs named in a manifest can be checked with any tool.
struct SHA256 {
  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19)

  /// The hash of some bytes as 64 hexadecimal digits; by the processor's own instructions where it has
  /// them and nobody asks to go without.
  static func hex(_ bytes: UnsafeRawBufferPointer, isBuiltIn: Bool = hasInstructions) -> String {
    var hash = SHA256()
    let whole = bytes.count / 64 * 64
    var tail = Array(bytes[whole...])
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    let bits = UInt64(bytes.count) &* 8
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    hash.absorb(UnsafeRawBufferPointer(rebasing: bytes[..<whole]), isBuiltIn: isBuiltIn)
    tail.withUnsafeBytes { hash.absorb($0, isBuiltIn: isBuiltIn) }
    return hash.state.indices.map { i in
      let digits = String(hash.state[i], radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// The same for an array.
  static func hex(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { hex($0) } }

  /// Whether the processor has instructions for the rounds, which are about six times as fast.
  static let hasInstructions = city_sha256_is_built_in() != 0

  /// Takes in whole blocks of 64 bytes.
  private mutating func absorb(_ blocks: UnsafeRawBufferPointer, isBuiltIn: Bool) {
    if isBuiltIn {
      withUnsafeMutableBytes(of: &state) { state in
        city_sha256_take(
          state.baseAddress?.assumingMemoryBound(to: UInt32.self), Self.constants,
          blocks.baseAddress?.assumingMemoryBound(to: UInt8.self), blocks.count / 64)
      }
    } else {
      absorb(blocks)
    }
  }

  private mutating func absorb(_ blocks: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { buffer in
      guard let w = buffer.baseAddress else { return }
      Self.constants.withUnsafeBufferPointer { constants in
        guard let k = constants.baseAddress else { return }
        var start = 0
        while start < blocks.count {
          Self.schedule(blocks, start, w)
          compress(w, k)
          start += 64
        }
      }
    }
  }

  /// The words of the 64 rounds of a block.
  @inline(__always) private static func schedule(
    _ blocks: UnsafeRawBufferPointer, _ start: Int, _ w: UnsafeMutablePointer<UInt32>
  ) {
    for i in 0..<16 {
      w[i] = UInt32(
        bigEndian: blocks.loadUnaligned(fromByteOffset: start &+ i &* 4, as: UInt32.self))
    }
    for i in 16..<64 {
      let a = w[i &- 15]
      let b = w[i &- 2]
      let s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a &>> 3)
      let s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b &>> 10)
      w[i] = w[i &- 16] &+ s0 &+ w[i &- 7] &+ s1
    }
  }

  /// The eight letters of the standard take each other's places from round to round: here after
  /// eight of them each is back at its own.
  private mutating func compress(
    _ w: UnsafeMutablePointer<UInt32>, _ k: UnsafePointer<UInt32>
  ) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    var i = 0
    while i < 64 {
      Self.round(a, b, c, &d, e, f, g, &h, k[i] &+ w[i])
      Self.round(h, a, b, &c, d, e, f, &g, k[i &+ 1] &+ w[i &+ 1])
      Self.round(g, h, a, &b, c, d, e, &f, k[i &+ 2] &+ w[i &+ 2])
      Self.round(f, g, h, &a, b, c, d, &e, k[i &+ 3] &+ w[i &+ 3])
      Self.round(e, f, g, &h, a, b, c, &d, k[i &+ 4] &+ w[i &+ 4])
      Self.round(d, e, f, &g, h, a, b, &c, k[i &+ 5] &+ w[i &+ 5])
      Self.round(c, d, e, &f, g, h, a, &b, k[i &+ 6] &+ w[i &+ 6])
      Self.round(b, c, d, &e, f, g, h, &a, k[i &+ 7] &+ w[i &+ 7])
      i &+= 8
    }
    state &+= SIMD8(a, b, c, d, e, f, g, h)
  }

  @inline(__always) private static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32,
    _ g: UInt32, _ h: inout UInt32, _ word: UInt32
  ) {
    let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    let t1 = h &+ s1 &+ (g ^ (e & (f ^ g))) &+ word
    let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    d = d &+ t1
    h = t1 &+ s0 &+ ((a & b) | (c & (a | b)))
  }

  @inline(__always) private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 {
    x &>> n | x &<< (32 &- n)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = cubeRootFractions()

  private static func cubeRootFractions() -> [UInt32] {
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { prime in
      // The largest r with r^3 <= prime * 2^96, bit by bit; only its lowest 32 bits are kept.
      var root: UInt64 = 0
      for bit in stride(from: 35, through: 0, by: -1) {
        let next = root | 1 << UInt64(bit)
        if cubeFits(next, prime) { root = next }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }

  /// Whether x^3 <= prime * 2^96, for x below 2^36.
  private static func cubeFits(_ x: UInt64, _ prime: UInt64) -> Bool {
    let square = x.multipliedFullWidth(by: x)
    // x^2 has up to 72 bits, x^3 up to 108: hold it as high * 2^64 + low.
    let low = square.low.multipliedFullWidth(by: x)
    let high = square.high &* x &+ low.high
    return high < prime << 32 || (high == prime << 32 && low.low == 0)
  }
}
