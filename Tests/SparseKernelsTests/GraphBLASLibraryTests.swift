import Foundation
import SparseKernels
import TensorCore
import Testing

/// GraphBLAS belongs to the process, not to us.
@Suite(.enabled(if: ConvKernelList.all.contains { $0.name == "graphblas" }, "built without the trait GraphBLAS"))
struct GraphBLASLibraryTests {
  @Test func aHostThatHasStartedGraphBLASIsTolerated() async {
    await #expect(processExitsWith: .success) {
      // What a host written in C does, before it comes to us.
      let start = try #require(dlsym(dlopen(nil, RTLD_NOW), "GrB_init"))
      let nonblocking: Int32 = 0
      #expect(unsafeBitCast(start, to: (@convention(c) (Int32) -> Int32).self)(nonblocking) == 0)

      let problem = try ConvProblem(benchdnn: "mb1ic2ih2oc1kh1")
      let kernel = try ConvKernelList.named("graphblas")
      let prepared = try kernel.prepare(problem, weights: ConvWeights(oihw: Tensor([2, 3], shape: [1, 2, 1, 1])))
      let input = Tensor([1, 2, 3, 4, 10, 20, 30, 40], shape: problem.inputShape)
      var output = Tensor(zeros: problem.outputShape)
      try prepared.forward(input, into: &output, context: ComputeContext())
      #expect(output.values == [32, 64, 96, 128])
    }
  }
}
