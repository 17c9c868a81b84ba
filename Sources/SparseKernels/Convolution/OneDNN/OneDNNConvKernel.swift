#if OneDNN
  import COneDNN
  import TensorCore

  /// The strong dense side: oneDNN's direct convolution (<https://github.com/uxlfoundation/oneDNN>, Apache-2.0), on all
  /// weights, zeros included.
  ///
  /// oneDNN chooses the layouts; what it takes to change them at both ends is part of a call. Winograd is not used. A
  /// zero weight is multiplied like any other, so against an infinite or NaN input it gives NaN.
  public struct OneDNNConvKernel: ConvKernel {
    /// `onednn`.
    public let name = "onednn"
    /// True.
    public let isDense = true

    /// Creates the kernel.
    public init() {}

    /// Always supported: oneDNN has plain loops for what it has nothing better for.
    public func support(for problem: ConvProblem) -> KernelSupport { .supported }

    /// Expands the weights to dense ones in oneDNN's layout, and compiles the convolution.
    public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
      try checkBeforePreparing(problem, weights: weights)
      return try PreparedOneDNNConv(problem, weights: weights.matrix)
    }

    /// Several images are shared out whole; the output channels of a single one in two blocks of whole vectors, since each
    /// reads the whole input. The cut depends on the problem alone, so that sums do not depend on the number of threads.
    static func channelBlocks(_ problem: ConvProblem) -> [Range<Int>] {
      let (channels, least, most, multiple) = (problem.outputChannels, 32, 2, 16)
      if problem.batch > 1 || problem.groups > 1 || channels < 2 * least { return [0..<channels] }
      let wanted = (channels + most - 1) / most
      let length = max(least, (wanted + multiple - 1) / multiple * multiple)
      return stride(from: 0, to: channels, by: length).map { $0..<min($0 + length, channels) }
    }
  }

  private struct PreparedOneDNNConv: PreparedConv {
    let problem: ConvProblem
    private let pattern: SparsityPattern
    private let blocks: [OneDNNBlock]
    /// Whether the blocks of channels share one input in oneDNN's layout: there is one image, cut into blocks.
    private let sharesInput: Bool
    private let sharedScratchByteCount: Int
    private let workerScratchByteCount: Int
    /// The weights of each block in its layout.
    private var packed: [Tensor]

    init(_ problem: ConvProblem, weights matrix: CSRMatrix) throws {
      self.problem = problem
      pattern = matrix.pattern
      var blocks: [OneDNNBlock] = []
      // The number of threads is compiled in.
      try OneDNNLibrary.onOneThread {
        for channels in OneDNNConvKernel.channelBlocks(problem) {
          blocks.append(try OneDNNBlock(problem, channels: channels, inputLayout: blocks.first?.inputLayout))
        }
      }
      self.blocks = blocks
      sharesInput = blocks.count > 1
      sharedScratchByteCount = sharesInput ? blocks[0].inputByteCount : 0
      workerScratchByteCount =
        (sharesInput ? 0 : blocks[0].inputByteCount)
        + (blocks.map { $0.outputByteCount + $0.scratchByteCount }.max() ?? 0)
      packed = try Self.pack(matrix, blocks: blocks)
    }

    var weightByteCount: Int { packed.reduce(0) { $0 + $1.count * MemoryLayout<Float>.stride } }

    func scratchByteCount(threadCount: Int) -> Int {
      sharedScratchByteCount + workerScratchByteCount * threadCount
    }

    mutating func replaceValues(_ values: [Float]) throws {
      precondition(
        values.count == pattern.nnz, "replaceValues: \(values.count) values, expected nnz = \(pattern.nnz)")
      packed = try Self.pack(CSRMatrix(pattern: pattern, values: values), blocks: blocks)
    }

    func forward(
      input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
    ) throws {
      let streams = try context.attachment(OneDNNStreams.self) { try OneDNNStreams(threadCount: context.threadCount) }
      let scratch = context.scratch(byteCount: scratchByteCount(threadCount: context.threadCount))
      try withExtendedLifetime(streams) {
        try epilogue.run(into: output) { epilogue in
          let job = OneDNNJob(
            problem: problem, blocks: blocks, packed: packed, input: input, output: output, epilogue: epilogue,
            streams: streams.perWorker, sharedInput: sharesInput ? scratch : nil,
            scratch: scratch + sharedScratchByteCount, workerScratchByteCount: workerScratchByteCount)
          if sharesInput { try context.run(OneDNNInputJob(job: job), partCount: 1) }
          try context.run(job, partCount: problem.batch * blocks.count)
        }
      }
    }

    private static func pack(_ matrix: CSRMatrix, blocks: [OneDNNBlock]) throws -> [Tensor] {
      let dense = matrix.dense()
      var packed: [Tensor] = []
      try OneDNNLibrary.onOneThread {
        for block in blocks { packed.append(try block.packed(dense)) }
      }
      return packed
    }
  }

  /// Changes the layout of the one image that all blocks share.
  private struct OneDNNInputJob: ParallelJob {
    let job: OneDNNJob

    func execute(index: Int, worker: Int) throws {
      guard let sharedInput = job.sharedInput else { return }
      try OneDNNLibrary.onOneThread {
        try job.blocks[0].takeInput(job.input, into: sharedInput, stream: job.streams[worker])
      }
    }
  }

  /// Each part computes a block of output channels of one image.
  private struct OneDNNJob: ParallelJob {
    let problem: ConvProblem
    let blocks: [OneDNNBlock]
    let packed: [Tensor]
    let input: UnsafePointer<Float>
    let output: UnsafeMutablePointer<Float>
    let epilogue: RunningEpilogue
    let streams: UnsafePointer<dnnl_stream_t?>
    let sharedInput: UnsafeMutableRawPointer?
    let scratch: UnsafeMutableRawPointer
    let workerScratchByteCount: Int

    func execute(index: Int, worker: Int) throws {
      let (image, blockIndex) = index.quotientAndRemainder(dividingBy: blocks.count)
      let block = blocks[blockIndex]
      let planes = input + image * problem.inputChannels * problem.inputPixels
      let channels = block.channels
      let result = output + (image * problem.outputChannels + channels.lowerBound) * problem.outputPixels
      var scratch = scratch + worker * workerScratchByteCount
      try OneDNNLibrary.onOneThread {
        let source: UnsafeMutableRawPointer
        if let sharedInput {
          source = block.inputByteCount > 0 ? sharedInput : UnsafeMutableRawPointer(mutating: planes)
        } else {
          source = try block.takeInput(planes, into: scratch, stream: streams[worker])
          scratch += block.inputByteCount
        }
        try packed[blockIndex].withUnsafeBufferPointer { weights in
          try block.multiply(
            source, weights: weights, into: result, scratch: scratch, stream: streams[worker])
        }
      }
      if epilogue.isIdentity { return }
      for channel in channels {
        let plane = result + (channel - channels.lowerBound) * problem.outputPixels
        epilogue.store(plane, count: problem.outputPixels, channel: channel, into: plane)
      }
    }
  }
#endif
