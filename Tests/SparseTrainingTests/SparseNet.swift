import NeuralLayers
import Optimizers
import TensorCore

/// A convolution and a fully connected layer of stored weights.
struct SparseNet: Layer {
  let conv: SparseConv2d
  let linear: SparseLinear

  func callAsFunction(_ input: Variable) throws -> Variable { try linear(Flatten()(ReLU()(conv(input)))) }

  /// Steps of training on one batch; gives the loss of each.
  func train(
    _ steps: Int, on images: Tensor, labels: [Int], tape: Tape, optimizer: inout some Optimizer, learningRate: Double
  ) throws -> [Float] {
    let parameters = parameters
    return try (0..<steps).map { _ in
      let loss = try CrossEntropyLoss()(self(tape.input(images)), labels: labels)
      try tape.backward(from: loss)
      optimizer.beginStep()
      for (name, parameter) in parameters.map({ ($0.name, $0.parameter) }) {
        parameter.update { optimizer.update(name, values: $0, gradient: $1, learningRate: learningRate) }
      }
      return loss.scalar
    }
  }
}
