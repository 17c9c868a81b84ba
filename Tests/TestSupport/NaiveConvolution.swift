import SparseKernels
import TensorCore

/// The convolution once more, straight from the formula at ``ConvProblem``: seven loops in `Double` over dense weights,
/// sharing no code with any kernel, the reference included. Weights that are zero are skipped.
package enum NaiveConvolution {
  /// The output in NCHW order, with the epilogue.
  package static func output(
    _ problem: ConvProblem, weights: [Float], input: [Float], epilogue: ConvEpilogue
  ) -> [Double] {
    let (kernel, size, out) = (problem.kernelSize, problem.inputSize, problem.outputSize)
    let channels = problem.inputChannels / problem.groups
    let residual = epilogue.residual?.values
    var output: [Double] = []
    output.reserveCapacity(problem.outputShape.elementCount)
    for b in 0..<problem.batch {
      for o in 0..<problem.outputChannels {
        let group = o / (problem.outputChannels / problem.groups)
        for y in 0..<out.height {
          for x in 0..<out.width {
            var sum = 0.0
            for i in 0..<channels {
              for v in 0..<kernel.height {
                for u in 0..<kernel.width {
                  let weight = weights[((o * channels + i) * kernel.height + v) * kernel.width + u]
                  let row = y * problem.stride.height + v * problem.dilation.height - problem.padding.top
                  let column = x * problem.stride.width + u * problem.dilation.width - problem.padding.left
                  if weight == 0 || row < 0 || row >= size.height || column < 0 || column >= size.width { continue }
                  let plane = b * problem.inputChannels + group * channels + i
                  sum += Double(weight) * Double(input[(plane * size.height + row) * size.width + column])
                }
              }
            }
            sum += Double(epilogue.bias?[o] ?? 0) + Double(residual?[output.count] ?? 0)
            switch epilogue.activation {
            case .identity: break
            case .relu: sum = max(0, sum)
            case .clamp(let lower, let upper): sum = min(Double(upper), max(Double(lower), sum))
            }
            output.append(sum)
          }
        }
      }
    }
    return output
  }
}
