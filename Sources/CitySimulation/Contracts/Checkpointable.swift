import CityBase

/// State that a checkpoint keeps: plain values in one fixed order.
public protocol Checkpointable {
  /// Writes all state that the future depends on.
  func encodeState(into writer: inout StateWriter)
  /// Restores what `encodeState` wrote; refuses what does not fit.
  mutating func decodeState(from reader: inout StateReader) throws(CityError)
}
