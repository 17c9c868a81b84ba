import Foundation

/// The inaccessible page that guarded elements touch.
package enum GuardedEdge: CaseIterable, Sendable {
  /// That before them: the first element begins a page.
  case beginning
  /// That after them: the last element ends a page.
  case end
}

/// Elements beside memory that nobody may even read.
///
/// They lie in pages of their own between two pages without any access, and touch one of these: an access beyond them on
/// that side ends the process. What is left of their pages, on the other side, holds bytes of ones, which are NaN as a
/// float and absurd as an index; ``isRestIntact`` tells whether they still do.
package final class GuardedPages<Element: BitwiseCopyable> {
  /// Where the elements begin.
  package let start: UnsafeMutablePointer<Element>
  private let count: Int
  /// The accessible pages.
  private let pages: UnsafeMutableRawBufferPointer
  private static var pageByteCount: Int { Int(getpagesize()) }

  /// Copies elements, or none, to such a place.
  ///
  /// - Parameter isWritable: whether the elements may be written. If not, that too ends the process.
  package init(_ elements: [Element], touching edge: GuardedEdge, isWritable: Bool) {
    let byteCount = elements.count * MemoryLayout<Element>.stride
    let pageByteCount = Self.pageByteCount
    let pagesByteCount = (byteCount + pageByteCount - 1) / pageByteCount * pageByteCount
    guard
      let mapping = mmap(nil, pagesByteCount + 2 * pageByteCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      mapping != MAP_FAILED
    else { preconditionFailure("GuardedPages: no room for \(byteCount) bytes, errno \(errno)") }
    count = elements.count
    pages = UnsafeMutableRawBufferPointer(start: mapping + pageByteCount, count: pagesByteCount)
    let offset = edge == .beginning ? 0 : pagesByteCount - byteCount
    start = (mapping + pageByteCount + offset).assumingMemoryBound(to: Element.self)
    if elements.isEmpty { return }
    permit(PROT_READ | PROT_WRITE)
    pages.initializeMemory(as: UInt8.self, repeating: .max)
    start.initialize(from: elements, count: count)
    if !isWritable { permit(PROT_READ) }
  }

  deinit {
    munmap(pages.baseAddress.map { $0 - Self.pageByteCount }, pages.count + 2 * Self.pageByteCount)
  }

  /// The elements as they are now.
  package var elements: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Whether the bytes beside the elements are as they were.
  package var isRestIntact: Bool {
    let bytes = UnsafeRawBufferPointer(pages)
    let first = UnsafeRawPointer(start) - UnsafeRawPointer(pages.baseAddress ?? UnsafeMutableRawPointer(start))
    let end = first + count * MemoryLayout<Element>.stride
    return bytes[..<first].allSatisfy { $0 == .max } && bytes[end...].allSatisfy { $0 == .max }
  }

  private func permit(_ access: Int32) {
    let status = mprotect(pages.baseAddress, pages.count, access)
    precondition(status == 0, "GuardedPages: no access \(access) to \(pages.count) bytes, errno \(errno)")
  }
}
