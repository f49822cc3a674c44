/// The smaller and the greater of two numbers as one instruction each. What the standard library has
/// is the same but for two zeros of different sign, which is why it takes four.
@inline(__always) func atMost(_ most: Float, _ value: Float) -> Float {
  value < most ? value : most
}

@inline(__always) func atLeast(_ least: Float, _ value: Float) -> Float {
  value > least ? value : least
}
