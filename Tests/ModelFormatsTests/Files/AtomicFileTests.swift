import Foundation
import ModelFormats
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder
  let old = Data("the old contents".utf8)
  let new = Data("new".utf8)

  init() throws { folder = try TemporaryFolder() }

  @Test func nothingIsSeenBeforeTheCommit() throws {
    let path = try folder.file("a.bin", holding: old)
    let file = try AtomicFile(path: path)
    #expect(try folder.names.count == 2, "the temporary file stands beside the target from the start")
    try file.write(new)
    try file.write(new)
    #expect(try contents(of: path) == old)
    try file.commit()
    #expect(try contents(of: path) == new + new)
    #expect(try folder.names == ["a.bin"])
  }

  @Test func withoutACommitTheTargetStaysAsItWas() throws {
    let path = try folder.file("a.bin", holding: old)
    for target in [path, folder.file("absent.bin")] {
      do {
        let file = try AtomicFile(path: target)
        try file.write(new)
      }
      #expect(try folder.names == ["a.bin"])
      #expect(try contents(of: path) == old)
    }
  }

  @Test func anEmptyFileAndAManyMegabyteFileAreWritten() throws {
    let large = Data((0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    for data in [Data(), large] {
      try AtomicFile.write(data, to: folder.file("b.bin"))
      #expect(try contents(of: folder.file("b.bin")) == data)
    }
    #expect(try folder.names == ["b.bin"])
  }

  @Test func aPathWithoutAFolderIsInTheCurrentOne() throws {
    let name = "AtomicFileTests-\(UUID().uuidString).bin"
    defer { try? FileManager.default.removeItem(atPath: name) }
    try AtomicFile.write(new, to: name)
    #expect(try contents(of: name) == new)
  }

  @Test func longNamesLeaveRoomForTheTemporaryOne() throws {
    // 255 bytes is the longest name that file systems take: of one-byte letters, and of three-byte letters.
    for name in [String(repeating: "n", count: 255), String(repeating: "\u{20AC}", count: 85)] {
      try AtomicFile.write(new, to: folder.file(name))
      #expect(try contents(of: folder.file(name)) == new)
    }
  }

  @Test(arguments: [0o600, 0o640, 0o666, 0o755]) func anExistingTargetKeepsItsPermissions(mode: Int) throws {
    let path = try folder.file("a.bin", holding: old)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let file = try AtomicFile(path: path)
    let temporary = try #require(try folder.names.first { $0 != "a.bin" })
    #expect(try permissions(folder.file(temporary)) == mode, "a private file's contents are never in a public one")
    try file.write(new)
    try file.commit()
    #expect(try permissions(path) == mode)
  }

  @Test func permissionsChangedMeanwhileAreKept() throws {
    let path = try folder.file("a.bin", holding: old)
    let file = try AtomicFile(path: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path)
    try file.commit()
    #expect(try permissions(path) == 0o604)
  }

  @Test func aNewFileHasThePermissionsOfTheMask() throws {
    // The C library creates with 0666 & ~umask, which cannot be asked for without changing it for all threads.
    let stream = try #require(fopen(folder.file("model"), "w"))
    fclose(stream)
    try AtomicFile.write(new, to: folder.file("a.bin"))
    #expect(try permissions(folder.file("a.bin")) == permissions(folder.file("model")))
  }

  @Test(arguments: ["a.bin", "sub/../a.bin", "/absolute"]) func aLinkStaysALink(destination: String) throws {
    let path = try folder.file("a.bin", holding: old)
    try FileManager.default.createDirectory(atPath: folder.file("sub"), withIntermediateDirectories: false)
    let destination = destination == "/absolute" ? path : destination
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: destination)
    try FileManager.default.createSymbolicLink(atPath: folder.file("sub/link2"), withDestinationPath: "../link")
    try AtomicFile.write(new, to: folder.file("sub/link2"))
    #expect(try contents(of: path) == new)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == destination)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("sub/link2")) == "../link")
    #expect(try folder.names == ["a.bin", "link", "sub"])
  }

  @Test func aDanglingLinkGetsItsTarget() throws {
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "absent.bin")
    try AtomicFile.write(new, to: folder.file("link"))
    #expect(try contents(of: folder.file("absent.bin")) == new)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "absent.bin")
  }

  @Test func devicesAreWrittenDirectly() throws {
    try AtomicFile.write(new, to: "/dev/null")
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
    #expect(type == .typeCharacterSpecial)
  }

  @Test func aFifoIsWrittenDirectly() throws {
    let path = folder.file("fifo")
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try AtomicFile.write(new, to: path)
    var bytes = [UInt8](repeating: 0, count: 100)
    #expect(read(reader, &bytes, bytes.count) == new.count)
    #expect(Data(bytes.prefix(new.count)) == new)
    #expect(try folder.names == ["fifo"])
  }

  @Test func anOpenStreamIsWrittenThroughToItsEnd() throws {
    // A pipe that never blocks takes a part of a large write, then nothing until its reader has caught up.
    let large = Data((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) })
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (reader, writer) = (FileHandle(fileDescriptor: ends[0]), ends[1])
    #expect(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
    let thread = Thread {
      try? AtomicFile.write(large, to: "/dev/fd/\(writer)")
      close(writer)
    }
    thread.start()
    #expect(try reader.readToEnd() == large)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func aFullDeviceIsReportedAndFinal() throws {
    let file = try AtomicFile(path: "/dev/full")
    #expect(throws: cannotWrite("/dev/full", "cannot be written: No space left on device")) { try file.write(new) }
    let final = cannotWrite("/dev/full", "was given up when writing it failed, expected no further use")
    #expect(throws: final) { try file.write(new) }
    #expect(throws: final) { try file.commit() }
  }

  @Test func aTargetThatBecomesAFolderIsReportedAndNothingIsLeftBehind() throws {
    let file = try AtomicFile(path: folder.file("a.bin"))
    try FileManager.default.createDirectory(atPath: folder.file("a.bin"), withIntermediateDirectories: false)
    #expect(throws: cannotWrite(folder.file("a.bin"), "cannot be replaced: Is a directory")) { try file.commit() }
    #expect(try folder.names == ["a.bin"])
    #expect(throws: FormatError.self) { try file.commit() }
  }

  @Test func unwritablePlacesAreRefusedAtOnce() throws {
    let file = try folder.file("file", holding: old)
    let absent = folder.file("absent/a.bin")
    #expect(throws: cannotWrite(absent, "cannot be created: No such file or directory")) {
      try AtomicFile(path: absent)
    }
    #expect(throws: cannotWrite(file + "/a.bin", "cannot be created: Not a directory")) {
      try AtomicFile(path: file + "/a.bin")
    }
    for path in [folder.path, folder.path + "/", folder.file("new/")] {
      #expect(throws: cannotWrite(path, "is a folder, expected a file")) { try AtomicFile(path: path) }
    }
    for path in ["", file + "\0b"] {
      #expect(throws: cannotWrite(path, "is not a file name, expected one without zero bytes")) {
        try AtomicFile(path: path)
      }
    }
    #expect(throws: cannotWrite("/dev/fd/987654", "cannot be opened for writing: Bad file descriptor")) {
      try AtomicFile(path: "/dev/fd/987654")
    }
    try FileManager.default.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: "loop")
    #expect(throws: cannotWrite(folder.file("loop"), "cannot be created: Too many levels of symbolic links")) {
      try AtomicFile(path: folder.file("loop"))
    }
    #expect(try folder.names == ["file", "loop"])
    #expect(try contents(of: file) == old)
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write every file"))
  func aTargetThatMayNotBeWrittenIsRefused() throws {
    let path = try folder.file("a.bin", holding: old)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    #expect(throws: cannotWrite(path, "cannot be created: Permission denied")) { try AtomicFile(path: path) }
  }

  private func cannotWrite(_ path: String, _ problem: String) -> FormatError {
    FormatError(.cannotWrite, file: path, problem)
  }

  private func permissions(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }
}
