#include "CAllocationCounter.h"
int snn_placeholder(void){return 0;}
