import CityBase
import CitySimulation

/// Ends the intervals of the time series in a run that does not write one, so that its state is
/// that of a run that does.
final class IntervalEnds: Recorder {
  private let intervalMilliseconds: Int64
  private let sources: [any IntervalSource]
  private var lastEnd: Int64 = 0

  init(intervalMilliseconds: Int64, sources: [any IntervalSource]) {
    self.intervalMilliseconds = max(1, intervalMilliseconds)
    self.sources = sources
  }

  func record(_ moment: Moment) {
    guard moment.milliseconds >= (lastEnd / intervalMilliseconds + 1) * intervalMilliseconds else {
      return
    }
    end(at: moment)
  }

  /// The last interval may be cut short.
  func finish(at moment: Moment) {
    if moment.milliseconds > lastEnd { end(at: moment) }
  }

  private func end(at moment: Moment) {
    let seconds = Double(moment.milliseconds - lastEnd) / 1000
    for source in sources { _ = source.closeInterval(seconds: seconds) }
    lastEnd = moment.milliseconds
  }

  func encodeState(into writer: inout StateWriter) { writer.write(lastEnd) }
  func decodeState(from reader: inout StateReader) throws(CityError) {
    lastEnd = try reader.read()
  }
}
