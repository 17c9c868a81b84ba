#if canImport(Glibc)
  import Glibc
#endif

/// Memory of tensors that is used again: the block of a tensor's elements comes back when the tensor's last copy goes, and the
/// next tensor with as many elements takes it.
///
/// A training step makes the same tensors as the one before. Fresh memory for each costs more than a kernel's arithmetic,
/// since the system hands out large blocks page by page, zeroed.
///
/// Blocks are kept by exact element count until ``removeAll()`` or the end of the pool. May be used from several threads.
public final class TensorPool: Sendable {
  private struct Blocks: @unchecked Sendable {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var freeByteCount = 0
    var allocatedByteCount = 0
  }

  private let blocks = Locked(Blocks())

  /// Creates an empty pool.
  public init() {}

  deinit { removeAll() }

  /// The bytes of blocks that are free, waiting for a tensor.
  public var freeByteCount: Int { blocks.withLock { $0.freeByteCount } }

  /// The bytes of all blocks that the pool has made and not freed, those of living tensors included.
  public var allocatedByteCount: Int { blocks.withLock { $0.allocatedByteCount } }

  /// Frees the blocks that no tensor uses.
  public func removeAll() {
    blocks.withLock { blocks in
      for block in blocks.free.values.joined() { block.deallocate() }
      blocks.free.removeAll()
      blocks.allocatedByteCount -= blocks.freeByteCount
      blocks.freeByteCount = 0
    }
  }

  /// A block of at least `elementCount` floats with undefined contents.
  func takeBlock(elementCount: Int) -> UnsafeMutableRawPointer {
    let byteCount = Self.byteCount(elementCount)
    let known = blocks.withLock { blocks -> UnsafeMutableRawPointer? in
      guard let block = blocks.free[elementCount]?.popLast() else {
        blocks.allocatedByteCount += byteCount
        return nil
      }
      blocks.freeByteCount -= byteCount
      return block
    }
    return known ?? Self.allocate(byteCount: byteCount)
  }

  /// Large blocks ask for large pages: layers go through planes that are a page or more apart, where the processor's table of
  /// pages is soon exhausted.
  private static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    if byteCount < largePage { return .allocate(byteCount: byteCount, alignment: AlignedStorage.alignment) }
    let block = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: largePage)
    #if canImport(Glibc)
      // A wish: a system that knows no large pages gives small ones.
      _ = madvise(block, byteCount, MADV_HUGEPAGE)
    #endif
    return block
  }

  private static let largePage = 2 << 20

  func giveBack(_ block: UnsafeMutableRawPointer, elementCount: Int) {
    blocks.withLock { blocks in
      blocks.free[elementCount, default: []].append(block)
      blocks.freeByteCount += Self.byteCount(elementCount)
    }
  }

  private static func byteCount(_ elementCount: Int) -> Int { max(elementCount, 1) * MemoryLayout<Float>.stride }
}
