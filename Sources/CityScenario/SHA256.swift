/// The hash of FIPS 180-4, so that the inputs named in a manifest can be checked with any tool.
struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]

  /// The hash of some bytes as 64 hexadecimal digits.
  static func hex(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    let whole = bytes.count / 64 * 64
    var tail = Array(bytes[whole...])
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    let bits = UInt64(bytes.count) &* 8
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    bytes.withUnsafeBytes { hash.absorb(UnsafeRawBufferPointer(rebasing: $0[..<whole])) }
    tail.withUnsafeBytes { hash.absorb($0) }
    return hash.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Takes in whole blocks of 64 bytes.
  private mutating func absorb(_ blocks: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      var start = 0
      while start < blocks.count {
        for i in 0..<16 {
          w[i] = UInt32(
            bigEndian: blocks.loadUnaligned(fromByteOffset: start + i * 4, as: UInt32.self))
        }
        for i in 16..<64 {
          let a = w[i - 15]
          let b = w[i - 2]
          let s0 = Self.rotate(a, 7) ^ Self.rotate(a, 18) ^ (a >> 3)
          let s1 = Self.rotate(b, 17) ^ Self.rotate(b, 19) ^ (b >> 10)
          w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
        }
        compress(w)
        start += 64
      }
    }
  }

  private mutating func compress(_ w: UnsafeMutableBufferPointer<UInt32>) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    Self.constants.withUnsafeBufferPointer { k in
      for i in 0..<64 {
        let s1 = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
        let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ k[i] &+ w[i]
        let s0 = Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)
        let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
        (h, g, f, e) = (g, f, e, d &+ t1)
        (d, c, b, a) = (c, b, a, t1 &+ t2)
      }
    }
    state.withUnsafeMutableBufferPointer { state in
      state[0] &+= a
      state[1] &+= b
      state[2] &+= c
      state[3] &+= d
      state[4] &+= e
      state[5] &+= f
      state[6] &+= g
      state[7] &+= h
    }
  }

  @inline(__always) private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 {
    x >> n | x << (32 - n)
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
