// What reports are made of is used in most files of this command, and in its tests.
@_exported import BenchmarkReport
