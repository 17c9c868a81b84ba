import Dispatch
import Foundation
import TensorCore
import Testing

/// Threads that meet at one pool. Under ThreadSanitizer this also tells whether it sees the lock.
struct TensorPoolThreadTests {
  /// Takes a tensor, fills it, and tells whether it still holds what was written.
  private static func survives(_ value: Float, elementCount: Int, pool: TensorPool) -> Bool {
    let tensor = Tensor(uninitialized: [elementCount], pool: pool) { $0.initialize(repeating: value) }
    return tensor.withUnsafeBufferPointer { $0.allSatisfy { $0 == value } }
  }

  @Test func aBlockHasOneTensor() {
    let (threadCount, tensorCount) = (4, 5_000)
    let pool = TensorPool()
    let intact = Locked([Bool](repeating: false, count: threadCount))
    DispatchQueue.concurrentPerform(iterations: threadCount) { thread in
      let all = (0..<tensorCount).allSatisfy { number in
        Self.survives(Float(thread * tensorCount + number), elementCount: 16 + number % 3, pool: pool)
      }
      intact.withLock { $0[thread] = all }
    }
    #expect(intact.withLock { $0 } == [Bool](repeating: true, count: threadCount))
    // Every thread has one tensor at a time, of three sizes.
    #expect(pool.freeByteCount == pool.allocatedByteCount)
    #expect((1...threadCount * (16 + 17 + 18) * 4).contains(pool.allocatedByteCount))
  }

  @Test func aTensorMayGoOnAnotherThread() {
    let pool = TensorPool()
    let waiting = Locked<[Tensor]>([])
    DispatchQueue.concurrentPerform(iterations: 2) { side in
      for number in 0..<2_000 {
        if side == 0 {
          let tensor = Tensor(uninitialized: [32], pool: pool) { $0.initialize(repeating: Float(number)) }
          waiting.withLock { $0.append(tensor) }
        } else if let tensor = waiting.withLock({ $0.popLast() }) {
          let whole = tensor.withUnsafeBufferPointer { elements in elements.allSatisfy { $0 == elements[0] } }
          #expect(whole)
        }
      }
    }
    waiting.withLock { $0.removeAll() }
    #expect(pool.freeByteCount == pool.allocatedByteCount)
  }
}
