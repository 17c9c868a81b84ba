#pragma once
#if __has_include(<GraphBLAS.h>)
#include <GraphBLAS.h>
#elif __has_include(<suitesparse/GraphBLAS.h>)
#include <suitesparse/GraphBLAS.h>
#else
#include "/opt/homebrew/include/suitesparse/GraphBLAS.h"
#endif
