import SparseKernels
import TensorCore

/// The mean of each plane: `[batch, channels, height, width]` to `[batch, channels]`.
public struct GlobalAvgPool: Layer {
  /// Creates the layer.
  public init() {}

  /// Computes the means.
  ///
  /// - Precondition: the input has four dimensions and is not empty.
  public func callAsFunction(_ input: Variable) -> Variable {
    let (tape, shape) = (input.tape, input.shape)
    precondition(
      shape.rank == 4 && shape.elementCount > 0,
      "GlobalAvgPool: input has shape \(shape), expected [batch, channels, height, width], not empty")
    let pixels = shape[2] * shape[3]
    let output = tape.output("GlobalAvgPool", [shape[0], shape[1]], of: input.value) { planes, means in
      tape.context.compute(PlaneMeanJob(count: shape[0] * shape[1], pixels: pixels, planes: planes, means: means))
    }
    guard let node = input.node else { return tape.input(output) }
    return tape.variable(output, "GlobalAvgPool", needsGradient: true) { gradient in
      tape.addGradient(to: node, shape: shape) { inputGradient in
        gradient.withStart {
          tape.context.compute(
            PlaneSpreadJob(count: shape[0] * shape[1], pixels: pixels, means: $0, planes: inputGradient))
        }
      }
    }
  }
}

private struct PlaneMeanJob: SpanJob {
  static let spanLength = 256

  let count: Int
  let pixels: Int
  let planes: UnsafePointer<Float>
  let means: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    for plane in span {
      let values = planes + plane * pixels
      var lanes = Lanes.zero
      var index = 0
      while index + Lanes.count <= pixels {
        lanes += .load(values + index)
        index += Lanes.count
      }
      var total = lanes.total
      while index < pixels {
        total += Double(values[index])
        index += 1
      }
      means[plane] = Float(total / Double(pixels))
    }
  }
}

private struct PlaneSpreadJob: SpanJob {
  static let spanLength = 256

  let count: Int
  let pixels: Int
  let means: UnsafePointer<Float>
  let planes: UnsafeMutablePointer<Float>

  func execute(_ span: Range<Int>) {
    for plane in span { (planes + plane * pixels).update(repeating: means[plane] / Float(pixels), count: pixels) }
  }
}
