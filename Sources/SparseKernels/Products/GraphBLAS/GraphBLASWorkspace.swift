#if GraphBLAS
  /// One block of the C heap per thread, in which GraphBLAS accumulates; kept by a ``ComputeContext`` between calls.
  final class GraphBLASWorkspace {
    private let blocks: UnsafeMutablePointer<CHeapBlock>
    private let count: Int

    init(threadCount: Int) {
      blocks = .allocate(capacity: threadCount)
      blocks.initialize(repeating: CHeapBlock(), count: threadCount)
      count = threadCount
    }

    deinit {
      for worker in 0..<count { blocks[worker].release() }
      blocks.deallocate()
    }

    /// Grows every block to what a part needs at most, so that a call that is warm finds them large enough however the
    /// parts fall to the threads.
    func reserve(byteCountPerWorker byteCount: Int) throws(KernelError) {
      for worker in 0..<count { try blocks[worker].reserve(byteCount: byteCount) }
    }

    /// The blocks, one per worker; each worker touches its own only.
    var perWorker: UnsafeMutablePointer<CHeapBlock> { blocks }
  }

  extension ComputeContext {
    /// The blocks that GraphBLAS accumulates in, one per worker.
    var graphBLASWorkspace: GraphBLASWorkspace {
      attachment(GraphBLASWorkspace.self) { GraphBLASWorkspace(threadCount: threadCount) }
    }
  }
#endif
