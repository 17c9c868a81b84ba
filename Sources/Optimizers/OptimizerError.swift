/// Why a checkpoint is not one of this optimizer and these parameters.
public enum OptimizerError: Error, Equatable, CustomStringConvertible {
  /// The checkpoint is of another kind of optimizer.
  case otherOptimizer(String, expected: String)
  /// The step is below zero.
  case negativeStep(Int)
  /// A parameter has some of its arrays and not this one.
  case missingArray(String)
  /// An array is not as long as its parameter.
  case arrayLength(String, count: Int, expected: Int)
  /// An array belongs to no parameter or to no slot.
  case unknownArray(String)

  /// One sentence with what was found and what was expected.
  public var description: String {
    switch self {
    case .otherOptimizer(let name, let expected): "the checkpoint is of the optimizer \(name), expected \(expected)"
    case .negativeStep(let step): "the optimizer's step is \(step), expected zero or more"
    case .missingArray(let name): "the optimizer's array \(name) is missing, expected it beside the parameter's others"
    case .arrayLength(let name, let count, let expected):
      "the optimizer's array \(name) has \(count) elements, expected \(expected)"
    case .unknownArray(let name): "the optimizer's array \(name) belongs to no parameter, expected none such"
    }
  }
}
