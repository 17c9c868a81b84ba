import CMicroKernels

extension RunningEpilogue {
  /// The epilogue as micro-kernels read it, for channels from `channel` on, whose first element is element `place` of the output.
  func finishing(fromChannel channel: Int, place: Int) -> snn_f32_epilogue {
    snn_f32_epilogue(
      bias: bias.map { $0 + channel }, residual: nil, lower: activation == .relu ? 0 : -.infinity, upper: .infinity)
  }
}
