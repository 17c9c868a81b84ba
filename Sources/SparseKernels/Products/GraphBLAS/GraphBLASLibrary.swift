#if GraphBLAS
  @preconcurrency import CGraphBLAS
  import Foundation

  /// GraphBLAS as a process-wide library: started once, its status codes turned into errors.
  enum GraphBLASLibrary {
    private static let startStatus: GrB_Info = GrB_init(GrB_NONBLOCKING)

    /// Starts GraphBLAS if nobody has. A host that called `GrB_init` itself (with the C allocator, which is the default)
    /// is met by the status `GrB_INVALID_VALUE`, and its choice stands.
    static func start() throws(KernelError) {
      if startStatus != GrB_INVALID_VALUE { try check(startStatus, "GrB_init") }
    }

    /// Throws unless a call succeeded.
    static func check(_ status: GrB_Info, _ function: String) throws(KernelError) {
      if status == GrB_SUCCESS { return }
      throw .library("GraphBLAS", function: function, status: Int(status.rawValue), meaning: meaning(of: status))
    }

    /// The version of the headers that this build saw.
    static var version: String {
      "\(GxB_IMPLEMENTATION_MAJOR).\(GxB_IMPLEMENTATION_MINOR).\(GxB_IMPLEMENTATION_SUB)"
    }

    private static func meaning(of status: GrB_Info) -> String {
      switch status {
      case GrB_UNINITIALIZED_OBJECT: "uninitialized object"
      case GrB_NULL_POINTER: "null pointer"
      case GrB_INVALID_VALUE: "invalid value"
      case GrB_INVALID_INDEX: "invalid index"
      case GrB_DOMAIN_MISMATCH: "domain mismatch"
      case GrB_DIMENSION_MISMATCH: "dimension mismatch"
      case GrB_OUTPUT_NOT_EMPTY: "output not empty"
      case GrB_OUT_OF_MEMORY: "out of memory"
      case GrB_INSUFFICIENT_SPACE: "insufficient space"
      case GrB_INVALID_OBJECT: "invalid object"
      case GrB_PANIC: "panic: was GrB_finalize called before?"
      default: "unknown status"
      }
    }
  }

  /// A block from the C allocator, which is the one GraphBLAS frees with: what it is lent must be its to free.
  struct CHeapBlock {
    private(set) var address: UnsafeMutableRawPointer?
    private(set) var byteCount = 0

    /// Grows the block, losing its contents. A failure to allocate is an error, not a trap.
    mutating func reserve(byteCount wanted: Int) throws(KernelError) {
      if address != nil, byteCount >= wanted { return }
      free(address)
      address = nil
      byteCount = 0
      var block: UnsafeMutableRawPointer?
      let status = posix_memalign(&block, 64, max(wanted, 64))
      guard status == 0, let block else {
        throw .library("C library", function: "posix_memalign", status: Int(status), meaning: "\(wanted) bytes refused")
      }
      address = block
      byteCount = max(wanted, 64)
    }

    /// Takes over what GraphBLAS gave back.
    mutating func adopt(_ returned: UnsafeMutableRawPointer?, byteCount returnedCount: Int) {
      address = returned
      byteCount = returned == nil ? 0 : returnedCount
    }

    mutating func release() {
      free(address)
      address = nil
      byteCount = 0
    }
  }
#endif
