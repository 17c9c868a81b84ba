/// A heap block of floats on a 64-byte boundary (a cache line, and the widest vector), freed with its last owner.
///
/// Immutable once shared: only a holder that has checked `isKnownUniquelyReferenced` writes to it, which is what makes
/// the `@unchecked Sendable` hold.
final class AlignedStorage: @unchecked Sendable {
  static let alignment = 64

  let elements: UnsafeMutableBufferPointer<Float>

  init(uninitializedCount count: Int) {
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: Self.alignment)
    elements = UnsafeMutableBufferPointer(start: block.bindMemory(to: Float.self, capacity: count), count: count)
  }

  func copy() -> AlignedStorage {
    let copy = AlignedStorage(uninitializedCount: elements.count)
    if elements.count > 0 { _ = copy.elements.update(fromContentsOf: elements) }
    return copy
  }

  deinit {
    UnsafeMutableRawPointer(mutating: elements.baseAddress)?.deallocate()
  }
}
