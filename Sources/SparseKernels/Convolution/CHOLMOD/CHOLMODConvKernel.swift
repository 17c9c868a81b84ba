#if CHOLMOD
  import TensorCore

  /// CHOLMOD's `cholmod_sdmult`, in double precision, without im2col.
  ///
  /// Each image is converted to padded channels-last doubles (``ChannelsLastImage``). There the im2col matrix is a dense
  /// matrix whose columns overlap: its leading dimension is the distance between neighbouring windows, far less than a
  /// window's length. The weights' columns are re-indexed to match, and one call computes a run of output pixels.
  public struct CHOLMODConvKernel: ConvKernel {
    /// `cholmod`.
    public let name = "cholmod"

    /// Creates the kernel.
    public init() {}

    /// Declines windows that span more elements of the padded image than CHOLMOD's `Int32` indices count.
    public func support(for problem: ConvProblem) -> KernelSupport {
      let span = ChannelsLastImage(problem).windowSpan
      if span > Int(Int32.max) {
        return .unsupported("a window spans \(span) elements, more than CHOLMOD's 32-bit indices reach")
      }
      return .supported
    }

    /// Re-indexes and widens the weights, one CHOLMOD matrix per group.
    public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
      try checkBeforePreparing(problem, weights: weights)
      return PreparedCHOLMODConv(problem, weights: weights.matrix)
    }
  }

  private struct PreparedCHOLMODConv: PreparedConv {
    let problem: ConvProblem
    private let image: ChannelsLastImage
    private let runs: PixelRuns
    private var weights: GroupedDoubles<CHOLMODMatrix>

    init(_ problem: ConvProblem, weights matrix: CSRMatrix) {
      self.problem = problem
      let image = ChannelsLastImage(problem)
      self.image = image
      runs = PixelRuns(image)
      let packed = ChannelsLastWeights(matrix, image: image)
      let rows = problem.outputChannelsPerGroup
      let span = image.windowSpan
      let matrices = (0..<problem.groups).map { group in
        let block = group * rows..<(group + 1) * rows
        let entries = packed.entries(ofRows: block)
        return CHOLMODMatrix(
          rows: rows, columns: span,
          entries: CompressedDoubles(
            offsets: packed.offsets(ofRows: block), indices: Array(packed.windowOffsets[entries]),
            values: packed.sources[entries].map { Double(matrix.values[Int($0)]) }))
      }
      weights = GroupedDoubles(matrices: matrices, sources: packed.sources)
    }

    var weightByteCount: Int { weights.byteCount }

    func scratchByteCount(threadCount: Int) -> Int {
      imageByteCount + threadCount * sumByteCount
    }

    mutating func replaceValues(_ values: [Float]) throws { weights.replaceValues(values) }

    func forward(
      input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: ConvEpilogue, context: ComputeContext
    ) throws {
      let scratch = context.scratch(byteCount: scratchByteCount(threadCount: context.threadCount))
      let padded = scratch.assumingMemoryBound(to: Double.self)
      try epilogue.run(into: output) { epilogue in
        for index in 0..<problem.batch {
          let fill = FillImageJob(image: image, index: index, input: input, padded: padded)
          try context.run(fill, partCount: fill.partCount)
          let job = RunJob(
            problem: problem, runs: runs, matrices: weights.matrices, padded: padded,
            output: output + index * problem.outputChannels * problem.outputPixels, epilogue: epilogue,
            sums: scratch + imageByteCount, sumsStride: sumByteCount)
          try context.run(job, partCount: problem.groups * runs.count)
        }
      }
    }

    private var imageByteCount: Int { (image.count * MemoryLayout<Double>.stride + 63) & ~63 }

    private var sumByteCount: Int {
      (runs.longest * problem.outputChannelsPerGroup * MemoryLayout<Double>.stride + 63) & ~63
    }
  }

  /// Each part computes one run of pixels for the output channels of one group.
  private struct RunJob: ParallelJob {
    let problem: ConvProblem
    let runs: PixelRuns
    let matrices: [CHOLMODMatrix]
    let padded: UnsafePointer<Double>
    let output: UnsafeMutablePointer<Float>
    let epilogue: RunningEpilogue
    let sums: UnsafeMutableRawPointer
    let sumsStride: Int

    func execute(index: Int, worker: Int) throws {
      let (group, runIndex) = index.quotientAndRemainder(dividingBy: runs.count)
      let run = runs[runIndex]
      let rows = problem.outputChannelsPerGroup
      let sums = (sums + worker * sumsStride).assumingMemoryBound(to: Double.self)
      try matrices[group].multiply(
        padded + run.offset + group * problem.inputChannelsPerGroup, columnStride: run.stride, count: run.count,
        into: sums)
      runs.forEachStretch(of: run) { position, pixel, count in
        ChannelsLast.deinterleave(
          sums + position * rows, channels: rows, pixels: count,
          into: output + group * rows * problem.outputPixels + pixel, planeStride: problem.outputPixels,
          epilogue: epilogue, firstChannel: group * rows)
      }
    }
  }
#endif
