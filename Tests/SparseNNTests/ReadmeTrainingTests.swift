import SparseNN
import Testing

/// The README's training example compiles, runs, learns, and is the one below.
@Suite struct ReadmeTrainingTests {
  @Test func theExampleLearns() throws {
    var losses: [Float] = []
    func print(_ text: String) { losses.append(Float(text.split(separator: " ").last ?? "") ?? .nan) }

    // README begins.
    var generator = SeededGenerator(seed: 1)
    let model = try Sequential {
      try SparseConv2d(ConvGeometry(3, 64, kernelSize: 3, padding: 1), sparsity: 0.9, using: &generator)
      ReLU()
      GlobalAvgPool()
      Linear(64, 3, using: &generator)
    }
    // 120 noisy images of 16x16, each brighter in the channel that its label names.
    let labels = (0..<120).map { $0 % 3 }
    let pixels = (0..<120 * 768).map { generator.nextUnit() + ($0 / 256 % 3 == $0 / 768 % 3 ? 0.5 : 0) }
    let images = Tensor(pixels, shape: [120, 3, 16, 16])

    let tape = Tape(context: ComputeContext(threadCount: 2))
    var adam = Adam()
    for epoch in 1...10 {
      let loss = try CrossEntropyLoss()(model(tape.input(images)), labels: labels)
      try tape.backward(from: loss)
      adam.beginStep()
      for item in model.parameters {
        item.parameter.update { adam.update(item.name, values: $0, gradient: $1, learningRate: 0.03) }
      }
      print("epoch \(epoch): loss \(loss.scalar)")
    }
    // README ends.

    #expect(losses.count == 10 && losses[0] > 1)
    #expect(losses[9] < 0.5 * losses[0], "\(losses)")
    #expect(model.parameters[0].parameter.count == 173)
  }

  @Test func theExampleIsTheReadmes() throws {
    #expect(try readme().contains(example(in: #filePath)))
  }
}
