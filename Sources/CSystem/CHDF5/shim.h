#pragma once
#include <sys/syscall.h>
#include <unistd.h>
#include <hdf5.h>
#include <hdf5_hl.h>

// H5T_NATIVE_DOUBLE and its kin are comma-expression macros that Swift cannot import.
static inline hid_t priorkit_h5t_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t priorkit_h5t_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t priorkit_h5t_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t priorkit_h5t_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t priorkit_h5t_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t priorkit_h5t_c_s1(void) { return H5T_C_S1; }
static inline hid_t priorkit_h5p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t priorkit_h5p_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t priorkit_h5p_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t priorkit_h5p_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t priorkit_h5p_link_create(void) { return H5P_LINK_CREATE; }
static inline hid_t priorkit_h5p_dataset_access(void) { return H5P_DATASET_ACCESS; }

static inline size_t priorkit_h5t_variable(void) { return H5T_VARIABLE; }
static inline unsigned priorkit_h5f_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned priorkit_h5f_truncate(void) { return H5F_ACC_TRUNC; }
// Open objects of all files: with a null list their number.
static inline ssize_t priorkit_h5f_open_objects(hid_t *list, size_t capacity) {
  return list ? H5Fget_obj_ids((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL, capacity, list)
              : H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL);
}

// Points the descriptor of an open HDF5 file at memory. HDF5 1.10 cannot close a file whose last writes fail: it keeps
// a half-released file and crashes when the process ends. After this its writes succeed, and it can close.
static inline int priorkit_redirect_to_memory(hid_t file) {
  void *handle = NULL;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || handle == NULL) return -1;
  // The library function is declared for _GNU_SOURCE alone, which would change the layout of system types here.
  int memory = (int)syscall(SYS_memfd_create, "priorkit", 1U);
  if (memory < 0) return -1;
  int result = dup2(memory, *(int *)handle);
  close(memory);
  return result;
}
