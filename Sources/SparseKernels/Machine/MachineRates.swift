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
    let data = Tensor(repeating: 1, shape: [blockCount(min(l3 / 2, 8 << 20))])
    return data.withUnsafeBufferPointer { data in
      guard let base = data.baseAddress else { preconditionFailure("a tensor of a block has an address") }
      func floats(_ byteCount: Int) -> Int { min(blockCount(byteCount), data.count) }
      func read(_ count: Int) -> Double {
        bestRate { snn_f32_read(widest, base, count, $0) } * Double(4 * count)
      }
      func floatsPerSecond(_ set: InstructionSet) -> Double {
        let near = floats(l1 / 2)
        return bestRate { snn_f32_fma_memory(set.isa, base, near, $0) } * Double(near)
      }
      // Registers first: a core that was idle takes a while to reach its clock rate.
      let peak = bestRate { snn_f32_fma_registers(widest, $0) } * 2 * Double(SNN_CEILING_BLOCK)
      return MachineRates(
        vectorsPerSecond: floatsPerSecond(min(.current, .avx2)) / 8,
        wideVectorsPerSecond: floatsPerSecond(.current) / 16,
        gemmFlops: gemmFlops(), peakFlops: peak,
        nearBytesPerSecond: read(floats(l2 / 2)), farBytesPerSecond: read(data.count))
    }
  }

  /// The rate of a product whose operands fit the second-level cache.
  private static func gemmFlops() -> Double {
    let size = 192
    let a = Tensor(repeating: 1, shape: [size, size])
    var c = a
    return a.withUnsafeBufferPointer { a in
      c.withUnsafeMutableBufferPointer { c in
        guard let a = a.baseAddress, let c = c.baseAddress else { preconditionFailure("tensors have addresses") }
        return bestRate { repetitions in
          for _ in 0..<repetitions {
            OpenBLAS.sgemm(
              rows: size, columns: size, depth: size, a, aStride: size, a, bStride: size, into: c, cStride: size,
              accumulate: false)
          }
          return c[0]
        } * Double(2 * size * size * size)
      }
    }
  }

  /// Floats in about `byteCount` bytes, in whole blocks of the loops.
  private static func blockCount(_ byteCount: Int) -> Int {
    let block = Int(SNN_CEILING_BLOCK)
    return max(1, byteCount / MemoryLayout<Float>.stride / block) * block
  }

  /// The most repetitions per second over ten samples of about three tenths of a millisecond.
  private static func bestRate(_ loop: (_ repetitions: Int) -> Float) -> Double {
    let clock = ContinuousClock()
    let (sampleSeconds, sampleCount) = (0.3e-3, 10)
    var repetitions = 1
    var best = 0.0
    var samples = 0
    while samples < sampleCount {
      let seconds = clock.measure { withExtendedLifetime(loop(repetitions)) {} } / .seconds(1)
      if seconds < sampleSeconds / 2, repetitions < 1 << 40 {
        repetitions = max(repetitions * 2, Int(Double(repetitions) * min(sampleSeconds / max(seconds, 1e-9), 1000)))
        continue
      }
      best = max(best, Double(repetitions) / seconds)
      samples += 1
    }
    return best
  }
}
