import SparseKernels
import TensorCore
import Testing

struct ConvProblemTests {
  private static let most = Int(Int32.max)

  /// The first row of every window that lies within the padded axis, found by trying them one after another.
  private func windows(input: Int, kernel: Int, stride: Int, dilation: Int, start: Int, end: Int) -> [Int] {
    var found: [Int] = []
    var first = -start
    while first + (kernel - 1) * dilation <= input - 1 + end {
      found.append(first)
      first += stride
    }
    return found
  }

  @Test func outputSizeCountsTheWindowsThatFit() throws {
    var generator = SeededGenerator(seed: 1)
    func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + generator.nextIndex(below: range.count) }
    var fitting = 0
    var refused = 0
    for _ in 0..<5000 {
      let input = Size2D(height: pick(1...20), width: pick(1...20))
      let kernel = Size2D(height: pick(1...6), width: pick(1...6))
      let stride = Size2D(height: pick(1...5), width: pick(1...5))
      let dilation = Size2D(height: pick(1...4), width: pick(1...4))
      // Padding at the end of at most a window without its first element: more is refused, see below.
      let padding = Padding2D(
        top: pick(0...4), bottom: pick(0...(kernel.height - 1) * dilation.height),
        left: pick(0...4), right: pick(0...(kernel.width - 1) * dilation.width))
      let rows = windows(
        input: input.height, kernel: kernel.height, stride: stride.height, dilation: dilation.height,
        start: padding.top, end: padding.bottom)
      let columns = windows(
        input: input.width, kernel: kernel.width, stride: stride.width, dilation: dilation.width,
        start: padding.left, end: padding.right)
      func problem() throws -> ConvProblem {
        try ConvProblem(
          inputChannels: 1, outputChannels: 1, inputSize: input, kernelSize: kernel, stride: stride,
          padding: padding, dilation: dilation)
      }
      guard let lastRow = rows.last, let lastColumn = columns.last else {
        refused += 1
        #expect(throws: ConvProblemError.self, "\(input) \(kernel) \(dilation) \(padding)") { try problem() }
        continue
      }
      fitting += 1
      let got = try problem()
      #expect(got.outputSize == Size2D(height: rows.count, width: columns.count), "\(got)")
      // Of the padding at the end, what the last window reads is kept.
      let bottom = max(0, lastRow + (kernel.height - 1) * dilation.height - (input.height - 1))
      let right = max(0, lastColumn + (kernel.width - 1) * dilation.width - (input.width - 1))
      #expect(got.padding == Padding2D(top: padding.top, bottom: bottom, left: padding.left, right: right), "\(got)")
    }
    #expect(fitting > 1000 && refused > 100)
  }

  @Test func absentArgumentsAreTheOrdinaryOnes() throws {
    let problem = try ConvProblem(
      inputChannels: 3, outputChannels: 8, inputSize: Size2D(7), kernelSize: Size2D(3))
    #expect(problem.batch == 1 && problem.groups == 1 && problem.name == "")
    #expect(problem.stride == Size2D(1) && problem.dilation == Size2D(1) && problem.padding == .none)
    #expect(problem.outputSize == Size2D(5))
  }

  @Test func shapesAndCountsFollow() throws {
    let problem = try ConvProblem(
      batch: 2, groups: 3, inputChannels: 6, outputChannels: 9, inputSize: Size2D(height: 10, width: 12),
      kernelSize: Size2D(height: 3, width: 5), name: "x")
    #expect(problem.inputShape == [2, 6, 10, 12])
    #expect(problem.weightShape == [9, 2, 3, 5])
    #expect(problem.outputShape == [2, 9, 8, 8])
    #expect(problem.inputChannelsPerGroup == 2 && problem.outputChannelsPerGroup == 3)
    #expect(problem.weightsPerOutputChannel == 30)
    #expect(problem.inputPixels == 120 && problem.outputPixels == 64)
    #expect(problem.operationCount(nnz: 7) == 2 * 7 * 2 * 64)
    #expect(problem.denseOperationCount == 2 * 9 * 30 * 2 * 64)
    #expect(problem.weightShape.elementCount == problem.outputChannels * problem.weightsPerOutputChannel)
  }

  @Test func pointwiseMeansOneByOneWithoutStrideOrPadding() throws {
    #expect(try ConvProblem(benchdnn: "ic4ih5oc6kh1").isPointwise)
    #expect(try ConvProblem(benchdnn: "g2ic4ih5oc6kh1").isPointwise)
    for line in ["ic4ih5oc6kh1sh2", "ic4ih5oc6kh1sw2", "ic4ih5oc6kh1ph1", "ic4ih5oc6kh1kw2", "ic4ih5oc6kh3ph1"] {
      #expect(try !ConvProblem(benchdnn: line).isPointwise, "\(line)")
    }
  }

  @Test func anotherBatchChangesNothingElse() throws {
    let problem = try ConvProblem(benchdnn: "g2mb3ic4ih9iw7oc6oh5kh3sh2ph1dw1n\"layer\"")
    let single = try problem.withBatch(1)
    #expect(single.batch == 1 && single != problem && single.name == "layer")
    #expect(try single.withBatch(3) == problem)
    #expect(throws: ConvProblemError(field: "mb", reason: "is 0, expected 1...2147483647")) {
      try problem.withBatch(0)
    }
    #expect(throws: ConvProblemError.self) { try problem.withBatch(1 << 62) }
  }

  @Test func theNameTakesPartInEquality() throws {
    let problem = try ConvProblem(benchdnn: "ic1ih1oc1kh1")
    var named = problem
    named.name = "a"
    #expect(named != problem)
    named.name = ""
    #expect(named == problem)
  }

  @Test func aNameIsMadeFitForOneLine() throws {
    var problem = try ConvProblem(
      inputChannels: 1, outputChannels: 1, inputSize: Size2D(1), kernelSize: Size2D(1), name: "a\"b\r\nc\u{2028}d")
    #expect(problem.name == "a'b  c d")
    problem.name = "\n\"#\""
    #expect(problem.name == " '#'")
  }

  /// One argument of an otherwise right problem changed, and what the error says.
  @Test(
    arguments: [
      (["mb": 0], "mb: is 0, expected 1...2147483647"),
      (["mb": -4], "mb: is -4, expected 1...2147483647"),
      (["mb": most + 1], "mb: is 2147483648, expected 1...2147483647"),
      (["g": 0], "g: is 0, expected 1...2147483647"),
      (["g": -1], "g: is -1, expected 1...2147483647"),
      (["ic": 0], "ic: is 0, expected 1...2147483647"),
      (["oc": 0], "oc: is 0, expected 1...2147483647"),
      (["oc": .min], "oc: is -9223372036854775808, expected 1...2147483647"),
      (["g": 4], "ic: 6 channels cannot be divided into 4 groups"),
      (["g": 3], "oc: 4 channels cannot be divided into 3 groups"),
      (["ih": 0], "ih: is 0, expected 1...2147483647"),
      (["iw": -1], "iw: is -1, expected 1...2147483647"),
      (["ih": .max], "ih: is 9223372036854775807, expected 1...2147483647"),
      (["kh": 0], "kh: is 0, expected 1...2147483647"),
      (["kw": .max], "kw: is 9223372036854775807, expected 1...2147483647"),
      (["sh": 0], "sh: is 0, expected 1...2147483647"),
      (["sw": -2], "sw: is -2, expected 1...2147483647"),
      (["dh": 0], "dh: dilation is 0, expected 1...2147483647 (benchdnn writes dilation - 1)"),
      (["dw": .max], "dw: dilation is 9223372036854775807, expected 1...2147483647 (benchdnn writes dilation - 1)"),
      (["top": -1], "ph: is -1, expected 0...2147483647"),
      (["bottom": -1], "ph: is -1, expected 0...2147483647"),
      (["left": -1], "pw: is -1, expected 0...2147483647"),
      (["right": .max], "pw: is 9223372036854775807, expected 0...2147483647"),
      (["kh": 8], "kh: the kernel covers 8 elements, more than the 7 of the padded image"),
      (["kw": 6, "left": 1, "dw": 2], "kw: the kernel covers 11 elements, more than the 8 of the padded image"),
      (
        ["kh": most, "dh": most, "sh": most],
        "kh: the kernel covers 4611686011984936963 elements, more than the 7 of the padded image"
      ),
      (["bottom": 3], "oh: is 8, which needs 3 elements of padding at the end; expected at most 2"),
      (["right": 5, "left": 1], "ow: is 11, which needs 5 elements of padding at the end; expected at most 2"),
    ] as [([String: Int], String)])
  func wrongArgumentsAreNamed(changes: [String: Int], message: String) throws {
    var values = [
      "mb": 1, "g": 1, "ic": 6, "oc": 4, "ih": 7, "iw": 7, "kh": 3, "kw": 3, "sh": 1, "sw": 1, "dh": 1, "dw": 1,
    ]
    _ = try problem(values)
    values.merge(changes) { $1 }
    let error = #expect(throws: ConvProblemError.self) { try problem(values) }
    #expect(error?.description == message)
  }

  private func problem(_ values: [String: Int]) throws -> ConvProblem {
    func value(_ field: String) -> Int { values[field] ?? 0 }
    return try ConvProblem(
      batch: value("mb"), groups: value("g"), inputChannels: value("ic"), outputChannels: value("oc"),
      inputSize: Size2D(height: value("ih"), width: value("iw")),
      kernelSize: Size2D(height: value("kh"), width: value("kw")),
      stride: Size2D(height: value("sh"), width: value("sw")),
      padding: Padding2D(top: value("top"), bottom: value("bottom"), left: value("left"), right: value("right")),
      dilation: Size2D(height: value("dh"), width: value("dw")))
  }

  @Test func tensorsBeyondMemoryAreRefusedAndNotWrapped() {
    func error(_ values: [String: Int]) -> ConvProblemError? {
      let smallest = ["mb", "g", "ic", "oc", "ih", "iw", "kh", "kw", "sh", "sw", "dh", "dw"]
      let filled = Dictionary(uniqueKeysWithValues: smallest.map { ($0, 1) }).merging(values) { $1 }
      return #expect(throws: ConvProblemError.self) { try problem(filled) }
    }
    let billion = 1_000_000_000
    // 10^27 elements.
    #expect(
      error(["mb": billion, "ic": billion, "ih": billion])?.description
        == "input: shape [1000000000, 1000000000, 1000000000, 1]: the number of elements does not fit in 63 bits of address"
    )
    // 2^96 elements, which wrap to zero.
    #expect(error(["mb": 1 << 24, "ic": 1 << 24, "ih": 1 << 24, "iw": 1 << 24])?.field == "input")
    #expect(error(["mb": 1 << 30, "ic": 1, "oc": 1 << 30, "ih": 1 << 20])?.field == "output")
    #expect(error(["ic": 1 << 30, "oc": 1 << 30])?.field == "weights")
    // Small without its padding.
    #expect(error(["mb": 1 << 20, "ih": 1, "top": 1 << 30, "iw": 1, "left": 1 << 30])?.field == "input")
  }

  @Test func theLargestStartPaddingIsTakenWithoutOverflow() throws {
    // Padding at the start may exceed the kernel: its windows see only zeros, which is odd but well defined.
    let problem = try problem([
      "mb": 1, "g": 1, "ic": 1, "oc": 1, "ih": 1, "iw": 1, "kh": 1, "kw": 1, "sh": Self.most, "sw": 1, "dh": Self.most,
      "dw": 1, "top": Self.most,
    ])
    #expect(problem.outputSize == Size2D(height: 2, width: 1))
  }
}
