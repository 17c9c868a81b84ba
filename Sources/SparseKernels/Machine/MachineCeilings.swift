import CMicroKernels
import TensorCore

/// What one core of this machine can do at most, measured by loops that do nothing else: the yardstick beside which a
/// kernel's rate is read. The best of several samples each, since other programs only ever slow a loop down.
public struct MachineCeilings: Hashable, Sendable, Codable {
  /// Multiply-adds between registers, 10^9 operations per second (a multiply-add is two).
  public let fmaGflops: Double
  /// Multiply-adds with one operand read from the first-level cache.
  public let l1FmaGflops: Double
  /// Multiply-adds with one operand read from the second-level cache.
  public let l2FmaGflops: Double
  /// Reading the first-level cache, 10^9 bytes per second.
  public let l1ReadGBps: Double
  /// Reading the second-level cache.
  public let l2ReadGBps: Double
  /// Reading the third-level cache.
  public let l3ReadGBps: Double
  /// Reading main memory.
  public let memoryReadGBps: Double

  /// Measures the calling core.
  ///
  /// - Complexity: about half a second, and a block of memory of up to 256 MiB while it runs.
  public static func measure(on processor: Processor = .current) -> MachineCeilings {
    let isa = snn_cpu_isa()
    let (l1, l2, l3) = (
      processor.dataCacheByteCount(level: 1), processor.dataCacheByteCount(level: 2),
      processor.dataCacheByteCount(level: 3)
    )
    let data = Tensor(repeating: 1, shape: [blockCount(min(4 * l3, 256 << 20))])
    return data.withUnsafeBufferPointer { data in
      guard let base = data.baseAddress else { preconditionFailure("a tensor of a block has an address") }
      func fma(_ byteCount: Int) -> Double {
        let count = min(blockCount(byteCount), data.count)
        return bestRate { snn_f32_fma_memory(isa, base, count, $0) } * Double(2 * count)
      }
      func read(_ byteCount: Int) -> Double {
        let count = min(blockCount(byteCount), data.count)
        return bestRate { snn_f32_read(isa, base, count, $0) } * Double(4 * count)
      }
      let block = Double(SNN_CEILING_BLOCK)
      return MachineCeilings(
        fmaGflops: bestRate { snn_f32_fma_registers(isa, $0) } * 2 * block,
        l1FmaGflops: fma(l1 / 2), l2FmaGflops: fma(l2 / 2), l1ReadGBps: read(l1 / 2), l2ReadGBps: read(l2 / 2),
        l3ReadGBps: read(l3 / 2), memoryReadGBps: read(data.count * MemoryLayout<Float>.stride))
    }
  }

  /// Floats in about `byteCount` bytes, in whole blocks of the loops.
  private static func blockCount(_ byteCount: Int) -> Int {
    let block = Int(SNN_CEILING_BLOCK)
    return max(1, byteCount / MemoryLayout<Float>.stride / block) * block
  }

  /// The most repetitions per nanosecond over five samples of about ten milliseconds.
  private static func bestRate(_ loop: (_ repetitions: Int) -> Float) -> Double {
    let clock = ContinuousClock()
    let (sampleSeconds, sampleCount) = (0.01, 5)
    var repetitions = 1
    var best = 0.0
    var samples = 0
    while samples < sampleCount {
      let seconds = clock.measure { withExtendedLifetime(loop(repetitions)) {} } / .seconds(1)
      if seconds < sampleSeconds / 2, repetitions < 1 << 40 {
        repetitions = max(repetitions * 2, Int(Double(repetitions) * min(sampleSeconds / max(seconds, 1e-9), 1000)))
        continue
      }
      best = max(best, Double(repetitions) / (seconds * 1e9))
      samples += 1
    }
    return best
  }
}
