import TensorCore

// The gradients by plain loops in `Double` over the stored weights, from the formulas in ``ConvGradients``.
extension PreparedReferenceConv: ConvGradients {
  var gradients: (any ConvGradients)? { self }

  var nnz: Int { weights.nnz }

  func gradientScratchByteCount(threadCount: Int) -> Int {
    problem.inputPixels * problem.inputChannels * MemoryLayout<Double>.stride
  }

  func inputGradient(
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    let count = problem.inputChannels * problem.inputPixels
    for image in 0..<problem.batch {
      var sums = [Double](repeating: 0, count: count)
      for outputChannel in 0..<problem.outputChannels {
        let gradient = outputGradient + (image * problem.outputChannels + outputChannel) * problem.outputPixels
        forEachWeight(ofOutputChannel: outputChannel) { entry, inputChannel, v, u in
          let weight = Double(weights.values[entry])
          let plane = inputChannel * problem.inputPixels
          forEachPair(v, u) { sums[plane + $0] += weight * Double(gradient[$1]) }
        }
      }
      for index in 0..<count { inputGradient[image * count + index] = Float(sums[index]) }
    }
  }

  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws {
    for outputChannel in 0..<problem.outputChannels {
      forEachWeight(ofOutputChannel: outputChannel) { entry, inputChannel, v, u in
        var sum = 0.0
        for image in 0..<problem.batch {
          let plane = input + (image * problem.inputChannels + inputChannel) * problem.inputPixels
          let gradient = outputGradient + (image * problem.outputChannels + outputChannel) * problem.outputPixels
          forEachPair(v, u) { sum += Double(plane[$0]) * Double(gradient[$1]) }
        }
        weightGradient[entry] = Float(sum)
      }
    }
  }
}
