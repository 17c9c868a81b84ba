import CAllocationCounter
import Optimizers
import Testing

/// A warm update allocates nothing.
@Suite(.serialized, .enabled(if: snn_allocation_counter_is_active(), "allocations are counted on glibc, unsanitized"))
struct AllocationTests {
  @Test(arguments: OptimizerCase.all)
  func warmUpdatesAllocateNothing(item: OptimizerCase) {
    let count = allocations(item.optimizer)
    #expect(count == 0, "\(count) allocations in 100 steps")
  }

  private func allocations(_ optimizer: some Optimizer) -> Int {
    var optimizer = optimizer
    let names = ["conv1.weight", "a.longer.name.than.fits.into.sixteen.bytes.bias"]
    var values = [Float](repeating: 1, count: 50)
    let gradient = [Float](repeating: 0.5, count: 50)
    let schedule = LearningRateSchedule.cosine(initial: 0.1, final: 0, steps: 50).warmedUp(over: 5)
    func steps(_ count: Int) {
      values.withUnsafeMutableBufferPointer { values in
        gradient.withUnsafeBufferPointer { gradient in
          for step in 0..<count {
            optimizer.beginStep()
            for name in names {
              optimizer.update(name, values: values, gradient: gradient, learningRate: schedule.rate(step: step))
            }
          }
        }
      }
    }
    steps(3)
    snn_allocation_counter_reset()
    snn_allocation_counter_watch_thread(true)
    steps(100)
    snn_allocation_counter_watch_thread(false)
    return snn_allocation_counter_ours()
  }
}
