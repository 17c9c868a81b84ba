#pragma once
int snn_placeholder(void);
