import Dispatch
import SparseKernels
import TensorCore

/// A kernel in one case: prepared, verified, and collecting samples.
struct Contender {
  let kernelName: String
  let call: PassCall
  let weightByteCount: Int
  let maxRelativeError: Double
  /// What the kernel expects a call to take, if it has a cost model.
  let predicted: ConvCost?
  /// Why it is this one, where the kernel is another's choice.
  let plan: ConvPlan?

  /// Seconds per call.
  private(set) var samples: [Double] = []
  /// The time that went into this kernel's timed and warming calls.
  private(set) var secondsSpent = 0.0
  private var callsPerSample = 1

  /// A sample shorter than this would measure the clock.
  private static let shortestSampleSeconds = 20e-6
  /// How many bursts share a kernel's time, so that what disturbs the machine for a while disturbs all kernels.
  static let burstCount = 8
  /// What a burst takes of a very fast kernel's samples: more would not sharpen a median.
  private static let largestBurst = 64
  /// The most samples of one kernel.
  static let largestSampleCount = burstCount * largestBurst

  init(
    kernelName: String, call: PassCall, weightByteCount: Int, maxRelativeError: Double, predicted: ConvCost?,
    plan: ConvPlan?
  ) {
    self.kernelName = kernelName
    self.call = call
    self.weightByteCount = weightByteCount
    self.maxRelativeError = maxRelativeError
    self.predicted = predicted
    self.plan = plan
  }

  /// Takes samples for about `seconds`, at least two: first a call that only warms the caches, which the kernel before
  /// this one has filled, unless a call takes a good part of the time, so that its caches warm up by themselves.
  mutating func takeSamples(seconds: Double, result: inout Tensor, context: ComputeContext) throws {
    var spent = 0.0
    if (samples.last ?? 0) < seconds / 4 {
      let warming = try time(calls: 1, result: &result, context: context)
      spent += warming
      if samples.isEmpty {
        callsPerSample = max(1, Int((Self.shortestSampleSeconds / max(warming, 1e-9)).rounded(.up)))
      }
    }
    var taken = 0
    while taken < 2 || (spent < seconds && taken < Self.largestBurst) {
      let elapsed = try time(calls: callsPerSample, result: &result, context: context)
      samples.append(elapsed / Double(callsPerSample))
      spent += elapsed
      taken += 1
    }
    secondsSpent += spent
  }

  private func time(calls: Int, result: inout Tensor, context: ComputeContext) throws -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<calls { try call.run(into: &result, context: context) }
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }
}
