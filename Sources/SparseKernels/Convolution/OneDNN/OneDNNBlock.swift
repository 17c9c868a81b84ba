#if OneDNN
  import COneDNN
  import TensorCore

  /// The convolution of one image with a block of output channels, compiled, and the changes of layout around it.
  struct OneDNNBlock: Sendable {
    /// The output channels.
    let channels: Range<Int>
    private let convolution: OneDNNPrimitive
    private let plainInput: OneDNNDescriptor
    private let plainOutput: OneDNNDescriptor
    private let plainWeights: OneDNNDescriptor
    /// Absent where oneDNN takes, or gives, planes as they are.
    private let inputReorder: OneDNNPrimitive?
    private let outputReorder: OneDNNPrimitive?
    private let weightReorder: OneDNNPrimitive
    /// The bytes of the input in oneDNN's layout; 0 where that is the plain one.
    let inputByteCount: Int
    /// The bytes of the output in oneDNN's layout; 0 where that is the plain one.
    let outputByteCount: Int
    /// The bytes of scratch that the primitives need, one after the other.
    let scratchByteCount: Int

    /// - Parameter inputLayout: the layout of the input, if another block has chosen it.
    init(_ problem: ConvProblem, channels: Range<Int>, inputLayout: InputLayout?) throws(KernelError) {
      self.channels = channels
      let (inputSize, kernel, outputSize) = (problem.inputSize, problem.kernelSize, problem.outputSize)
      let input = [1, problem.inputChannels, inputSize.height, inputSize.width]
      let output = [1, channels.count, outputSize.height, outputSize.width]
      let (perGroup, groups) = (problem.inputChannelsPerGroup, problem.groups)
      let weights =
        groups == 1
        ? [channels.count, perGroup, kernel.height, kernel.width]
        : [groups, channels.count / groups, perGroup, kernel.height, kernel.width]
      plainInput = try OneDNNDescriptor(input, layout: dnnl_nchw)
      plainOutput = try OneDNNDescriptor(output, layout: dnnl_nchw)
      plainWeights = try OneDNNDescriptor(weights, layout: groups == 1 ? dnnl_oihw : dnnl_goihw)

      let layout = Self.usesPlanes(problem) ? dnnl_nchw : dnnl_format_tag_any
      let anyInput = try OneDNNDescriptor(input, layout: layout)
      let anyOutput = try OneDNNDescriptor(output, layout: layout)
      let anyWeights = try OneDNNDescriptor(weights, layout: dnnl_format_tag_any)
      let given = inputLayout?.owner.descriptor(of: dnnl_query_src_md)
      convolution = try .convolution(
        problem, input: given ?? anyInput.handle, weights: anyWeights.handle, output: anyOutput.handle)

      inputReorder = try Self.reorder(from: plainInput.handle, to: convolution.descriptor(of: dnnl_query_src_md))
      outputReorder = try Self.reorder(from: convolution.descriptor(of: dnnl_query_dst_md), to: plainOutput.handle)
      weightReorder = try .reorder(
        from: plainWeights.handle, to: convolution.descriptor(of: dnnl_query_weights_md))
      inputByteCount =
        inputReorder == nil ? 0 : Self.rounded(snn_dnnl_desc_size(convolution.descriptor(of: dnnl_query_src_md)))
      outputByteCount =
        outputReorder == nil ? 0 : Self.rounded(snn_dnnl_desc_size(convolution.descriptor(of: dnnl_query_dst_md)))
      let primitives = [convolution, inputReorder, outputReorder].compactMap(\.self)
      scratchByteCount = Self.rounded(primitives.map(\.scratchByteCount).max() ?? 0)
    }

    /// Whether planes are used as they are: a 1x1 convolution is one product of them, which takes less than to change the layout of
    /// large ones.
    static func usesPlanes(_ problem: ConvProblem) -> Bool {
      problem.isPointwise && problem.outputPixels >= largeImage
    }

    private static let largeImage = 128

    /// The layout of the input that a block has chosen.
    struct InputLayout {
      fileprivate let owner: OneDNNPrimitive
    }

    var inputLayout: InputLayout { InputLayout(owner: convolution) }

    /// The block's rows of a dense weight matrix, in oneDNN's layout.
    func packed(_ dense: Tensor) throws(KernelError) -> Tensor {
      let descriptor = convolution.descriptor(of: dnnl_query_weights_md)
      let byteCount = snn_dnnl_desc_size(descriptor)
      let streams = try OneDNNStreams(threadCount: 1)
      let columns = dense.shape[1]
      // oneDNN reads and writes nothing of what it pads weights with but zeros that it writes itself.
      var packed = Tensor(zeros: [(byteCount + 3) / MemoryLayout<Float>.stride])
      let scratch = Tensor(zeros: [Self.rounded(weightReorder.scratchByteCount) / MemoryLayout<Float>.stride])
      let result = dense.withUnsafeBufferPointer { dense in
        packed.withUnsafeMutableBufferPointer { packed in
          scratch.withUnsafeBufferPointer { scratch in
            Result { () throws(KernelError) in
              guard let dense = dense.baseAddress, let packed = packed.baseAddress, let scratch = scratch.baseAddress
              else { return }
              let rows = UnsafeMutableRawPointer(mutating: dense + channels.lowerBound * columns)
              try weightReorder.execute(
                OneDNNOperand(descriptor: plainWeights.handle, data: rows),
                into: OneDNNOperand(descriptor: descriptor, data: packed),
                scratch: UnsafeMutableRawPointer(mutating: scratch), stream: streams.perWorker[0])
            }
          }
        }
      }
      try result.get()
      return packed
    }

    /// Brings an image into oneDNN's layout.
    ///
    /// - Parameter place: ``inputByteCount`` bytes, and behind them ``scratchByteCount``.
    /// - Returns: where it is: at `place`, or, where no change of layout is needed, where it was.
    @discardableResult
    func takeInput(
      _ planes: UnsafePointer<Float>, into place: UnsafeMutableRawPointer, stream: dnnl_stream_t?
    ) throws(KernelError) -> UnsafeMutableRawPointer {
      let source = UnsafeMutableRawPointer(mutating: planes)
      guard let inputReorder else { return source }
      try inputReorder.execute(
        OneDNNOperand(descriptor: plainInput.handle, data: source),
        into: OneDNNOperand(descriptor: convolution.descriptor(of: dnnl_query_src_md), data: place),
        scratch: place + inputByteCount, stream: stream)
      return place
    }

    /// Computes the block's planes.
    ///
    /// - Parameters:
    ///   - source: the image in oneDNN's layout.
    ///   - weights: as ``packed(_:)`` made them.
    ///   - planes: the first of the block's output planes, NCHW.
    ///   - scratch: ``outputByteCount`` and ``scratchByteCount`` bytes.
    func multiply(
      _ source: UnsafeMutableRawPointer, weights: UnsafeBufferPointer<Float>, into planes: UnsafeMutablePointer<Float>,
      scratch: UnsafeMutableRawPointer, stream: dnnl_stream_t?
    ) throws(KernelError) {
      guard let weights = UnsafeMutableRawPointer(mutating: weights.baseAddress) else { return }
      let plain = OneDNNOperand(descriptor: plainOutput.handle, data: planes)
      let result = OneDNNOperand(
        descriptor: convolution.descriptor(of: dnnl_query_dst_md),
        data: outputReorder == nil ? UnsafeMutableRawPointer(planes) : scratch)
      try convolution.execute(
        OneDNNOperand(descriptor: convolution.descriptor(of: dnnl_query_src_md), data: source),
        weights: OneDNNOperand(descriptor: convolution.descriptor(of: dnnl_query_weights_md), data: weights),
        into: result, scratch: scratch + outputByteCount, stream: stream)
      if let outputReorder {
        try outputReorder.execute(result, into: plain, scratch: scratch + outputByteCount, stream: stream)
      }
    }

    private static func reorder(from: UnsafeRawPointer?, to: UnsafeRawPointer?) throws(KernelError) -> OneDNNPrimitive?
    {
      snn_dnnl_desc_equal(from, to) != 0 ? nil : try .reorder(from: from, to: to)
    }

    private static func rounded(_ byteCount: Int) -> Int { (byteCount + 63) & ~63 }
  }
#endif
