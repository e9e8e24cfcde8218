#pragma once
#include <stddef.h>
#include <stdint.h>

#include "neural_status.h"

// Blocks of two 3x3 convolutions with bias and ReLU, each block but the last followed by 2x2 average pooling: the trunk of the
// Cnn14 networks, on oneDNN, with its adjoint with respect to the image.
//
// Convolution 2 b and 2 b + 1 belong to block b. Images are float, [image][channel][row][column]; oneDNN's own layouts stay
// inside. Every call computes on the calling thread alone, so results do not depend on the number of threads.

typedef struct neural_trunk neural_trunk; /* the weights: constant, shared by any number of passes */
typedef struct neural_pass neural_pass;   /* workspace for images of one size; one thread at a time */

typedef enum { NEURAL_FLOAT32 = 0, NEURAL_BFLOAT16 = 1 } neural_precision;

/* Fills the weights [output][input][3][3] and the biases [output] of a convolution; not 0 where it has none. */
typedef int (*neural_weights)(void *context, int32_t convolution, float *weights, float *biases);

neural_status neural_trunk_create(neural_trunk **trunk, int32_t input_channels, int32_t blocks, const int32_t *channels,
                                  neural_precision precision);
void neural_trunk_destroy(neural_trunk *trunk);

/* weights is asked for each convolution whose layout for these sizes the trunk does not have yet; calls for one trunk must not
   overlap. The trunk must outlive the pass. */
neural_status neural_pass_create(neural_pass **pass, neural_trunk *trunk, int32_t images, int32_t height, int32_t width,
                                 neural_weights weights, void *context);
void neural_pass_destroy(neural_pass *pass);

/* What a pass holds, in bytes, without the weights. */
size_t neural_pass_bytes(const neural_pass *pass);
size_t neural_trunk_bytes(const neural_trunk *trunk);

/* Rows and columns after a block; block -1 is the image. */
void neural_pass_size(const neural_pass *pass, int32_t block, int32_t *height, int32_t *width);

/* features: what the last block gives, [image][channel][row][column]. */
neural_status neural_pass_forward(neural_pass *pass, const float *image, float *features);

/* The output of a block in the latest forward pass. */
neural_status neural_pass_block(neural_pass *pass, int32_t block, float *output);

/* The cotangent of the image of the latest forward pass; may be called again. */
neural_status neural_pass_backward(neural_pass *pass, const float *cotangent, float *image_cotangent);
