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

  /// Takes the samples of a burst, each of one call or of as many as make a sample long enough.
  mutating func takeSamples(_ burst: Burst, result: inout Tensor, context: ComputeContext) throws {
    var warming = 0.0
    if burst.warmsUp(lastSample: samples.last) {
      warming = try time(calls: 1, result: &result, context: context)
      if samples.isEmpty {
        callsPerSample = max(1, Int((Self.shortestSampleSeconds / max(warming, 1e-9)).rounded(.up)))
      }
    }
    let spent = try burst.run(spent: warming) {
      let elapsed = try time(calls: callsPerSample, result: &result, context: context)
      samples.append(elapsed / Double(callsPerSample))
      return elapsed
    }
    secondsSpent += spent
  }

  private func time(calls: Int, result: inout Tensor, context: ComputeContext) throws -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<calls { try call.run(into: &result, context: context) }
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }
}
