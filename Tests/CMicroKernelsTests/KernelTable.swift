import CEmulatedKernels
import CMicroKernels

/// A list of variants of one operation, as C hands it out.
struct KernelTable<Kernel>: Sendable {
  private let function: @Sendable (UnsafeMutablePointer<Int>?) -> UnsafePointer<Kernel>?

  init(_ function: @escaping @Sendable (UnsafeMutablePointer<Int>?) -> UnsafePointer<Kernel>?) {
    self.function = function
  }

  /// Its lines; none where there is no emulation.
  var kernels: UnsafeBufferPointer<Kernel> {
    var count = 0
    let start = function(&count)
    return UnsafeBufferPointer(start: start, count: count)
  }
}

extension KernelTable<snn_spmm_kernel> {
  /// What the library holds, and then one emulated instruction set after the other.
  static let all = [
    KernelTable(snn_f32_spmm_kernels), KernelTable(snn_emulated_spmm_avx512_kernels),
    KernelTable(snn_emulated_spmm_neon_kernels),
  ]
}

extension KernelTable<snn_sddmm_kernel> {
  /// What the library holds, and then one emulated instruction set after the other.
  static let all = [
    KernelTable(snn_f32_sddmm_kernels), KernelTable(snn_emulated_sddmm_avx512_kernels),
    KernelTable(snn_emulated_sddmm_neon_kernels),
  ]
}
