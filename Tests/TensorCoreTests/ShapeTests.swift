import TensorCore
import Testing

struct ShapeTests {
  @Test func elementCountIsTheProductOfTheExtents() throws {
    #expect(Shape([2, 3, 4, 5]).elementCount == 120)
    #expect(Shape([7]).elementCount == 7)
    #expect(Shape([]).elementCount == 1)
    #expect(Shape([]).rank == 0)
    #expect(try Shape(validating: [6, 7]) == [6, 7])
  }

  @Test func extentsAreKeptInOrder() {
    let shape: Shape = [4, 3, 2, 1]
    #expect(shape.dimensions == [4, 3, 2, 1])
    #expect(shape.rank == 4)
    #expect((0..<4).map { shape[$0] } == [4, 3, 2, 1])
    #expect(shape.description == "[4, 3, 2, 1]")
    #expect(shape != [1, 2, 3, 4])
  }

  @Test func aZeroExtentMeansNoElements() throws {
    for dimensions in [[0], [0, 5], [5, 0], [0, 0], [3, 0, 4]] {
      #expect(try Shape(validating: dimensions).elementCount == 0, "\(dimensions)")
    }
  }

  @Test func matchesComparesRankAndEveryExtent() {
    let shape: Shape = [2, 3, 4, 5]
    #expect(shape.matches(2, 3, 4, 5))
    #expect(!shape.matches(1, 3, 4, 5))
    #expect(!shape.matches(2, 1, 4, 5))
    #expect(!shape.matches(2, 3, 1, 5))
    #expect(!shape.matches(2, 3, 4, 1))
    #expect(!Shape([2, 3, 4]).matches(2, 3, 4, 1))
    #expect(!Shape([2, 3, 4, 5, 1]).matches(2, 3, 4, 5))
  }

  @Test func negativeExtentIsRefused() {
    #expect(throws: ShapeError.negativeExtent(dimensions: [2, -3], index: 1)) { try Shape(validating: [2, -3]) }
    #expect(throws: ShapeError.negativeExtent(dimensions: [0, 4, Int.min], index: 2)) {
      try Shape(validating: [0, 4, Int.min])
    }
    #expect(
      ShapeError.negativeExtent(dimensions: [2, -3], index: 1).description
        == "shape [2, -3]: extent 1 is -3, expected zero or more")
  }

  @Test func overflowIsRefusedAndNotWrapped() {
    // 2^32 * 2^32 wraps to 0 and 3 * 6148914691236517206 to 2: both would look like small shapes.
    for dimensions in [[1 << 32, 1 << 32], [3, 6_148_914_691_236_517_206], [Int.max, Int.max], [Int.max]] {
      #expect(throws: ShapeError.tooManyElements(dimensions: dimensions)) { try Shape(validating: dimensions) }
    }
    #expect(
      ShapeError.tooManyElements(dimensions: [Int.max]).description
        == "shape [9223372036854775807]: the number of elements does not fit in 63 bits of address")
  }

  @Test func theLargestCountIsThatOfBytesOfDouble() throws {
    let most = Int.max / MemoryLayout<Double>.stride
    #expect(try Shape(validating: [most]).elementCount == most)
    #expect(throws: ShapeError.self) { try Shape(validating: [most + 1]) }
  }

  @Test func aZeroExtentDoesNotHideAnOverflowOfTheOthers() {
    // A product of some of the extents, such as the columns of a matrix without rows, is computed too and must not wrap.
    for dimensions in [[0, 1 << 40, 1 << 40], [1 << 40, 1 << 40, 0]] {
      #expect(throws: ShapeError.tooManyElements(dimensions: dimensions)) { try Shape(validating: dimensions) }
    }
  }

  @Test func extentsOfTheProgramsOwnMakingTrap() async {
    await #expect(processExitsWith: .failure) { _ = Shape([2, -1]) }
    await #expect(processExitsWith: .failure) { _ = Shape([Int.max, 2]) }
  }
}
