import SparseKernels
import TensorCore

extension NaiveConvolution {
  /// The input gradient in NCHW order, straight from the formula at ``ConvGradients``; weights are dense OIHW.
  package static func inputGradient(_ problem: ConvProblem, weights: [Float], outputGradient: [Float]) -> [Double] {
    var result = [Double](repeating: 0, count: problem.inputShape.elementCount)
    forEachProduct(problem) { weight, input, output in
      result[input] += Double(weights[weight]) * Double(outputGradient[output])
    }
    return result
  }

  /// The weight gradient in OIHW order, at every position.
  package static func weightGradient(_ problem: ConvProblem, input: [Float], outputGradient: [Float]) -> [Double] {
    var result = [Double](repeating: 0, count: problem.weightShape.elementCount)
    forEachProduct(problem) { weight, element, output in
      result[weight] += Double(input[element]) * Double(outputGradient[output])
    }
    return result
  }

  /// Calls `body` with the flat indices of each weight, of an input element that it multiplies, and of the output element
  /// that the product is added to.
  private static func forEachProduct(
    _ problem: ConvProblem, _ body: (_ weight: Int, _ input: Int, _ output: Int) -> Void
  ) {
    let (kernel, size, out) = (problem.kernelSize, problem.inputSize, problem.outputSize)
    let channels = problem.inputChannels / problem.groups
    for b in 0..<problem.batch {
      for o in 0..<problem.outputChannels {
        let group = o / (problem.outputChannels / problem.groups)
        for y in 0..<out.height {
          for x in 0..<out.width {
            for i in 0..<channels {
              for v in 0..<kernel.height {
                for u in 0..<kernel.width {
                  let row = y * problem.stride.height + v * problem.dilation.height - problem.padding.top
                  let column = x * problem.stride.width + u * problem.dilation.width - problem.padding.left
                  if row < 0 || row >= size.height || column < 0 || column >= size.width { continue }
                  let plane = b * problem.inputChannels + group * channels + i
                  body(
                    ((o * channels + i) * kernel.height + v) * kernel.width + u,
                    (plane * size.height + row) * size.width + column,
                    ((b * problem.outputChannels + o) * out.height + y) * out.width + x)
                }
              }
            }
          }
        }
      }
    }
  }
}
