#pragma once

// How a call of oneDNN ended.
typedef enum { NEURAL_OK = 0, NEURAL_NO_MEMORY = 1, NEURAL_UNSUPPORTED = 2, NEURAL_FAILED = 3 } neural_status;
