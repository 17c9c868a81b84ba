import Foundation
import ModelFormats
import TensorCore
import TestSupport
import Testing

@Suite struct NPYFileTests {
  @Test func theBytesAreThoseOfNumPy() throws {
    // As numpy.save writes them: 18 digits of room behind the header's text for a first extent of 21, then spaces.
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (123, 0), }"
    let header = text + String(repeating: " ", count: 117 - text.utf8.count) + "\n"
    #expect(try NPYFile.data(Tensor(zeros: [123, 0])) == npyBytes(header: header))
    let scalar = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }"
    #expect(
      try NPYFile.data(Tensor([-1.5], shape: []))
        == npyBytes(
          header: scalar + String(repeating: " ", count: 117 - scalar.utf8.count) + "\n",
          data: littleEndianBytes([-1.5] as [Float])))
    let vector = try NPYFile.data(Tensor([1, 2], shape: [2]))
    #expect(String(decoding: vector.dropFirst(10).prefix(60), as: UTF8.self).contains("'shape': (2,), }"))
  }

  @Test func theDataStartsAtAMultipleOf64WhateverTheShape() throws {
    for rank in 0...64 {
      let file = try NPYFile.data(Tensor([7], shape: Shape([Int](repeating: 1, count: rank))))
      #expect(file.count % 64 == 4 && file.dropLast(4).last == UInt8(ascii: "\n"), "\(rank) extents")
      #expect(try NPYFile.tensor(data: file, name: "f").shape.rank == rank)
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var generator = SeededGenerator(seed: 12)
    let folder = try TemporaryFolder()
    let path = folder.file("a.npy")
    // Shapes without elements, and one of several pieces.
    for shape in [[3, 2, 3, 3], [], [0], [4, 0, 2], [1, 1, 1, 1, 1], [7], [3, 100_003]] as [Shape] {
      let tensor = Tensor.random(shape, using: &generator)
      try NPYFile.write(tensor, to: path)
      #expect(try contents(of: path) == NPYFile.data(tensor), "in memory and on disk alike")
      #expect(try NPYFile.tensor(path: path) == tensor)
    }
    #expect(try folder.names == ["a.npy"])
  }

  @Test func everyTypeIsRead() throws {
    #expect(try read("<f4", littleEndianBytes([1, -2.5, .greatestFiniteMagnitude])) == [1, -2.5, 0x1.fffffep127])
    #expect(try read("<f2", littleEndianBytes([0x3C00, 0xC000, 0x0001] as [UInt16])) == [1, -2, 0x1p-24])
    #expect(try read("<i2", littleEndianBytes([-32_768, 7, 32_767] as [Int16])) == [-32_768, 7, 32_767])
    #expect(try read("<i4", littleEndianBytes([Int32.min, 16_777_216, -1])) == [-0x1p31, 0x1p24, -1])
    #expect(try read("<i8", littleEndianBytes([Int64.min, 1 << 40, -1])) == [-0x1p63, 0x1p40, -1])
    #expect(try read("<u2", littleEndianBytes([0, 7, 65_535] as [UInt16])) == [0, 7, 65_535])
    #expect(try read("<u4", littleEndianBytes([0, 7, 1 << 31] as [UInt32])) == [0, 7, 0x1p31])
    #expect(try read("<u8", littleEndianBytes([0, 7, 1 << 63] as [UInt64])) == [0, 7, 0x1p63])
    for order in ["|", "<", ">"] {
      #expect(try read("\(order)i1", Data([0x80, 0, 0x7F])) == [-128, 0, 127])
      #expect(try read("\(order)u1", Data([0, 1, 0xFF])) == [0, 1, 255])
      #expect(try read("\(order)b1", Data([0, 1, 1])) == [0, 1, 1])
    }
  }

  @Test func doublesAreRoundedToTheNearestFloat() throws {
    // Half a unit above the largest Float rounds to it or beyond; a tie between two floats goes to the even one.
    let doubles = [0.1, 1 + 0x1p-24, 1 + 0x3p-24, 0x1.fffffefp127, 0x1p-160, -0.0]
    let got = try read("<f8", littleEndianBytes(doubles.map(\.bitPattern)), shape: "(6,)")
    #expect(got == [0.1, 1, 1 + 0x2p-23, .greatestFiniteMagnitude, 0, 0])
    #expect(got.last?.sign == .minus)
  }

  @Test func bigEndianIsRead() throws {
    #expect(try read(">f4", Data([0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0])) == [1, -2, 0])
    #expect(try read(">i2", Data([0, 1, 1, 0, 0xFF, 0xFE])) == [1, 256, -2])
    #expect(try read(">f2", Data([0x3C, 0, 0xC0, 0, 0, 0])) == [1, -2, 0])
    #expect(try read(">f8", Data([0x3F, 0xF8] + [UInt8](repeating: 0, count: 22))) == [1.5, 0, 0])
    #expect(try read(">u8", Data(count: 7) + [9] + Data(count: 16)) == [9, 0, 0])
  }

  @Test(arguments: [[], [5], [2, 3], [2, 3, 4], [3, 1, 2, 2], [2, 0, 3], [1, 1, 6]] as [Shape])
  func fortranOrderIsTransposed(shape: Shape) throws {
    // The definition: element [i, j, k] stands at i + extent0 * (j + extent1 * k).
    var data = Data(count: shape.elementCount)
    for flat in 0..<shape.elementCount {
      var (rest, index) = (flat, [Int]())
      for extent in shape.dimensions.reversed() {
        index.insert(rest % extent, at: 0)
        rest /= extent
      }
      data[zip(index, shape.dimensions).reversed().reduce(0) { $0 * $1.1 + $1.0 }] = UInt8(flat)
    }
    let tuple = "(\(shape.dimensions.map { "\($0)," }.joined()))"
    let file = npyBytes(descr: "|u1", isFortranOrder: true, shape: tuple, data: data)
    #expect(
      try NPYFile.tensor(data: file, name: "f") == Tensor((0..<shape.elementCount).map { Float($0) }, shape: shape))
  }

  @Test func headersOfOtherWritersAreRead() throws {
    let data = littleEndianBytes([1, 2] as [Float])
    for header in [
      #"{"shape":(1L,2L),"fortran_order":False,"descr":"<f4"}"#,
      "{'descr':'<f4','fortran_order':False,'shape':(1,2)}\n\n",
      "{ 'fortran_order' : True ,\n\t'descr' : '<f4' ,\r\n 'shape' : ( 1 , 2 , ) , } ",
    ] {
      for version: UInt8 in 1...3 {
        let file = npyBytes(header: header, version: version, data: data)
        #expect(try NPYFile.tensor(data: file, name: "f") == Tensor([1, 2], shape: [1, 2]), "\(header)")
        // A slice, whose indices do not start at 0.
        #expect(try NPYFile.tensor(data: (Data([0]) + file).dropFirst(), name: "f").values == [1, 2])
      }
    }
  }

  @Test func nonfiniteElementsAreReadWhereAllowed() throws {
    let floats = [Float.nan, .infinity, -.infinity]
    let doubles = littleEndianBytes(floats.map { Double($0).bitPattern })
    for (descr, data) in [("<f4", littleEndianBytes(floats)), ("<f8", doubles)] {
      let file = npyBytes(descr: descr, shape: "(3,)", data: data)
      let got = try NPYFile.tensor(data: file, name: "f", allowingNonfinite: true).values
      #expect(got[0].isNaN && got[1] == .infinity && got[2] == -.infinity)
      #expect(throws: FormatError(.badData, file: "f", "element 0 is nan, expected a finite number")) {
        try NPYFile.tensor(data: file, name: "f")
      }
    }
  }

  private func read(_ descr: String, _ data: Data, shape: String = "(3,)") throws -> [Float] {
    try NPYFile.tensor(data: npyBytes(descr: descr, shape: shape, data: data), name: "f").values
  }
}
