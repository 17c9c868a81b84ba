/// Why training cannot begin, or has to stop.
public enum TrainingError: Error, Hashable, CustomStringConvertible, Sendable {
  /// A setting makes no sense.
  case setting(String, String, expected: String)
  /// A network takes other images, or gives another number of classes, than the data has.
  case data(String)
  /// The loss of a step, counted from 0 over all epochs, is NaN or infinite; `place` is where a number of that kind was first met.
  case lossNotFinite(loss: Float, epoch: Int, step: Int, place: String)
  /// A gradient of a step is NaN or infinite.
  case gradientNotFinite(parameter: String, epoch: Int, step: Int)
  /// A number that a checkpoint would hold is NaN or infinite.
  case stateNotFinite(String, step: Int)
  /// A checkpoint is of another network, or of settings that make no sense.
  case checkpoint(file: String, String)

  /// One sentence.
  public var description: String {
    switch self {
    case .setting(let name, let value, let expected): "\(name) is \(value), expected \(expected)"
    case .data(let problem): problem
    case .lossNotFinite(let loss, let epoch, let step, let place):
      "the loss is \(loss) at step \(step) (epoch \(epoch)), first in \(place); the last checkpoint is as it was"
    case .gradientNotFinite(let parameter, let epoch, let step):
      "the gradient of \(parameter) is not finite at step \(step) (epoch \(epoch)); the last checkpoint is as it was"
    case .stateNotFinite(let name, let step):
      "\(name) is not finite after step \(step); the last checkpoint is as it was"
    case .checkpoint(let file, let problem): "\(file): \(problem)"
    }
  }
}
