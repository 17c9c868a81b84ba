import TensorCore
import Testing

struct TensorTests {
  private func address(_ tensor: Tensor) -> Int {
    tensor.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
  }

  @Test func storageStartsOnA64ByteBoundary() {
    // Held together, so that the allocator cannot hand out one aligned block again and again.
    let tensors = (0..<200).map { Tensor(zeros: [$0]) }
    for tensor in tensors {
      #expect(address(tensor) != 0)
      #expect(address(tensor) % 64 == 0, "\(tensor.count) elements")
    }
    for tensor in tensors {
      var copy = tensor
      copy.withUnsafeMutableBufferPointer { _ in }
      #expect(address(copy) % 64 == 0, "copy of \(tensor.count) elements")
    }
  }

  @Test func initializersFillEveryElement() {
    #expect(Tensor(zeros: [2, 3]).values == [0, 0, 0, 0, 0, 0])
    #expect(Tensor(repeating: 2.5, shape: [3]).values == [2.5, 2.5, 2.5])
    #expect(Tensor([1, 2, 3, 4], shape: [2, 2]).values == [1, 2, 3, 4])
    #expect(Tensor((0..<6).lazy.map { Float($0) }, shape: [6]).values == [0, 1, 2, 3, 4, 5])
    let counted = Tensor(uninitialized: [2, 2]) { elements in
      for index in elements.indices { elements.initializeElement(at: index, to: Float(index)) }
    }
    #expect(counted.values == [0, 1, 2, 3])
  }

  @Test func aScalarHasOneElementAndAnEmptyTensorNone() {
    var scalar = Tensor([3], shape: [])
    #expect(scalar.count == 1)
    #expect(scalar[] == 3)
    scalar[] = 4
    #expect(scalar.values == [4])
    var empty = Tensor(zeros: [3, 0, 2])
    let copy = empty
    empty.withUnsafeMutableBufferPointer { #expect($0.count == 0) }
    #expect(empty.values.isEmpty)
    #expect(empty == copy)
  }

  @Test func anErrorOfTheInitializingClosureIsThrown() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try Tensor(uninitialized: [1000]) { _ in throw Stop() } }
  }

  @Test func writingToACopyLeavesTheOriginal() {
    let original = Tensor([1, 2, 3, 4], shape: [2, 2])
    var byIndices = original
    var byFlatIndex = original
    var byBuffer = original
    #expect(address(byIndices) == address(original))
    byIndices[1, 0] = -1
    byFlatIndex[flat: 3] = -2
    byBuffer.withUnsafeMutableBufferPointer { $0[0] = -3 }
    #expect(original.values == [1, 2, 3, 4])
    #expect(byIndices.values == [1, 2, -1, 4])
    #expect(byFlatIndex.values == [1, 2, 3, -2])
    #expect(byBuffer.values == [-3, 2, 3, 4])
  }

  @Test func writingToTheOriginalLeavesACopy() {
    var original = Tensor([1, 2], shape: [2])
    let copy = original
    original[0] = 9
    #expect(copy.values == [1, 2])
    #expect(original.values == [9, 2])
  }

  @Test func uniqueStorageIsNotCopied() {
    var tensor = Tensor(zeros: [4, 4])
    let before = address(tensor)
    tensor[2, 3] = 1
    tensor[flat: 0] = 2
    tensor.withUnsafeMutableBufferPointer { $0[5] = 3 }
    #expect(address(tensor) == before)
  }

  @Test func storageIsUniqueAgainAfterACopyIsDropped() {
    var tensor = Tensor(zeros: [4])
    let before = address(tensor)
    do {
      let copy = tensor
      #expect(address(copy) == before)
    }
    tensor[0] = 1
    #expect(address(tensor) == before)
  }

  @Test func reshapeSharesStorageUntilOneIsWrittenTo() {
    let matrix = Tensor((0..<6).map(Float.init), shape: [2, 3])
    var reshaped = matrix.reshaped(to: [3, 2])
    #expect(reshaped.shape == [3, 2])
    #expect(address(reshaped) == address(matrix))
    #expect(reshaped[2, 1] == 5)
    reshaped[2, 1] = -5
    #expect(matrix[1, 2] == 5)
    #expect(matrix.reshaped(to: [3, 2]).reshaped(to: [2, 3]) == matrix)
    #expect(Tensor(zeros: [0, 4]).reshaped(to: [9, 0]).shape == [9, 0])
  }

  @Test func subscriptsAreRowMajor() {
    let shape: Shape = [2, 3, 4, 5]
    let tensor = Tensor((0..<shape.elementCount).map(Float.init), shape: shape)
    var flat = 0
    for first in 0..<2 {
      for second in 0..<3 {
        for third in 0..<4 {
          for fourth in 0..<5 {
            #expect(tensor[first, second, third, fourth] == Float(flat))
            #expect(tensor[flat: flat] == Float(flat))
            flat += 1
          }
        }
      }
    }
  }

  @Test func equalityComparesShapesAndFloats() {
    let tensor = Tensor([0, 1], shape: [2])
    #expect(tensor == Tensor([-0.0, 1], shape: [2]))
    #expect(tensor != Tensor([0, 1], shape: [1, 2]))
    #expect(tensor != Tensor([0, 2], shape: [2]))
    let notANumber = Tensor([Float.nan], shape: [1])
    #expect(notANumber != notANumber)
  }

  @Test func descriptionShowsTheFirstElements() {
    #expect(Tensor([1, 2], shape: [1, 2]).description == "Tensor[1, 2](1.0, 2.0)")
    #expect(Tensor(zeros: [9]).description == "Tensor[9](0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ...)")
  }

  @Test func indicesOutsideTheShapeTrap() async {
    await #expect(processExitsWith: .failure) { _ = Tensor(zeros: [2, 3])[flat: 6] }
    await #expect(processExitsWith: .failure) { _ = Tensor(zeros: [2, 3])[flat: -1] }
    await #expect(processExitsWith: .failure) { _ = Tensor(zeros: [2, 3])[0, 3] }
    await #expect(processExitsWith: .failure) { _ = Tensor(zeros: [2, 3])[1] }
  }

  @Test func anotherElementCountTraps() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2, 3], shape: [2]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([1], shape: [2]) }
    await #expect(processExitsWith: .failure) { _ = Tensor(zeros: [2, 3]).reshaped(to: [5]) }
  }
}
