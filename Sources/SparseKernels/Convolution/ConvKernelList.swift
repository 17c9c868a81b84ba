/// Every kernel of this build. Tests, benchmarks and the command line iterate this list: a kernel joins by its line here.
public enum ConvKernelList {
  /// The kernels, the oracle first, and last `auto`, which chooses between those in the middle.
  public static let all: [any ConvKernel] = [ReferenceConvKernel()] + candidates + [AutoConvKernel()]

  /// The kernels that compute layers by methods of their own: what `auto` chooses from.
  public static let candidates: [any ConvKernel] = {
    var kernels: [any ConvKernel] = []
    kernels.append(DenseConvKernel())
    kernels.append(WinogradConvKernel())
    #if OneDNN
      kernels.append(OneDNNConvKernel())
    #endif
    #if CHOLMOD
      kernels.append(CHOLMODConvKernel())
    #endif
    kernels.append(CXSparseConvKernel())
    #if GraphBLAS
      kernels.append(GraphBLASConvKernel())
    #endif
    kernels.append(DirectConvKernel())
    return kernels
  }()

  /// The kernel with a name.
  ///
  /// - Throws: ``KernelError/unknownName(_:known:)``.
  public static func named(_ name: String) throws(KernelError) -> any ConvKernel {
    guard let kernel = all.first(where: { $0.name == name }) else {
      throw .unknownName(name, known: all.map(\.name))
    }
    return kernel
  }
}
