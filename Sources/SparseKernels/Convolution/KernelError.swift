import TensorCore

/// Why a product or a convolution could not be prepared or computed.
public enum KernelError: Error, Equatable, CustomStringConvertible {
  /// The kernel's `support(for:)` declines the problem.
  case unsupported(kernel: String, reason: String)
  /// The weights are not those of the problem.
  case weightShape(rows: Int, columns: Int, problem: ConvProblem)
  /// No kernel or product of this build has that name.
  case unknownName(String, known: [String])
  /// A C library reported a failure.
  case library(String, function: String, status: Int, meaning: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .unsupported(let kernel, let reason):
      "kernel \(kernel) declines: \(reason)"
    case .weightShape(let rows, let columns, let problem):
      "weights are \(rows) x \(columns), expected \(problem.outputChannels) x \(problem.weightsPerOutputChannel) for \(problem)"
    case .unknownName(let name, let known):
      "there is no '\(name)' in this build, expected one of \(known.joined(separator: ", "))"
    case .library(let library, let function, let status, let meaning):
      "\(library): \(function) failed with status \(status) (\(meaning))"
    }
  }
}
