import CityBase
import CityReporting
import CityText

/// `timeseries.csv`: always written, a row for each interval.
struct TimeseriesOutput: OutputWriter {
  let intervalMilliseconds: Int64

  init(from reader: inout JSONObjectReader, intervalMilliseconds: Int64) throws(CityError) {
    self.intervalMilliseconds = intervalMilliseconds
  }

  func write(to writer: inout JSONWriter) {}

  func makeRecorder(for run: OutputSite) throws(CityError) -> (any RunRecorder)? {
    TimeseriesRecorder(
      folder: run.folder, intervalMilliseconds: intervalMilliseconds, sources: run.intervalSources)
  }
}
