#pragma once
#if __has_include(<suitesparse/cs.h>)
#include <suitesparse/cs.h>
#elif __has_include("/opt/homebrew/include/suitesparse/cs.h")
#include "/opt/homebrew/include/suitesparse/cs.h"
#else
#include <cs.h>
#endif
