import CMicroKernels
import TensorCore

/// What one core of this machine does in a second, for predicting times: ``MachineCeilings`` measured in milliseconds instead of half a
/// second, and less exactly.
public struct MachineRates: Hashable, Sendable, Codable {
  /// Multiply-adds of vectors of 8 floats, as most of our own micro-kernels have them, with one operand read from the first-level
  /// cache.
  public let vectorsPerSecond: Double
  /// The same of 16 floats, in the widest instruction set that may be used.
  public let wideVectorsPerSecond: Double
  /// Operations of a product of dense matrices by the linked BLAS, two for each multiply-add.
  public let gemmFlops: Double
  /// Operations between registers of the widest instruction set, two for each multiply-add.
  public let peakFlops: Double
  /// Bytes read from the second-level cache.
  public let nearBytesPerSecond: Double
  /// Bytes read from the third-level cache.
  public let farBytesPerSecond: Double

  /// Rates that were measured elsewhere.
  public init(
    vectorsPerSecond: Double, wideVectorsPerSecond: Double, gemmFlops: Double, peakFlops: Double,
    nearBytesPerSecond: Double,
    farBytesPerSecond: Double
  ) {
    self.vectorsPerSecond = vectorsPerSecond
    self.wideVectorsPerSecond = wideVectorsPerSecond
    self.gemmFlops = gemmFlops
    self.peakFlops = peakFlops
    self.nearBytesPerSecond = nearBytesPerSecond
    self.farBytesPerSecond = farBytesPerSecond
  }

  /// The rates of this process's machine, measured when first asked for.
  public static let current = measure()

  /// Measures the calling core.
  ///
  /// - Complexity: about twenty milliseconds, and a block of up to 8 MiB while it runs.
  public static func measure(on processor: Processor = .current) -> MachineRates {
    let (l1, l2, l3) = (
      processor.dataCacheByteCount(level: 1), processor.dataCacheByteCount(level: 2),
      processor.dataCacheByteCount(level: 3)
    )
    let widest = snn_cpu_isa()
    let l3Count = blockCount(min(l3 / 2, 8 << 20))
    let data = Tensor(repeating: 1, shape: [l3Count])
    let matrix = Tensor(repeating: 1, shape: [gemmSize, gemmSize])
    var product = matrix
    return data.withUnsafeBufferPointer { data in
      matrix.withUnsafeBufferPointer { matrix in
        product.withUnsafeMutableBufferPointer { product in
          guard let data = data.baseAddress, let matrix = matrix.baseAddress, let product = product.baseAddress
          else { preconditionFailure("tensors have addresses") }
          let (l1Count, l2Count) = (min(blockCount(l1 / 2), l3Count), min(blockCount(l2 / 2), l3Count))
          let narrow = min(InstructionSet.current, .avx2).isa
          // Registers first: a core that was idle takes a while to reach its clock rate.
          var loops = [
            RatedLoop(amount: 2 * Double(SNN_CEILING_BLOCK)) { snn_f32_fma_registers(widest, $0) },
            RatedLoop(amount: Double(l1Count) / 8) { snn_f32_fma_memory(narrow, data, l1Count, $0) },
            RatedLoop(amount: Double(l1Count) / 16) {
              snn_f32_fma_memory(InstructionSet.current.isa, data, l1Count, $0)
            },
            RatedLoop(amount: 2 * Double(gemmSize * gemmSize * gemmSize)) { multiply(matrix, into: product, $0) },
            RatedLoop(amount: Double(4 * l2Count)) { snn_f32_read(widest, data, l2Count, $0) },
            RatedLoop(amount: Double(4 * l3Count)) { snn_f32_read(widest, data, l3Count, $0) },
          ]
          // In turns, so that what disturbs the machine for a moment disturbs none of them in all its samples.
          for _ in 0..<sampleCount {
            for index in loops.indices { loops[index].takeSample() }
          }
          return MachineRates(
            vectorsPerSecond: loops[1].best, wideVectorsPerSecond: loops[2].best, gemmFlops: loops[3].best,
            peakFlops: loops[0].best, nearBytesPerSecond: loops[4].best, farBytesPerSecond: loops[5].best)
        }
      }
    }
  }

  private static let sampleCount = 10
  /// Rows and columns of a product whose operands fit the second-level cache.
  private static let gemmSize = 192

  private static func multiply(
    _ matrix: UnsafePointer<Float>, into product: UnsafeMutablePointer<Float>, _ repetitions: Int
  ) -> Float {
    for _ in 0..<repetitions {
      OpenBLAS.sgemm(
        rows: gemmSize, columns: gemmSize, depth: gemmSize, matrix, aStride: gemmSize, matrix, bStride: gemmSize,
        into: product, cStride: gemmSize, accumulate: false)
    }
    return product[0]
  }

  /// Floats in about `byteCount` bytes, in whole blocks of the loops.
  private static func blockCount(_ byteCount: Int) -> Int {
    let block = Int(SNN_CEILING_BLOCK)
    return max(1, byteCount / MemoryLayout<Float>.stride / block) * block
  }
}

/// A loop whose rate is measured.
private struct RatedLoop {
  /// What a repetition does.
  let amount: Double
  let run: (_ repetitions: Int) -> Float
  /// What it does per second, in the best sample.
  private(set) var best = 0.0
  private var repetitions = 1

  private static let sampleSeconds = 0.3e-3

  init(amount: Double, run: @escaping (_ repetitions: Int) -> Float) {
    self.amount = amount
    self.run = run
  }

  /// Takes a sample, with as many repetitions as that needs.
  mutating func takeSample() {
    let clock = ContinuousClock()
    while true {
      let seconds = clock.measure { withExtendedLifetime(run(repetitions)) {} } / .seconds(1)
      if seconds >= Self.sampleSeconds / 2 || repetitions >= 1 << 40 {
        best = max(best, Double(repetitions) * amount / seconds)
        return
      }
      repetitions = max(repetitions * 2, Int(Double(repetitions) * min(Self.sampleSeconds / max(seconds, 1e-9), 1000)))
    }
  }
}
