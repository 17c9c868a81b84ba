// OpenBLAS itself, not whichever BLAS the system's alternatives name: its own folder first (Debian and Ubuntu keep
// one per threading model), then Fedora's and Homebrew's places.
#pragma once
#if __has_include(<openblas-pthread/cblas.h>)
#include <openblas-pthread/cblas.h>
#elif __has_include(<openblas-openmp/cblas.h>)
#include <openblas-openmp/cblas.h>
#elif __has_include(<openblas-serial/cblas.h>)
#include <openblas-serial/cblas.h>
#elif __has_include(<openblas/cblas.h>)
#include <openblas/cblas.h>
#elif __has_include(<cblas-openblas.h>)
#include <cblas-openblas.h>
#elif __has_include("/opt/homebrew/opt/openblas/include/cblas.h")
#include "/opt/homebrew/opt/openblas/include/cblas.h"
#else
#include <cblas.h>
#endif
