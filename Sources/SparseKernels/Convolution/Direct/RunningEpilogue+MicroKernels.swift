import CMicroKernels

extension RunningEpilogue {
  /// The epilogue as micro-kernels read it, for channels from `channel` on, the first of whose output is at `destination`.
  func finishing(fromChannel channel: Int, at destination: UnsafePointer<Float>) -> snn_f32_epilogue {
    snn_f32_epilogue(
      bias: bias.map { $0 + channel }, residual: residual(at: destination), lower: bounds.lower, upper: bounds.upper)
  }
}
