import CMicroKernels
import Foundation
import Synchronization

/// A fixed set of threads that run the parts of one job at a time and sleep between jobs.
///
/// The calling thread is worker 0; the pool owns the others. Parts are handed out one by one from an atomic counter, so
/// uneven parts balance themselves. After a job the workers spin for about a tenth of a millisecond before they sleep, since the
/// next layer usually follows at once.
final class ThreadPool: @unchecked Sendable {
  let threadCount: Int

  private struct Job {
    var type: any ParallelJob.Type
    var address: UnsafeRawPointer
    var partCount: Int
  }

  // `job` and `firstError` are written under `lock` or while no worker runs; the atomics order the rest.
  private var job: Job?
  private var firstError: (part: Int, error: any Error)?
  private var stopping = false
  private let generation = Atomic<Int>(0)
  private let nextPart = Atomic<Int>(0)
  private let busyWorkers = Atomic<Int>(0)
  private let lock = NSCondition()

  private static let spinCount = 4000

  init(threadCount: Int) {
    precondition(threadCount >= 1, "ThreadPool: \(threadCount) threads, expected 1 or more")
    self.threadCount = threadCount
  }

  /// Starts the pool's own threads. They hold the pool; ``stop()`` releases it.
  func start() {
    for worker in 1..<max(threadCount, 1) {
      let thread = Thread { [self] in serve(worker: worker) }
      thread.name = "SparseNN worker \(worker)"
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Asks the pool's threads to end. No job may be running.
  func stop() {
    lock.lock()
    stopping = true
    generation.add(1, ordering: .releasing)
    lock.broadcast()
    lock.unlock()
  }

  /// Runs every part of a job and waits for the last; of the parts that throw, the error of the lowest is rethrown.
  func run<Work: ParallelJob>(_ work: Work, partCount: Int) throws {
    if threadCount == 1 || partCount <= 1 {
      for index in 0..<partCount { try work.execute(index: index, worker: 0) }
      return
    }
    try withUnsafePointer(to: work) { pointer in
      publish(Job(type: Work.self, address: UnsafeRawPointer(pointer), partCount: partCount))
      takeParts(worker: 0)
      waitForWorkers()
      lock.lock()
      let failure = firstError
      firstError = nil
      job = nil
      lock.unlock()
      if let failure { throw failure.error }
    }
  }

  /// Spins, since the last parts end soon; where there are more threads than cores, lets the others have this one.
  private func waitForWorkers() {
    var spins = 0
    while busyWorkers.load(ordering: .acquiring) != 0 {
      snn_cpu_relax()
      spins += 1
      if spins > Self.spinCount { sched_yield() }
    }
  }

  private func publish(_ newJob: Job) {
    lock.lock()
    job = newJob
    nextPart.store(0, ordering: .relaxed)
    busyWorkers.store(threadCount - 1, ordering: .relaxed)
    generation.add(1, ordering: .releasing)
    lock.broadcast()
    lock.unlock()
  }

  private func serve(worker: Int) {
    var seen = 0
    while true {
      var spins = 0
      while generation.load(ordering: .acquiring) == seen, spins < Self.spinCount {
        snn_cpu_relax()
        spins += 1
      }
      lock.lock()
      while generation.load(ordering: .acquiring) == seen { lock.wait() }
      seen = generation.load(ordering: .acquiring)
      let ends = stopping
      lock.unlock()
      if ends { return }
      takeParts(worker: worker)
      busyWorkers.subtract(1, ordering: .releasing)
    }
  }

  private func takeParts(worker: Int) {
    guard let job else { return }
    while true {
      let index = nextPart.add(1, ordering: .relaxed).oldValue
      if index >= job.partCount { return }
      do {
        try job.type.execute(at: job.address, index: index, worker: worker)
      } catch {
        lock.lock()
        if firstError.map({ index < $0.part }) ?? true { firstError = (index, error) }
        lock.unlock()
      }
    }
  }
}
