import CCXSparse
import COpenBLAS

#if CHOLMOD
  import CCHOLMOD
#endif

/// The C libraries of this build and their versions, for reports.
public enum LibraryVersions {
  /// Library name to version; the optional ones only where their trait is on.
  public static var all: [String: String] {
    var versions = [
      "OpenBLAS": OpenBLAS.configuration,
      "CXSparse": "\(CS_VER).\(CS_SUBVER).\(CS_SUBSUB)",
    ]
    #if CHOLMOD
      versions["CHOLMOD"] = "\(CHOLMOD_MAIN_VERSION).\(CHOLMOD_SUB_VERSION).\(CHOLMOD_SUBSUB_VERSION)"
    #endif
    #if GraphBLAS
      versions["GraphBLAS"] = GraphBLASLibrary.version
    #endif
    #if OneDNN
      versions["oneDNN"] = OneDNNLibrary.version
    #endif
    return versions
  }
}
