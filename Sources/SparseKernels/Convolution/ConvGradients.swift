import TensorCore

/// The two gradients of a prepared convolution: what training needs besides ``PreparedConv/forward(_:into:epilogue:context:)``.
///
/// With `L` any function of the output and `outputGradient` its derivative there,
///
///     inputGradient[b][g * I + i][r][c] = sum over o, v, u, y, x of weight[o][i][v][u] * outputGradient[b][o][y][x]
///     weightGradient[o][i][v][u] = sum over b, y, x of outputGradient[b][o][y][x] * input[b][g * I + i][r][c]
///
/// where in both sums `r = y * stride.height + v * dilation.height - padding.top` and
/// `c = x * stride.width + u * dilation.width - padding.left`, as in ``ConvProblem``. The weight gradient is computed at the
/// stored positions only: a pruned weight has none.
public protocol ConvGradients: Sendable {
  /// The problem that was prepared.
  var problem: ConvProblem { get }

  /// The stored weights: the elements of a weight gradient.
  var nnz: Int { get }

  /// The bytes that what is packed for the gradients holds, indices included; 0 where they use what the convolution has packed.
  var gradientWeightByteCount: Int { get }

  /// The bytes of scratch memory that either gradient needs in a context of `threadCount` threads.
  func gradientScratchByteCount(threadCount: Int) -> Int

  /// Computes the input gradient on raw memory; callers use ``inputGradient(_:into:context:)``, which checks shapes.
  ///
  /// - Parameters:
  ///   - outputGradient: `problem.outputShape` elements, NCHW.
  ///   - inputGradient: `problem.inputShape` elements, NCHW. Written, never read before.
  ///   - context: threads and scratch memory.
  func inputGradient(
    outputGradient: UnsafePointer<Float>, into inputGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws

  /// Computes the weight gradient on raw memory; callers use ``weightGradient(_:_:into:context:)``, which checks shapes.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape` elements, NCHW.
  ///   - outputGradient: `problem.outputShape` elements, NCHW.
  ///   - weightGradient: ``nnz`` elements, in the order of the CSR matrix that was prepared. Written, never read before.
  ///   - context: threads and scratch memory.
  func weightGradient(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    into weightGradient: UnsafeMutablePointer<Float>, context: ComputeContext
  ) throws

  /// Computes both gradients on raw memory, with the bits of the two calls above; callers use
  /// ``bothGradients(_:_:intoInput:weights:context:)``, which checks shapes.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape` elements, NCHW.
  ///   - outputGradient: `problem.outputShape` elements, NCHW.
  ///   - inputGradient: `problem.inputShape` elements, NCHW. Written, never read before.
  ///   - weightGradient: ``nnz`` elements, in the order of the CSR matrix that was prepared. Written, never read before.
  ///   - context: threads and scratch memory.
  func bothGradients(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    intoInput inputGradient: UnsafeMutablePointer<Float>, weights weightGradient: UnsafeMutablePointer<Float>,
    context: ComputeContext
  ) throws
}

extension ConvGradients {
  /// 0: the gradients use what the convolution has packed.
  public var gradientWeightByteCount: Int { 0 }

  /// One after the other: what both share, a kernel must say itself.
  public func bothGradients(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    intoInput inputGradient: UnsafeMutablePointer<Float>, weights weightGradient: UnsafeMutablePointer<Float>,
    context: ComputeContext
  ) throws {
    try self.inputGradient(outputGradient: outputGradient, into: inputGradient, context: context)
    try self.weightGradient(input: input, outputGradient: outputGradient, into: weightGradient, context: context)
  }

  /// Computes the gradient with respect to the input.
  ///
  /// - Parameters:
  ///   - outputGradient: `problem.outputShape`, NCHW.
  ///   - inputGradient: `problem.inputShape`, NCHW; its former contents do not matter.
  ///   - context: threads and scratch memory.
  /// - Precondition: the shapes are those of the problem.
  /// - Complexity: O(nnz * output pixels) for sparse kernels.
  /// - Throws: ``KernelError`` if a library reports a failure.
  public func inputGradient(
    _ outputGradient: Tensor, into inputGradient: inout Tensor, context: ComputeContext
  ) throws {
    check("inputGradient", outputGradient: outputGradient, input: inputGradient)
    try outputGradient.withUnsafeBufferPointer { source in
      try inputGradient.withUnsafeMutableBufferPointer { destination in
        guard let source = source.baseAddress, let destination = destination.baseAddress else { return }
        try self.inputGradient(outputGradient: source, into: destination, context: context)
      }
    }
  }

  /// Computes the gradient with respect to the stored weights.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape`, NCHW: what the forward call was given.
  ///   - outputGradient: `problem.outputShape`, NCHW.
  ///   - weightGradient: one element per stored weight, in the order of the CSR matrix that was prepared; former contents
  ///     do not matter.
  ///   - context: threads and scratch memory.
  /// - Precondition: the shapes are those of the problem, and there are ``nnz`` elements.
  /// - Complexity: O(nnz * output pixels) for sparse kernels.
  /// - Throws: ``KernelError`` if a library reports a failure.
  public func weightGradient(
    _ input: Tensor, _ outputGradient: Tensor, into weightGradient: inout [Float], context: ComputeContext
  ) throws {
    check("weightGradient", outputGradient: outputGradient, input: input)
    precondition(
      weightGradient.count == nnz, "weightGradient: room for \(weightGradient.count) elements, expected nnz = \(nnz)")
    try input.withUnsafeBufferPointer { input in
      try outputGradient.withUnsafeBufferPointer { outputGradient in
        try weightGradient.withUnsafeMutableBufferPointer { destination in
          guard let input = input.baseAddress, let outputGradient = outputGradient.baseAddress,
            let destination = destination.baseAddress
          else { return }
          try self.weightGradient(input: input, outputGradient: outputGradient, into: destination, context: context)
        }
      }
    }
  }

  /// Computes both gradients, with the bits of the two calls for one of them, in less time where a kernel shares work between them.
  ///
  /// - Parameters:
  ///   - input: `problem.inputShape`, NCHW: what the forward call was given.
  ///   - outputGradient: `problem.outputShape`, NCHW.
  ///   - inputGradient: `problem.inputShape`, NCHW; its former contents do not matter.
  ///   - weightGradient: one element per stored weight, in the order of the CSR matrix that was prepared; former contents
  ///     do not matter.
  ///   - context: threads and scratch memory.
  /// - Precondition: the shapes are those of the problem, and there are ``nnz`` elements.
  /// - Complexity: O(nnz * output pixels) for sparse kernels.
  /// - Throws: ``KernelError`` if a library reports a failure.
  public func bothGradients(
    _ input: Tensor, _ outputGradient: Tensor, intoInput inputGradient: inout Tensor,
    weights weightGradient: inout [Float], context: ComputeContext
  ) throws {
    check("bothGradients", outputGradient: outputGradient, input: input)
    check("bothGradients", outputGradient: outputGradient, input: inputGradient)
    precondition(
      weightGradient.count == nnz, "bothGradients: room for \(weightGradient.count) elements, expected nnz = \(nnz)")
    try input.withUnsafeBufferPointer { input in
      try outputGradient.withUnsafeBufferPointer { outputGradient in
        try inputGradient.withUnsafeMutableBufferPointer { inputGradient in
          try weightGradient.withUnsafeMutableBufferPointer { weightGradient in
            guard let input = input.baseAddress, let outputGradient = outputGradient.baseAddress,
              let inputGradient = inputGradient.baseAddress
            else { return }
            guard let weightGradient = weightGradient.baseAddress else {
              return try self.inputGradient(outputGradient: outputGradient, into: inputGradient, context: context)
            }
            try self.bothGradients(
              input: input, outputGradient: outputGradient, intoInput: inputGradient, weights: weightGradient,
              context: context)
          }
        }
      }
    }
  }

  private func check(_ operation: String, outputGradient: Tensor, input: Tensor) {
    precondition(
      problem.hasOutputShape(outputGradient.shape),
      "\(operation): outputGradient has shape \(outputGradient.shape), expected \(problem.outputShape)")
    precondition(
      problem.hasInputShape(input.shape), "\(operation): input has shape \(input.shape), expected \(problem.inputShape)"
    )
  }
}
