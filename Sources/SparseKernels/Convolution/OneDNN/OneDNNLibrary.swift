#if OneDNN
  import COneDNN
  import Foundation

  /// oneDNN on this processor: one engine for the process, and status codes turned into errors.
  enum OneDNNLibrary {
    private struct Engine: @unchecked Sendable {
      let handle: dnnl_engine_t?
      let status: dnnl_status_t
    }

    private static let shared: Engine = {
      var handle: dnnl_engine_t?
      let status = dnnl_engine_create(&handle, dnnl_cpu, 0)
      return Engine(handle: handle, status: status)
    }()

    /// The engine, which may be used from several threads at once.
    static func engine() throws(KernelError) -> dnnl_engine_t? {
      try check(shared.status, "dnnl_engine_create")
      return shared.handle
    }

    /// Throws unless a call succeeded.
    static func check(_ status: dnnl_status_t, _ function: String) throws(KernelError) {
      if status == dnnl_success { return }
      throw .library("oneDNN", function: function, status: Int(status.rawValue), meaning: meaning(of: status))
    }

    /// The version of the library that is loaded.
    static var version: String {
      guard let version = dnnl_version()?.pointee else { return "unknown" }
      return "\(version.major).\(version.minor).\(version.patch)"
    }

    /// Calls `body` with oneDNN kept on the calling thread: we split the work ourselves. Where the library was built
    /// with OpenMP, the number of its threads is a setting of the calling thread, and is put back afterwards.
    static func onOneThread(_ body: () throws -> Void) rethrows {
      guard let openMP else { return try body() }
      let before = openMP.threadCount()
      openMP.setThreadCount(1)
      defer { openMP.setThreadCount(before) }
      try body()
    }

    private struct OpenMP: Sendable {
      let threadCount: @convention(c) () -> Int32
      let setThreadCount: @convention(c) (Int32) -> Void
    }

    /// Looked up, not linked: it comes with oneDNN, and not with every build of it.
    private static let openMP: OpenMP? = {
      let process = dlopen(nil, RTLD_NOW)
      guard let get = dlsym(process, "omp_get_max_threads"), let set = dlsym(process, "omp_set_num_threads") else {
        return nil
      }
      return OpenMP(
        threadCount: unsafeBitCast(get, to: (@convention(c) () -> Int32).self),
        setThreadCount: unsafeBitCast(set, to: (@convention(c) (Int32) -> Void).self))
    }()

    private static func meaning(of status: dnnl_status_t) -> String {
      switch status {
      case dnnl_out_of_memory: "out of memory"
      case dnnl_invalid_arguments: "invalid arguments"
      case dnnl_unimplemented: "not implemented"
      case dnnl_runtime_error: "runtime error"
      default: "unknown status"
      }
    }
  }

  /// One oneDNN stream per worker, in which its primitives run in order; kept by a ``ComputeContext`` between calls.
  final class OneDNNStreams {
    private let streams: UnsafeMutablePointer<dnnl_stream_t?>
    private let count: Int

    init(threadCount: Int) throws(KernelError) {
      count = threadCount
      streams = .allocate(capacity: threadCount)
      streams.initialize(repeating: nil, count: threadCount)
      let engine = try OneDNNLibrary.engine()
      for worker in 0..<threadCount {
        try OneDNNLibrary.check(
          dnnl_stream_create(&streams[worker], engine, dnnl_stream_default_flags.rawValue), "dnnl_stream_create")
      }
    }

    deinit {
      for worker in 0..<count { dnnl_stream_destroy(streams[worker]) }
      streams.deallocate()
    }

    /// The streams; each worker uses its own only.
    var perWorker: UnsafePointer<dnnl_stream_t?> { UnsafePointer(streams) }
  }
#endif
