import Foundation
import SparseNN
import TestSupport
import Testing

/// The README's example compiles, runs, and is the one below.
@Suite struct ReadmeTests {
  @Test func theExampleRuns() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("model.safetensors")
    var generator = SeededGenerator(seed: 3)
    let pruned = Tensor.random([128, 64, 3, 3], using: &generator).magnitudePruned(sparsity: 0.9)
    var writer = SafetensorsWriter()
    try writer.add(pruned, named: "layer1.conv.weight")
    try writer.write(to: path)

    // README begins.
    // 64 to 128 channels, 3x3, on 56x56 images, padded by 1 all around.
    let problem = try ConvProblem(
      inputChannels: 64, outputChannels: 128, inputSize: Size2D(56), kernelSize: Size2D(3), padding: Padding2D(1))

    // Weights as OIHW with zeros where they are pruned; only the others are kept.
    let file = try SafetensorsFile(path: path)
    let weights = try ConvWeights(oihw: file.tensor(named: "layer1.conv.weight"))

    // Choose the fastest kernel, pack once, run often. The context holds the threads and the scratch memory.
    let conv = try ConvKernelList.named("auto").prepare(problem, weights: weights)
    let context = ComputeContext(threadCount: 2)
    let input = Tensor(repeating: 1, shape: problem.inputShape)
    var output = Tensor(zeros: problem.outputShape)
    let epilogue = ConvEpilogue(bias: [Float](repeating: 0.1, count: 128), activation: .relu)
    try conv.forward(input, into: &output, epilogue: epilogue, context: context)
    print(weights.matrix.sparsity, output.shape, output[0, 0, 28, 28])
    // README ends.

    #expect(output.shape == [1, 128, 56, 56])
    #expect(weights.matrix.nnz == 7373)
  }

  @Test func theExampleIsTheReadmes() throws {
    let example = try example(in: #filePath)
      .replacing("SafetensorsFile(path: path)", with: "SafetensorsFile(path: \"model.safetensors\")")
    #expect(try readme().contains(example))
  }
}

/// README.md.
func readme() throws -> String {
  try String(
    contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("README.md"), encoding: .utf8)
}

/// The lines of a test between `// README begins.` and `// README ends.`, without their indentation.
func example(in path: String) throws -> String {
  let source = try String(contentsOfFile: path, encoding: .utf8)
  let begin = try #require(source.range(of: "// README begins.\n"))
  let end = try #require(source.range(of: "    // README ends.\n"))
  return source[begin.upperBound..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.hasPrefix("    ") ? String($0.dropFirst(4)) : String($0) }.joined(separator: "\n")
}
