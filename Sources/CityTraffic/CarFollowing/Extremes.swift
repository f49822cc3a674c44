/// The smaller and the greater of two numbers as one instruction each. What the standard library has
/// is the same but for two zeros of different sign, which is why it takes four.
@inline(__always) func atMost(_ most: Float, _ value: Float) -> Float {
  value < most ? value : most
}

@inline(__always) func atLeast(_ least: Float, _ value: Float) -> Float {
  value > least ? value : least
}

/// 1 where a condition holds, for who joins several of them without a branch for each.
@inline(__always) func bit(_ condition: Bool) -> Int { condition ? 1 : 0 }
