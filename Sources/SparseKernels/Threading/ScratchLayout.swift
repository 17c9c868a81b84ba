/// Divides one block of scratch memory into parts on 64-byte boundaries.
package struct ScratchLayout: Sendable {
  /// The bytes that all parts so far take together.
  package private(set) var byteCount = 0

  package init() {}

  /// Reserves room for `count` elements and returns where it starts, in bytes from the start of the block.
  package mutating func reserve<Element>(_ type: Element.Type, count: Int) -> Int {
    let offset = byteCount
    byteCount += (count * MemoryLayout<Element>.stride + 63) & ~63
    return offset
  }
}
