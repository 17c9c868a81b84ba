import Foundation
import SparseKernels
import TensorCore

/// Layers once more, in plain `Double` from their formulas, sharing no code with the module.
enum DoubleLayers {
  static func conv(
    _ problem: ConvProblem, _ input: [Double], weights: [Double], bias: [Double]?
  ) -> [Double] {
    let (size, out, kernel) = (problem.inputSize, problem.outputSize, problem.kernelSize)
    let channels = problem.inputChannels / problem.groups
    var output: [Double] = []
    for b in 0..<problem.batch {
      for o in 0..<problem.outputChannels {
        let group = o / (problem.outputChannels / problem.groups)
        for y in 0..<out.height {
          for x in 0..<out.width {
            var sum = bias?[o] ?? 0
            for i in 0..<channels {
              for v in 0..<kernel.height {
                for u in 0..<kernel.width {
                  let row = y * problem.stride.height + v * problem.dilation.height - problem.padding.top
                  let column = x * problem.stride.width + u * problem.dilation.width - problem.padding.left
                  if row < 0 || row >= size.height || column < 0 || column >= size.width { continue }
                  let plane = b * problem.inputChannels + group * channels + i
                  sum +=
                    weights[((o * channels + i) * kernel.height + v) * kernel.width + u]
                    * input[(plane * size.height + row) * size.width + column]
                }
              }
            }
            output.append(sum)
          }
        }
      }
    }
    return output
  }

  /// Mean and variance of each channel, the variance divided by the count.
  static func statistics(_ input: [Double], _ shape: Shape) -> (mean: [Double], variance: [Double]) {
    let (batch, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3])
    var values = [[Double]](repeating: [], count: channels)
    for image in 0..<batch {
      for channel in 0..<channels {
        let start = (image * channels + channel) * pixels
        values[channel] += input[start..<start + pixels]
      }
    }
    let means = values.map { $0.reduce(0, +) / Double($0.count) }
    var variances: [Double] = []
    for (values, mean) in zip(values, means) {
      let squares = values.map { ($0 - mean) * ($0 - mean) }
      variances.append(squares.reduce(0, +) / Double(values.count))
    }
    return (means, variances)
  }

  static func normalize(
    _ input: [Double], _ shape: Shape, weight: [Double], bias: [Double], mean: [Double], variance: [Double]
  ) -> [Double] {
    let (channels, pixels) = (shape[1], shape[2] * shape[3])
    return input.indices.map { index -> Double in
      let channel = index / pixels % channels
      let deviation = sqrt(variance[channel] + Double(Float(1e-5)))
      return weight[channel] * (input[index] - mean[channel]) / deviation + bias[channel]
    }
  }

  /// `combine` of the elements of each window, padding left out, and the number of elements with padding.
  static func pool(
    _ input: [Double], _ shape: Shape, kernel: Size2D, stride: Size2D, padding: Size2D, output: Size2D,
    _ combine: ([Double], _ paddedCount: Int) -> Double
  ) -> [Double] {
    var result: [Double] = []
    for plane in 0..<shape[0] * shape[1] {
      for row in 0..<output.height {
        for column in 0..<output.width {
          var values: [Double] = []
          var padded = 0
          for y in row * stride.height - padding.height..<row * stride.height - padding.height + kernel.height {
            for x in column * stride.width - padding.width..<column * stride.width - padding.width + kernel.width {
              if y < shape[2] + padding.height && x < shape[3] + padding.width { padded += 1 }
              if y >= 0 && y < shape[2] && x >= 0 && x < shape[3] {
                values.append(input[(plane * shape[2] + y) * shape[3] + x])
              }
            }
          }
          result.append(combine(values, padded))
        }
      }
    }
    return result
  }

  /// Of `[batch, inputs]`, where the weights are `[outputs, inputs]`.
  static func linear(_ input: [Double], weights: [Double], bias: [Double]) -> [Double] {
    let inputs = weights.count / bias.count
    var output: [Double] = []
    for image in 0..<input.count / inputs {
      for row in bias.indices {
        var sum = bias[row]
        for column in 0..<inputs { sum += weights[row * inputs + column] * input[image * inputs + column] }
        output.append(sum)
      }
    }
    return output
  }

  static func tanh(_ x: Double) -> Double { 1 - 2 / (1 + exp(2 * x)) }

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  static func softmax(_ values: [Double]) -> [Double] {
    let largest = values.max() ?? 0
    let powers = values.map { exp($0 - largest) }
    return powers.map { $0 / powers.reduce(0, +) }
  }
}
