#pragma once
#if __has_include(<suitesparse/cholmod.h>)
#include <suitesparse/cholmod.h>
#elif __has_include("/opt/homebrew/include/suitesparse/cholmod.h")
#include "/opt/homebrew/include/suitesparse/cholmod.h"
#else
#include <cholmod.h>
#endif
