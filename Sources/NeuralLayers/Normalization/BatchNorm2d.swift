import SparseKernels
import TensorCore

/// Batch normalisation of images, by channel: `weight * (x - mean) / sqrt(variance + epsilon) + bias`.
///
/// In training the mean and the variance (divided by the count, `batch * height * width`) are the batch's, and the running statistics
/// move towards them by ``momentum``, the running variance towards the one divided by the count less 1. In evaluation the running
/// statistics are used. Names, defaults and rules are PyTorch's.
///
/// Ioffe and Szegedy, "Batch normalization", ICML 2015, <https://arxiv.org/abs/1502.03167>.
///
/// Sums over a channel are taken of the differences from the mean of the first image's plane, eight at a time in `Float` over up to
/// 4096 neighbours and then in `Double`, in an order that sizes alone decide.
public final class BatchNorm2d: Layer, ModeDependent {
  /// The factor of each channel, 1 at first.
  public let weight: Parameter
  /// What is added to each channel, 0 at first.
  public let bias: Parameter
  /// The mean of each channel over recent batches.
  public let runningMean: Buffer
  /// The variance of each channel over recent batches.
  public let runningVariance: Buffer
  /// What is added to a variance.
  public let epsilon: Float
  /// How far the running statistics move towards a batch's.
  public let momentum: Float
  /// The function of the result.
  public let activation: NormActivation
  /// Whether the module is in training, true at first.
  public var isTraining = true

  /// The function that is computed in the same pass as the normalisation.
  public enum NormActivation: Hashable, Sendable {
    /// The number itself.
    case identity
    /// `max(x, 0)`; NaN stays NaN.
    case relu
  }

  /// Creates the layer.
  public init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Float = 0.1, activation: NormActivation = .identity
  ) {
    weight = Parameter(Tensor(repeating: 1, shape: [channels]))
    bias = Parameter(Tensor(zeros: [channels]))
    runningMean = Buffer(Tensor(zeros: [channels]))
    runningVariance = Buffer(Tensor(repeating: 1, shape: [channels]))
    self.epsilon = epsilon
    self.momentum = momentum
    self.activation = activation
  }

  /// Weight, bias and running statistics, under the names that PyTorch gives them.
  public var parts: [(name: String, part: ModulePart)] {
    [
      ("weight", .parameter(weight)), ("bias", .parameter(bias)), ("running_mean", .buffer(runningMean)),
      ("running_var", .buffer(runningVariance)),
    ]
  }

  /// Normalises images.
  ///
  /// - Precondition: the input is `[batch, channels, height, width]` and not empty.
  public func callAsFunction(_ input: Variable) -> Variable { self(input, activation: activation) }

  /// Normalises images, adds others, and applies a function to the sum, all in one pass: the end of a residual block.
  ///
  /// - Parameters:
  ///   - input: `[batch, channels, height, width]`.
  ///   - residual: of the input's shape, or nil.
  ///   - activation: the function of the sum.
  /// - Precondition: the shapes are as said, and not empty.
  public func callAsFunction(
    _ input: Variable, adding residual: Variable? = nil, activation: NormActivation
  ) -> Variable {
    let shape = input.shape
    precondition(
      shape.rank == 4 && shape[1] == weight.count && shape.elementCount > 0,
      "BatchNorm2d: input has shape \(shape), expected [batch, \(weight.count), height, width], not empty")
    precondition(
      residual.map { $0.shape == shape } ?? true,
      "BatchNorm2d: residual has shape \(residual?.shape ?? []), expected \(shape)")
    let tape = input.tape
    let name = "BatchNorm2d\(residual == nil ? "" : "+Add")\(activation == .relu ? "+ReLU" : "")"
    let planes = Planes(shape)
    let (output, statistics) = tape.measured(name, .forward) {
      normalize(input.value, adding: residual?.value, planes: planes, clips: activation == .relu, tape: tape)
    }
    if !tape.isRecording { return tape.input(output) }
    let step = BatchNormGradient(
      input: input.value, clipped: activation == .relu ? output : nil, statistics: statistics, planes: planes,
      usesBatch: isTraining, node: input.node, residualNode: residual?.node)
    return tape.variable(output, name, of: weight, needsGradient: true) { [weight, bias] gradient in
      let computed = step.run(&gradient, tape: tape)
      computed.withStart { start in
        tape.addGradient(to: weight) { $0.update(from: start, count: weight.count) }
        tape.addGradient(to: bias) { $0.update(from: start + weight.count, count: bias.count) }
      }
    }
  }

  private func normalize(
    _ input: Tensor, adding residual: Tensor?, planes: Planes, clips: Bool, tape: Tape
  ) -> (output: Tensor, statistics: BatchNormStatistics) {
    let statistics = BatchNormStatistics(channels: planes.channels, pool: tape.pool) { mean, inverse, scale in
      if isTraining { return }
      runningMean.withUnsafeMutableValues { running in
        for channel in running.indices { mean[channel] = running[channel] }
      }
      runningVariance.withUnsafeMutableValues { running in
        for channel in running.indices { inverse[channel] = 1 / (running[channel] + epsilon).squareRoot() }
      }
      weight.withUnsafeValues { weight in
        for channel in weight.indices { scale[channel] = weight[channel] * inverse[channel] }
      }
    }
    let output = tape.tensor(input.shape) { output in
      input.withStart { input in
        residual.withStart { residual in
          statistics.withPointers { mean, inverse, scale in
            weight.withUnsafeValues { weight in
              bias.withUnsafeValues { bias in
                runningMean.withUnsafeMutableValues { runningMean in
                  runningVariance.withUnsafeMutableValues { runningVariance in
                    let job = BatchNormJob(
                      planes: planes, input: input, residual: residual, output: output, clips: clips, mean: mean,
                      inverse: inverse, scale: scale, weight: weight, bias: bias,
                      running: isTraining
                        ? .init(mean: runningMean, variance: runningVariance, momentum: momentum, epsilon: epsilon)
                        : nil)
                    tape.context.compute(job, partCount: planes.partCount)
                  }
                }
              }
            }
          }
        }
      }
    }
    return (output, statistics)
  }
}

extension Tensor? {
  /// Calls `body` with where the elements are, or nil.
  func withStart(_ body: (UnsafePointer<Float>?) throws -> Void) rethrows {
    guard let tensor = self else { return try body(nil) }
    try tensor.withUnsafeBufferPointer { try body($0.baseAddress) }
  }
}
