/// A heap block of floats on a 64-byte boundary (a cache line, and the widest vector), freed with its last owner or given back
/// to the pool that it came from.
///
/// Immutable once shared: only a holder that has checked `isKnownUniquelyReferenced` writes to it, which is what makes
/// the `@unchecked Sendable` hold.
final class AlignedStorage: @unchecked Sendable {
  static let alignment = 64

  let elements: UnsafeMutableBufferPointer<Float>
  private let pool: TensorPool?

  init(uninitializedCount count: Int, from pool: TensorPool? = nil) {
    let block =
      pool?.takeBlock(elementCount: count)
      ?? UnsafeMutableRawPointer.allocate(
        byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: Self.alignment)
    elements = UnsafeMutableBufferPointer(start: block.bindMemory(to: Float.self, capacity: count), count: count)
    self.pool = pool
  }

  func copy() -> AlignedStorage {
    let copy = AlignedStorage(uninitializedCount: elements.count, from: pool)
    if elements.count > 0 { _ = copy.elements.update(fromContentsOf: elements) }
    return copy
  }

  deinit {
    guard let block = UnsafeMutableRawPointer(mutating: elements.baseAddress) else { return }
    if let pool {
      pool.giveBack(block, elementCount: elements.count)
    } else {
      block.deallocate()
    }
  }
}
