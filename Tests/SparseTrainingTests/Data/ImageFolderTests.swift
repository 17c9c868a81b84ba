import Foundation
import ModelFormats
import SparseTraining
import TensorCore
import TestSupport
import Testing

@Suite(.enabled(if: ImageFile.isSupported, "the package is built without its trait Images")) struct ImageFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func classesAndImagesAreInTheOrderOfTheirNames() throws {
    // Created in another order than that of their names.
    try add("dog/2.PNG", pngBytes(width: 2, height: 1, rows: [51, 102]))
    try add("dog/10.png", pngBytes(width: 2, height: 1, rows: [0, 255]))
    try add("cat/b.png", pngBytes(width: 2, height: 1, colourType: .rgb, rows: [255, 0, 0, 0, 51, 255]))
    // What is passed over: other names, hidden ones, and what is not in a class.
    try add("cat/notes.txt", Data("no image".utf8))
    try add("cat/.hidden.png", Data())
    try add(".git/config.png", Data())
    try add("cat/deeper.png/a.png", Data())
    try add("loose.png", Data())
    let images = try ImageFolder(path: folder.path, size: Size2D(height: 1, width: 2))
    #expect(images.count == 3 && images.imageShape == [3, 1, 2])
    #expect(images.classNames == ["cat", "dog"] && images.classCount == 2)
    #expect((0..<3).map { images.file($0) } == ["cat/b.png", "dog/10.png", "dog/2.PNG"].map { folder.file($0) })
    #expect(try images.image(0) == ([1, 0, 0, 0.2, 0, 1], 0))
    #expect(try images.image(1) == ([0, 1, 0, 1, 0, 1], 1))
    #expect(try images.image(2) == ([0.2, 0.4, 0.2, 0.4, 0.2, 0.4], 1))
    let grey = try ImageFolder(path: folder.path, size: Size2D(height: 1, width: 2), channels: .grey)
    #expect(try grey.imageShape == [1, 1, 2] && grey.image(0) == ([76 / 255, 59 / 255], 0))
  }

  #if Images
    @Test func jpegsAreRead() throws {
      let data = jpegBytes(width: 9, height: 11, channels: 3, pixels: [UInt8](repeating: 200, count: 297))
      for name in ["a/1.jpg", "a/2.JPEG"] { try add(name, data) }
      let images = try ImageFolder(path: folder.path, size: Size2D(3))
      #expect(images.count == 2)
      // A flat image has only its mean, which is rounded once or twice on its way.
      #expect(try images.image(1).pixels.allSatisfy { abs($0 * 255 - 200) <= 2 })
    }
  #endif

  @Test func imagesAreResized() throws {
    try add("a/1.png", pngBytes(width: 4, height: 2, rows: [0, 40, 80, 120, 40, 80, 120, 160]))
    // Half as wide: means of up to four columns, weighted 1/8, 3/8, 3/8, 1/8, or 3/7, 3/7, 1/7 at an edge.
    let narrow = try ImageFolder(path: folder.path, size: Size2D(height: 2, width: 2), channels: .grey).image(0).pixels
    let left = (0 * 3 + 40 * 3 + 80) / Float(7)
    expectClose(narrow, [left, 120 - left, left + 40, 160 - left].map { $0 / 255 })
    // Twice as high: a quarter from the next row.
    let high = try ImageFolder(path: folder.path, size: Size2D(height: 4, width: 4), channels: .grey).image(0).pixels
    let rows: [Float] = [0, 10, 30, 40]
    expectClose(high, rows.flatMap { row in [0, 40, 80, 120].map { ($0 + row) / 255 } })
    // Its own size: nothing but the division.
    let same = try ImageFolder(path: folder.path, size: Size2D(height: 2, width: 4), channels: .grey).image(0).pixels
    #expect(same == [0, 40, 80, 120, 40, 80, 120, 160].map { $0 / 255 })
  }

  @Test(arguments: [1, 2, 7, 31, 64], [1, 3, 16, 90]) func aFlatImageStaysFlatInEverySize(old: Int, new: Int) throws {
    try add("a/1.png", pngBytes(width: old, height: 5, rows: [UInt8](repeating: 170, count: 5 * old)))
    let pixels = try ImageFolder(path: folder.path, size: Size2D(height: 3, width: new)).image(0).pixels
    expectClose(pixels, [Float](repeating: 170 / 255, count: 9 * new))
  }

  @Test func wrongFoldersAreRefused() throws {
    let absent = folder.file("absent")
    let unreadable = #expect(throws: DataSetError.self) { try ImageFolder(path: absent, size: Size2D(1)) }
    #expect(unreadable?.description.hasPrefix("\(absent): cannot be listed: ") == true)
    #expect(throws: DataSetError.noClasses(folder: folder.path)) {
      try ImageFolder(path: folder.path, size: Size2D(1))
    }
    try add("a/1.png", pngBytes(width: 1, height: 1, rows: [1]))
    try add("b/1.gif", Data())
    #expect(throws: DataSetError.emptyClass(folder: folder.file("b"))) {
      try ImageFolder(path: folder.path, size: Size2D(1))
    }
  }

  @Test func aDamagedImageIsNamedWhenItIsRead() throws {
    try add("a/1.png", pngBytes(width: 1, height: 1, rows: [1]))
    try add("a/2.png", pngBytes(width: 1, height: 1, rows: [1]).dropLast(20))
    let images = try ImageFolder(path: folder.path, size: Size2D(1))
    let error = #expect(throws: FormatError.self) { try images.image(1) }
    #expect(error?.file == folder.file("a/2.png"))
    let loader = try BatchLoader(images, batchSize: 2)
    loader.begin(epoch: 0)
    let failure = #expect(throws: DataSetError.self) { try loader.next() }
    #expect(failure?.description.hasPrefix("image 1 cannot be read: \(folder.file("a/2.png")): ") == true)
  }

  private func add(_ name: String, _ contents: Data) throws {
    let url = URL(fileURLWithPath: folder.file(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try contents.write(to: url)
  }

  /// A weight, a product and a sum of up to 64 terms, each rounded to a relative 2^-24: far less than 2^-16 together.
  private func expectClose(_ got: [Float], _ want: [Float]) {
    #expect(got.count == want.count && zip(got, want).allSatisfy { abs($0 - $1) <= 0x1p-16 }, "\(got), not \(want)")
  }
}

/// Without the trait, opening a folder says what is missing.
@Suite(.enabled(if: !ImageFile.isSupported, "the package is built with its trait Images"))
struct ImageFolderWithoutImagesTests {
  @Test func anErrorNamesTheTrait() throws {
    let folder = try TemporaryFolder()
    let error = DataSetError.imagesLeftOut(folder: folder.path)
    #expect(throws: error) { try ImageFolder(path: folder.path, size: Size2D(1)) }
    #expect(error.description.contains("trait Images"))
  }
}
