import CityBase
import CitySimulation

/// A recorder that writes files of a run folder and has an end.
public protocol RunRecorder: Recorder {
  /// Called once after the last tick. An interrupted run may go on later: what is still open must
  /// stay open in the state then, and the files show what there is.
  func finish(at moment: Moment, ending: RunEnding) throws(CityError)
}
