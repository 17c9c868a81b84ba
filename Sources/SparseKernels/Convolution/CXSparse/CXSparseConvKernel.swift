import TensorCore

/// CXSparse's `cs_gaxpy`, one output pixel at a time in double precision: the plainest SuiteSparse product, kept as the
/// line that anything cleverer must beat.
///
/// Each image is converted to padded channels-last doubles; each window is gathered into one vector and multiplied.
public struct CXSparseConvKernel: ConvKernel {
  /// `csparse`.
  public let name = "csparse"

  /// Creates the kernel.
  public init() {}

  /// Always supported: a column of the weights is an `Int32` already.
  public func support(for problem: ConvProblem) -> KernelSupport { .supported }

  /// Converts the weights to compressed columns, one matrix per group.
  public func prepare(_ problem: ConvProblem, weights: ConvWeights) throws -> any PreparedConv {
    try checkBeforePreparing(problem, weights: weights)
    return PreparedCXSparseConv(problem, weights: weights.matrix)
  }
}

private struct PreparedCXSparseConv: PreparedConv {
  let problem: ConvProblem
  private let image: ChannelsLastImage
  private var weights: GroupedDoubles<CXSparseMatrix>

  init(_ problem: ConvProblem, weights matrix: CSRMatrix) {
    self.problem = problem
    image = ChannelsLastImage(problem)
    let rows = problem.outputChannelsPerGroup
    let order = Self.gatheringOrder(problem)
    var (matrices, sources): ([CXSparseMatrix], [Int32]) = ([], [])
    for group in 0..<problem.groups {
      let block = group * rows..<(group + 1) * rows
      let first = matrix.rowOffsets[block.lowerBound]
      let (columns, positions) = matrix.pattern.rows(block).transposed()
      var (offsets, rowIndices, values): ([Int32], [Int32], [Double]) = ([0], [], [])
      for column in order {
        for entry in columns.entries(ofRow: column) {
          rowIndices.append(columns.columnIndices[entry])
          sources.append(positions[entry] + first)
          values.append(Double(matrix.values[Int(positions[entry] + first)]))
        }
        offsets.append(Int32(values.count))
      }
      matrices.append(
        CXSparseMatrix(
          rows: rows, columns: matrix.columns,
          entries: CompressedDoubles(offsets: offsets, indices: rowIndices, values: values)))
    }
    weights = GroupedDoubles(matrices: matrices, sources: sources)
  }

  var weightByteCount: Int { weights.byteCount }

  func scratchByteCount(threadCount: Int) -> Int {
    imageByteCount + threadCount * WindowJob.byteCount(problem)
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
        let job = WindowJob(
          image: image, matrices: weights.matrices, padded: padded,
          output: output + index * problem.outputChannels * problem.outputPixels, epilogue: epilogue,
          scratch: scratch + imageByteCount)
        try context.run(job, partCount: problem.groups * job.blocksPerPlane)
      }
    }
  }

  private var imageByteCount: Int { (image.count * MemoryLayout<Double>.stride + 63) & ~63 }

  /// The columns of the CSR matrix in the order in which a window is gathered: tap by tap, and within a tap channel by
  /// channel, which lie side by side in memory.
  private static func gatheringOrder(_ problem: ConvProblem) -> [Int] {
    let taps = problem.kernelSize.height * problem.kernelSize.width
    return (0..<taps).flatMap { tap in (0..<problem.inputChannelsPerGroup).map { $0 * taps + tap } }
  }
}

/// Each part computes a block of neighbouring pixels for the output channels of one group.
private struct WindowJob: ParallelJob {
  private static let block = 16

  let image: ChannelsLastImage
  let matrices: [CXSparseMatrix]
  let padded: UnsafePointer<Double>
  let output: UnsafeMutablePointer<Float>
  let epilogue: RunningEpilogue
  let scratch: UnsafeMutableRawPointer

  static func byteCount(_ problem: ConvProblem) -> Int {
    let doubles = block * (problem.weightsPerOutputChannel + problem.outputChannelsPerGroup)
    return (doubles * MemoryLayout<Double>.stride + 63) & ~63
  }

  var blocksPerPlane: Int { (image.problem.outputPixels + Self.block - 1) / Self.block }

  func execute(index: Int, worker: Int) throws {
    let problem = image.problem
    let (group, blockIndex) = index.quotientAndRemainder(dividingBy: blocksPerPlane)
    let (rows, depth) = (problem.outputChannelsPerGroup, problem.weightsPerOutputChannel)
    let windows = (scratch + worker * Self.byteCount(problem)).assumingMemoryBound(to: Double.self)
    let sums = windows + Self.block * depth
    let first = blockIndex * Self.block
    let count = min(Self.block, problem.outputPixels - first)
    for position in 0..<count {
      gather(pixel: first + position, group: group, into: windows + position * depth)
    }
    try matrices[group].multiply(windows, columnStride: depth, count: count, into: sums)
    ChannelsLast.deinterleave(
      sums, channels: rows, pixels: count, into: output + group * rows * problem.outputPixels + first,
      planeStride: problem.outputPixels, epilogue: epilogue, firstChannel: group * rows)
  }

  private func gather(pixel: Int, group: Int, into window: UnsafeMutablePointer<Double>) {
    let problem = image.problem
    let channels = problem.inputChannelsPerGroup
    let (y, x) = pixel.quotientAndRemainder(dividingBy: problem.outputSize.width)
    var destination = window
    for v in 0..<problem.kernelSize.height {
      for u in 0..<problem.kernelSize.width {
        let row = y * problem.stride.height + v * problem.dilation.height
        let column = x * problem.stride.width + u * problem.dilation.width
        let source = padded + (row * image.width + column) * image.channels + group * channels
        destination.update(from: source, count: channels)
        destination += channels
      }
    }
  }
}
