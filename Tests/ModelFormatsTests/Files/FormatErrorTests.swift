import ModelFormats
import Testing

@Suite struct FormatErrorTests {
  @Test func theDescriptionNamesFilePlaceAndProblem() {
    #expect(FormatError(.noInput, file: "a.bin", "no such file").description == "a.bin: no such file")
    #expect(FormatError(.badData, file: "a.bin", place: "byte 3", "bad").description == "a.bin: byte 3: bad")
    #expect(FormatError(.badData, file: "a", "b") != FormatError(.cannotWrite, file: "a", "b"))
  }

  @Test func theDescriptionIsOneShortLineWhateverTheFileHolds() {
    // A line break, an escape that would colour the terminal, a mark that would turn the text around, a separator.
    let error = FormatError(.badData, file: "a\nb", place: "x\u{1B}[31m", "p\u{202E}q\u{2028}r")
    #expect(error.description == "a\\u{a}b: x\\u{1b}[31m: p\\u{202e}q\\u{2028}r")
    let long = FormatError(.badData, file: "f", place: String(repeating: "x", count: 5_000), "p")
    #expect(long.description == "f: \(String(repeating: "x", count: 200))...: p")
    #expect(FormatError.quoted("caf\u{E9}\t") == "'caf\u{E9}\\u{9}'")
    #expect(FormatError.quoted(String(repeating: "y", count: 81)) == "'\(String(repeating: "y", count: 80))...'")
  }
}
