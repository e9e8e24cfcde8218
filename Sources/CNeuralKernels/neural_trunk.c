#define _GNU_SOURCE
#include "neural_trunk.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "dnnl_calls.h"

// oneDNN is called here and in sequence_layers.c. Version 3 has other names for the descriptors of memory and operations: a second branch
// would go beside the functions under "oneDNN 2".
#if DNNL_VERSION_MAJOR != 2
#error "neural_trunk.c is written for oneDNN 2"
#endif

enum { MAX_BLOCKS = 16, MAX_CONVOLUTIONS = 2 * MAX_BLOCKS, MAX_STEPS = 8 * MAX_CONVOLUTIONS, MAX_ARGUMENTS = 5 };

// MARK: - oneDNN 2

typedef dnnl_memory_desc_t layout;

#define CHECK(call)                                     \
  do {                                                  \
    dnnl_status_t check_status = (call);                \
    if (check_status != dnnl_success) return check_status; \
  } while (0)

static dnnl_status_t make_layout(layout *target, int rank, const dnnl_dim_t *sizes, dnnl_data_type_t type, int is_plain) {
  dnnl_format_tag_t plain = rank == 1 ? dnnl_a : dnnl_abcd;
  return dnnl_memory_desc_init_by_tag(target, rank, sizes, type, is_plain ? plain : dnnl_format_tag_any);
}

static dnnl_engine_t shared_engine;

static void make_engine(void) {
  if (dnnl_engine_create(&shared_engine, dnnl_cpu, 0) != dnnl_success) shared_engine = NULL;
}

/* The one engine of the process: what is made with one engine does not run on another. */
static dnnl_engine_t engine(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_engine);
  return shared_engine;
}

// MARK: - Weights

/* A convolution's weights in one layout. */
typedef struct {
  int32_t convolution;
  dnnl_memory_t memory;
} stored;

struct neural_trunk {
  int32_t blocks;
  int32_t channels[MAX_BLOCKS + 1]; /* of the image, then of the blocks' outputs */
  dnnl_data_type_t type;
  dnnl_memory_t biases[MAX_CONVOLUTIONS];
  stored *weights;
  size_t weight_count;
  size_t bytes;
};

static int32_t inputs_of(const neural_trunk *t, int32_t c) { return c % 2 == 0 ? t->channels[c / 2] : t->channels[c / 2 + 1]; }
static int32_t outputs_of(const neural_trunk *t, int32_t c) { return t->channels[c / 2 + 1]; }

neural_status neural_trunk_create(neural_trunk **trunk, int32_t input_channels, int32_t blocks, const int32_t *channels,
                                  neural_precision precision) {
  *trunk = NULL;
  if (blocks < 1 || blocks > MAX_BLOCKS || !engine()) return NEURAL_FAILED;
  neural_trunk *t = calloc(1, sizeof *t);
  if (!t) return NEURAL_NO_MEMORY;
  t->blocks = blocks;
  t->channels[0] = input_channels;
  memcpy(t->channels + 1, channels, (size_t)blocks * sizeof *channels);
  t->type = precision == NEURAL_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
  *trunk = t;
  return NEURAL_OK;
}

void neural_trunk_destroy(neural_trunk *t) {
  if (!t) return;
  for (size_t k = 0; k < t->weight_count; k++) dnnl_memory_destroy(t->weights[k].memory);
  for (int c = 0; c < MAX_CONVOLUTIONS; c++) dnnl_memory_destroy(t->biases[c]);
  free(t->weights);
  free(t);
}

size_t neural_trunk_bytes(const neural_trunk *t) { return t->bytes; }

static dnnl_memory_t find_weights(const neural_trunk *t, int32_t c, const layout *wanted) {
  for (size_t k = 0; k < t->weight_count; k++) {
    const layout *own;
    if (t->weights[k].convolution == c && dnnl_memory_get_memory_desc(t->weights[k].memory, &own) == dnnl_success &&
        dnnl_memory_desc_equal(own, wanted))
      return t->weights[k].memory;
  }
  return NULL;
}

static dnnl_status_t run_reorder(dnnl_memory_t source, dnnl_memory_t target, dnnl_stream_t stream) {
  const layout *from, *to;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  CHECK(dnnl_memory_get_memory_desc(source, &from));
  CHECK(dnnl_memory_get_memory_desc(target, &to));
  CHECK(dnnl_reorder_primitive_desc_create(&description, from, engine(), to, engine(), NULL));
  dnnl_status_t status = dnnl_primitive_create(&primitive, description);
  dnnl_primitive_desc_destroy(description);
  if (status != dnnl_success) return status;
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, target}};
  status = dnnl_primitive_execute(primitive, stream, 2, arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(stream);
  dnnl_primitive_destroy(primitive);
  return status;
}

static dnnl_status_t store_weights(neural_trunk *t, int32_t c, const layout *wanted, float *plain, dnnl_stream_t stream) {
  if (find_weights(t, c, wanted)) return dnnl_success;
  stored *grown = realloc(t->weights, (t->weight_count + 1) * sizeof *grown);
  if (!grown) return dnnl_out_of_memory;
  t->weights = grown;
  layout from;
  dnnl_memory_t source, target;
  CHECK(make_layout(&from, 4, (dnnl_dim_t[]){outputs_of(t, c), inputs_of(t, c), 3, 3}, dnnl_f32, 1));
  CHECK(dnnl_memory_create(&target, wanted, engine(), DNNL_MEMORY_ALLOCATE));
  t->weights[t->weight_count++] = (stored){c, target};
  t->bytes += dnnl_memory_desc_get_size(wanted);
  CHECK(dnnl_memory_create(&source, &from, engine(), plain));
  dnnl_status_t status = run_reorder(source, target, stream);
  dnnl_memory_destroy(source);
  return status;
}

/* Asks for the weights of a convolution and stores them in the layouts of both ways, where one is new. */
static dnnl_status_t take_weights(neural_trunk *t, int32_t c, const layout *forward, const layout *backward,
                                  neural_weights weights, void *context, dnnl_stream_t stream) {
  if (t->biases[c] && find_weights(t, c, forward) && find_weights(t, c, backward)) return dnnl_success;
  size_t count = (size_t)outputs_of(t, c) * (size_t)inputs_of(t, c) * 9;
  float *plain = malloc(count * sizeof *plain), *biases = malloc((size_t)outputs_of(t, c) * sizeof *biases);
  dnnl_status_t status = plain && biases ? dnnl_success : dnnl_out_of_memory;
  if (status == dnnl_success && weights(context, c, plain, biases) != 0) status = dnnl_invalid_arguments;
  if (status == dnnl_success) {
    if (!t->biases[c]) {
      layout form;
      void *handle;
      status = make_layout(&form, 1, (dnnl_dim_t[]){outputs_of(t, c)}, dnnl_f32, 1);
      if (status == dnnl_success) status = dnnl_memory_create(&t->biases[c], &form, engine(), DNNL_MEMORY_ALLOCATE);
      if (status == dnnl_success) status = dnnl_memory_get_data_handle(t->biases[c], &handle);
      if (status == dnnl_success) memcpy(handle, biases, (size_t)outputs_of(t, c) * sizeof *biases);
    }
    if (status == dnnl_success) status = store_weights(t, c, forward, plain, stream);
    if (status == dnnl_success) status = store_weights(t, c, backward, plain, stream);
  }
  free(plain);
  free(biases);
  return status;
}

// MARK: - Passes

typedef struct {
  dnnl_primitive_t primitive;
  int count;
  dnnl_exec_arg_t arguments[MAX_ARGUMENTS];
} step;

/* A memory without storage of its own: it lives in one of two buffers, which what reads and what writes take in turns. */
typedef struct {
  dnnl_memory_t memory;
  int buffer;
} visitor;

struct neural_pass {
  neural_trunk *trunk;
  int32_t images, heights[MAX_BLOCKS + 1], widths[MAX_BLOCKS + 1];
  dnnl_stream_t stream;
  step forward[MAX_STEPS], backward[MAX_STEPS];
  int forward_count, backward_count;
  dnnl_memory_t outputs[MAX_CONVOLUTIONS]; /* after the ReLU, for the way back */
  dnnl_memory_t pooled[MAX_BLOCKS];        /* what the blocks give; the last one's is its second output */
  dnnl_memory_t image, features, cotangent, image_cotangent; /* plain, lent by the caller */
  visitor visitors[MAX_STEPS];
  int visitor_count;
  void *buffers[2];
  size_t buffer_sizes[2];
  void *scratch;
  size_t scratch_size;
  dnnl_memory_t scratch_memories[2 * MAX_STEPS];
  int scratch_count;
  size_t bytes;
};

size_t neural_pass_bytes(const neural_pass *p) { return p->bytes; }

void neural_pass_size(const neural_pass *p, int32_t block, int32_t *height, int32_t *width) {
  *height = p->heights[block + 1];
  *width = p->widths[block + 1];
}

static layout layout_of(dnnl_memory_t memory) {
  const layout *own;
  dnnl_memory_get_memory_desc(memory, &own);
  return *own;
}

static dnnl_status_t new_visitor(neural_pass *p, const layout *form, int buffer, dnnl_memory_t *memory) {
  if (p->visitor_count == MAX_STEPS) return dnnl_invalid_arguments;
  CHECK(dnnl_memory_create(memory, form, engine(), DNNL_MEMORY_NONE));
  p->visitors[p->visitor_count++] = (visitor){*memory, buffer};
  size_t size = dnnl_memory_desc_get_size(form);
  if (size > p->buffer_sizes[buffer]) p->buffer_sizes[buffer] = size;
  return dnnl_success;
}

static dnnl_status_t new_memory(neural_pass *p, const layout *form, dnnl_memory_t *memory) {
  p->bytes += dnnl_memory_desc_get_size(form);
  return dnnl_memory_create(memory, form, engine(), DNNL_MEMORY_ALLOCATE);
}

/* Makes the primitive of a description, which is destroyed, and appends it to a list of steps. */
static dnnl_status_t add_step(neural_pass *p, step *steps, int *count, dnnl_primitive_desc_t description, int arguments,
                              const dnnl_exec_arg_t *given) {
  step next = {NULL, arguments, {{0}}};
  dnnl_status_t status = *count < MAX_STEPS && p->scratch_count < 2 * MAX_STEPS ? dnnl_success : dnnl_invalid_arguments;
  if (status == dnnl_success) status = dnnl_primitive_create(&next.primitive, description);
  memcpy(next.arguments, given, (size_t)arguments * sizeof *given);
  const layout *needed = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  size_t size = needed ? dnnl_memory_desc_get_size(needed) : 0;
  if (status == dnnl_success && size > 0) {
    dnnl_memory_t memory;
    status = dnnl_memory_create(&memory, needed, engine(), DNNL_MEMORY_NONE);
    if (status == dnnl_success) {
      p->scratch_memories[p->scratch_count++] = memory;
      if (size > p->scratch_size) p->scratch_size = size;
      next.arguments[next.count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, memory};
    }
  }
  dnnl_primitive_desc_destroy(description);
  steps[(*count)++] = next;
  return status;
}

static dnnl_status_t own_scratch(dnnl_primitive_attr_t *attributes) {
  CHECK(dnnl_primitive_attr_create(attributes));
  return dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
}

/* Appends a change of layout; nothing where the layouts are the same. */
static dnnl_status_t add_reorder(neural_pass *p, step *steps, int *count, dnnl_memory_t *memory, const layout *wanted,
                                 int *buffer, dnnl_memory_t target) {
  layout own = layout_of(*memory);
  if (!target && dnnl_memory_desc_equal(&own, wanted)) return dnnl_success;
  if (!target) {
    *buffer = 1 - *buffer;
    CHECK(new_visitor(p, wanted, *buffer, &target));
  }
  dnnl_primitive_attr_t attributes;
  dnnl_primitive_desc_t description;
  CHECK(own_scratch(&attributes));
  dnnl_status_t status = dnnl_reorder_primitive_desc_create(&description, &own, engine(), wanted, engine(), attributes);
  dnnl_primitive_attr_destroy(attributes);
  CHECK(status);
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, *memory}, {DNNL_ARG_TO, target}};
  CHECK(add_step(p, steps, count, description, 2, arguments));
  *memory = target;
  return dnnl_success;
}

/* Descriptions of a convolution with ReLU and of its adjoint. */
static dnnl_status_t describe_convolution(const neural_pass *p, int32_t c, dnnl_primitive_desc_t *forward,
                                          dnnl_primitive_desc_t *backward) {
  const neural_trunk *t = p->trunk;
  dnnl_dim_t h = p->heights[c / 2], w = p->widths[c / 2];
  layout source, weights, bias, target;
  CHECK(make_layout(&source, 4, (dnnl_dim_t[]){p->images, inputs_of(t, c), h, w}, t->type, 0));
  CHECK(make_layout(&weights, 4, (dnnl_dim_t[]){outputs_of(t, c), inputs_of(t, c), 3, 3}, t->type, 0));
  CHECK(make_layout(&bias, 1, (dnnl_dim_t[]){outputs_of(t, c)}, dnnl_f32, 1));
  CHECK(make_layout(&target, 4, (dnnl_dim_t[]){p->images, outputs_of(t, c), h, w}, t->type, 0));
  const dnnl_dims_t one = {1, 1};
  dnnl_convolution_desc_t operation;
  CHECK(dnnl_convolution_forward_desc_init(&operation, dnnl_forward_training, dnnl_convolution_direct, &source, &weights, &bias,
                                           &target, one, one, one));
  dnnl_primitive_attr_t attributes;
  dnnl_post_ops_t relu;
  CHECK(own_scratch(&attributes));
  CHECK(dnnl_post_ops_create(&relu));
  CHECK(dnnl_post_ops_append_eltwise(relu, 1, dnnl_eltwise_relu, 0, 0));
  CHECK(dnnl_primitive_attr_set_post_ops(attributes, relu));
  dnnl_post_ops_destroy(relu);
  dnnl_status_t status = dnnl_primitive_desc_create(forward, &operation, attributes, engine(), NULL);
  dnnl_primitive_attr_destroy(attributes);
  CHECK(status);
  CHECK(dnnl_convolution_backward_data_desc_init(&operation, dnnl_convolution_direct, &source, &weights, &target, one, one, one));
  CHECK(own_scratch(&attributes));
  status = dnnl_primitive_desc_create(backward, &operation, attributes, engine(), *forward);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

/* Descriptions of 2x2 average pooling of something in a layout, and of its adjoint. */
static dnnl_status_t describe_pooling(const neural_pass *p, int32_t block, const layout *source, dnnl_primitive_desc_t *forward,
                                      dnnl_primitive_desc_t *backward) {
  const neural_trunk *t = p->trunk;
  dnnl_dim_t sizes[] = {p->images, t->channels[block + 1], p->heights[block + 1], p->widths[block + 1]};
  const dnnl_dims_t two = {2, 2}, none = {0, 0};
  layout target;
  dnnl_pooling_desc_t operation;
  dnnl_primitive_attr_t attributes;
  CHECK(make_layout(&target, 4, sizes, t->type, 0));
  CHECK(dnnl_pooling_forward_desc_init(&operation, dnnl_forward_training, dnnl_pooling_avg_exclude_padding, source, &target, two,
                                       two, none, none));
  CHECK(own_scratch(&attributes));
  dnnl_status_t status = dnnl_primitive_desc_create(forward, &operation, attributes, engine(), NULL);
  if (status == dnnl_success) {
    target = *dnnl_primitive_desc_query_md(*forward, dnnl_query_dst_md, 0);
    status = dnnl_pooling_backward_desc_init(&operation, dnnl_pooling_avg_exclude_padding, source, &target, two, two, none, none);
  }
  if (status == dnnl_success) status = dnnl_primitive_desc_create(backward, &operation, attributes, engine(), *forward);
  dnnl_primitive_attr_destroy(attributes);
  return status;
}

static dnnl_status_t describe_relu_adjoint(const layout *form, dnnl_primitive_desc_t *backward) {
  dnnl_eltwise_desc_t operation;
  dnnl_primitive_desc_t forward;
  dnnl_primitive_attr_t attributes;
  CHECK(dnnl_eltwise_forward_desc_init(&operation, dnnl_forward_training, dnnl_eltwise_relu_use_dst_for_bwd, form, 0, 0));
  CHECK(dnnl_primitive_desc_create(&forward, &operation, NULL, engine(), NULL));
  CHECK(dnnl_eltwise_backward_desc_init(&operation, dnnl_eltwise_relu_use_dst_for_bwd, form, form, 0, 0));
  CHECK(own_scratch(&attributes));
  dnnl_status_t status = dnnl_primitive_desc_create(backward, &operation, attributes, engine(), forward);
  dnnl_primitive_attr_destroy(attributes);
  dnnl_primitive_desc_destroy(forward);
  return status;
}

static dnnl_status_t build(neural_pass *p, neural_weights weights, void *context) {
  neural_trunk *t = p->trunk;
  const int32_t convolutions = 2 * t->blocks;
  dnnl_primitive_desc_t ways_back[MAX_CONVOLUTIONS], pool_back[MAX_BLOCKS];
  layout form;
  CHECK(dnnl_stream_create(&p->stream, engine(), dnnl_stream_default_flags));
  CHECK(make_layout(&form, 4, (dnnl_dim_t[]){p->images, t->channels[0], p->heights[0], p->widths[0]}, dnnl_f32, 1));
  CHECK(dnnl_memory_create(&p->image, &form, engine(), DNNL_MEMORY_NONE));
  CHECK(dnnl_memory_create(&p->image_cotangent, &form, engine(), DNNL_MEMORY_NONE));
  const layout image = form;
  CHECK(make_layout(
      &form, 4, (dnnl_dim_t[]){p->images, t->channels[t->blocks], p->heights[t->blocks], p->widths[t->blocks]}, dnnl_f32, 1));
  CHECK(dnnl_memory_create(&p->features, &form, engine(), DNNL_MEMORY_NONE));
  CHECK(dnnl_memory_create(&p->cotangent, &form, engine(), DNNL_MEMORY_NONE));
  const layout features = form;

  dnnl_memory_t current = p->image;
  int buffer = 0;
  for (int32_t c = 0; c < convolutions; c++) {
    dnnl_primitive_desc_t forward;
    CHECK(describe_convolution(p, c, &forward, &ways_back[c]));
    const layout own = *dnnl_primitive_desc_query_md(forward, dnnl_query_weights_md, 0);
    const layout back = *dnnl_primitive_desc_query_md(ways_back[c], dnnl_query_weights_md, 0);
    CHECK(take_weights(t, c, &own, &back, weights, context, p->stream));
    const layout source = *dnnl_primitive_desc_query_md(forward, dnnl_query_src_md, 0);
    CHECK(add_reorder(p, p->forward, &p->forward_count, &current, &source, &buffer, NULL));
    const layout target = *dnnl_primitive_desc_query_md(forward, dnnl_query_dst_md, 0);
    CHECK(new_memory(p, &target, &p->outputs[c]));
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, current},
                                   {DNNL_ARG_WEIGHTS, find_weights(t, c, &own)},
                                   {DNNL_ARG_BIAS, t->biases[c]},
                                   {DNNL_ARG_DST, p->outputs[c]}};
    CHECK(add_step(p, p->forward, &p->forward_count, forward, 4, arguments));
    current = p->outputs[c];
    const int32_t block = c / 2;
    if (c % 2 == 0) continue;
    if (block == t->blocks - 1) {
      p->pooled[block] = current;
      continue;
    }
    CHECK(describe_pooling(p, block, &target, &forward, &pool_back[block]));
    const layout pooled = *dnnl_primitive_desc_query_md(forward, dnnl_query_dst_md, 0);
    CHECK(new_memory(p, &pooled, &p->pooled[block]));
    dnnl_exec_arg_t pooling[] = {{DNNL_ARG_SRC, current}, {DNNL_ARG_DST, p->pooled[block]}};
    CHECK(add_step(p, p->forward, &p->forward_count, forward, 2, pooling));
    current = p->pooled[block];
  }
  CHECK(add_reorder(p, p->forward, &p->forward_count, &current, &features, &buffer, p->features));

  // The way back: cotangents move between the two buffers.
  current = p->cotangent;
  for (int32_t c = convolutions - 1; c >= 0; c--) {
    const layout own = layout_of(p->outputs[c]);
    if (c % 2 == 1 && c < convolutions - 1) {
      const layout pooled = layout_of(p->pooled[c / 2]);
      CHECK(add_reorder(p, p->backward, &p->backward_count, &current, &pooled, &buffer, NULL));
      dnnl_memory_t unpooled;
      buffer = 1 - buffer;
      CHECK(new_visitor(p, &own, buffer, &unpooled));
      dnnl_exec_arg_t arguments[] = {{DNNL_ARG_DIFF_DST, current}, {DNNL_ARG_DIFF_SRC, unpooled}};
      CHECK(add_step(p, p->backward, &p->backward_count, pool_back[c / 2], 2, arguments));
      current = unpooled;
    }
    CHECK(add_reorder(p, p->backward, &p->backward_count, &current, &own, &buffer, NULL));
    dnnl_primitive_desc_t relu;
    CHECK(describe_relu_adjoint(&own, &relu));
    dnnl_memory_t masked = current;
    if (current == p->cotangent) {  // what the caller lends stays as it is
      buffer = 1 - buffer;
      CHECK(new_visitor(p, &own, buffer, &masked));
    }
    dnnl_exec_arg_t masking[] = {
        {DNNL_ARG_DST, p->outputs[c]}, {DNNL_ARG_DIFF_DST, current}, {DNNL_ARG_DIFF_SRC, masked}};
    CHECK(add_step(p, p->backward, &p->backward_count, relu, 3, masking));
    current = masked;
    const layout given = *dnnl_primitive_desc_query_md(ways_back[c], dnnl_query_diff_dst_md, 0);
    CHECK(add_reorder(p, p->backward, &p->backward_count, &current, &given, &buffer, NULL));
    const layout found = *dnnl_primitive_desc_query_md(ways_back[c], dnnl_query_diff_src_md, 0);
    const layout back = *dnnl_primitive_desc_query_md(ways_back[c], dnnl_query_weights_md, 0);
    dnnl_memory_t source;
    buffer = 1 - buffer;
    CHECK(new_visitor(p, &found, buffer, &source));
    dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_DIFF_DST, current}, {DNNL_ARG_WEIGHTS, find_weights(t, c, &back)}, {DNNL_ARG_DIFF_SRC, source}};
    CHECK(add_step(p, p->backward, &p->backward_count, ways_back[c], 3, arguments));
    current = source;
  }
  return add_reorder(p, p->backward, &p->backward_count, &current, &image, &buffer, p->image_cotangent);
}

/* Gives what has no storage of its own its place. */
static dnnl_status_t allocate(neural_pass *p) {
  for (int k = 0; k < 2; k++) {
    if (posix_memalign(&p->buffers[k], 64, p->buffer_sizes[k] + 64)) return dnnl_out_of_memory;
    p->bytes += p->buffer_sizes[k];
  }
  if (posix_memalign(&p->scratch, 64, p->scratch_size + 64)) return dnnl_out_of_memory;
  p->bytes += p->scratch_size;
  for (int k = 0; k < p->visitor_count; k++)
    CHECK(dnnl_memory_set_data_handle(p->visitors[k].memory, p->buffers[p->visitors[k].buffer]));
  for (int k = 0; k < p->scratch_count; k++) CHECK(dnnl_memory_set_data_handle(p->scratch_memories[k], p->scratch));
  return dnnl_success;
}

neural_status neural_pass_create(neural_pass **pass, neural_trunk *trunk, int32_t images, int32_t height, int32_t width,
                                 neural_weights weights, void *context) {
  *pass = NULL;
  neural_pass *p = calloc(1, sizeof *p);
  if (!p) return NEURAL_NO_MEMORY;
  p->trunk = trunk;
  p->images = images;
  for (int32_t block = 0; block <= trunk->blocks; block++) {
    p->heights[block] = height;
    p->widths[block] = width;
    if (block < trunk->blocks - 1) {
      height /= 2;
      width /= 2;
    }
  }
  openmp functions;
  int threads = begin_alone(&functions);
  dnnl_status_t status = build(p, weights, context);
  if (status == dnnl_success) status = allocate(p);
  end_alone(&functions, threads);
  if (status != dnnl_success) {
    neural_pass_destroy(p);
    return status_of(status);
  }
  *pass = p;
  return NEURAL_OK;
}

void neural_pass_destroy(neural_pass *p) {
  if (!p) return;
  for (int k = 0; k < p->forward_count; k++) dnnl_primitive_destroy(p->forward[k].primitive);
  for (int k = 0; k < p->backward_count; k++) dnnl_primitive_destroy(p->backward[k].primitive);
  for (int k = 0; k < p->visitor_count; k++) dnnl_memory_destroy(p->visitors[k].memory);
  for (int k = 0; k < p->scratch_count; k++) dnnl_memory_destroy(p->scratch_memories[k]);
  for (int k = 0; k < MAX_CONVOLUTIONS; k++) dnnl_memory_destroy(p->outputs[k]);
  for (int k = 0; k < p->trunk->blocks - 1; k++) dnnl_memory_destroy(p->pooled[k]);
  dnnl_memory_t lent[] = {p->image, p->features, p->cotangent, p->image_cotangent};
  for (int k = 0; k < 4; k++) dnnl_memory_destroy(lent[k]);
  if (p->stream) dnnl_stream_destroy(p->stream);
  free(p->buffers[0]);
  free(p->buffers[1]);
  free(p->scratch);
  free(p);
}

static dnnl_status_t run(neural_pass *p, const step *steps, int count) {
  for (int k = 0; k < count; k++)
    CHECK(dnnl_primitive_execute(steps[k].primitive, p->stream, steps[k].count, steps[k].arguments));
  return dnnl_stream_wait(p->stream);
}

static dnnl_status_t run_between(neural_pass *p, const step *steps, int count, dnnl_memory_t source, const float *from,
                                 dnnl_memory_t target, float *to) {
  CHECK(dnnl_memory_set_data_handle(source, (void *)from));
  CHECK(dnnl_memory_set_data_handle(target, to));
  return run(p, steps, count);
}

neural_status neural_pass_forward(neural_pass *p, const float *image, float *features) {
  ALONE(run_between(p, p->forward, p->forward_count, p->image, image, p->features, features));
}

neural_status neural_pass_backward(neural_pass *p, const float *cotangent, float *image_cotangent) {
  ALONE(run_between(p, p->backward, p->backward_count, p->cotangent, cotangent, p->image_cotangent, image_cotangent));
}

static dnnl_status_t copy_block(neural_pass *p, int32_t block, float *output) {
  layout form;
  dnnl_memory_t target;
  dnnl_dim_t sizes[] = {p->images, p->trunk->channels[block + 1], p->heights[block + 1], p->widths[block + 1]};
  CHECK(make_layout(&form, 4, sizes, dnnl_f32, 1));
  CHECK(dnnl_memory_create(&target, &form, engine(), output));
  dnnl_status_t status = run_reorder(p->pooled[block], target, p->stream);
  dnnl_memory_destroy(target);
  return status;
}

neural_status neural_pass_block(neural_pass *p, int32_t block, float *output) { ALONE(copy_block(p, block, output)); }
