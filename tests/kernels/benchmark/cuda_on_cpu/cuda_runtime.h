// Enough of CUDA for a C++ compiler to build the kernels and run them on the CPU, for tests.
//
// The threads of a block are fibers that take turns at each barrier, in both orders, so that a
// missing barrier shows; shared memory is NaN at first. Every barrier holds for the whole block.
#pragma once
#include <ucontext.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#define __global__
#define __device__
#define __host__
#define __shared__
#define __launch_bounds__(...)

struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  dim3() = default;
  explicit dim3(unsigned x) : x(x) {}
};
inline dim3 threadIdx, blockIdx, blockDim, gridDim;
constexpr int kSharedBytes = 227 * 1024;
inline float4 shared[kSharedBytes / 16];

namespace fibers {
constexpr size_t kStack = 64 * 1024;
inline ucontext_t scheduler;
inline std::vector<ucontext_t> contexts;
inline std::vector<bool> done;
inline std::vector<unsigned> values;
inline std::vector<char> stacks;
inline void (*call)(void*);
inline void* argument;

inline void start() {
  call(argument);
  done[threadIdx.x] = true;
}
inline void pause() {
  const dim3 own = threadIdx;
  swapcontext(&contexts[own.x], &scheduler);
  threadIdx = own;
}
inline void resume(unsigned thread) {
  if (done[thread]) return;
  threadIdx = dim3(thread);
  swapcontext(&scheduler, &contexts[thread]);
}
inline bool all_done() {
  for (const bool one : done)
    if (!one) return false;
  return true;
}
inline void run_block(unsigned threads) {
  done.assign(threads, false);
  memset(static_cast<void*>(shared), 0xff, sizeof(shared));
  for (unsigned thread = 0; thread < threads; thread++) {
    ucontext_t& context = contexts[thread];
    getcontext(&context);
    context.uc_stack.ss_sp = stacks.data() + thread * kStack;
    context.uc_stack.ss_size = kStack;
    context.uc_link = &scheduler;
    makecontext(&context, start, 0);
  }
  for (unsigned turn = blockIdx.x; !all_done(); turn++)
    for (unsigned thread = 0; thread < threads; thread++)
      resume(turn % 2 == 0 ? thread : threads - 1 - thread);
}
}  // namespace fibers

inline void __syncthreads() { fibers::pause(); }
inline unsigned __float_as_uint(float value) {
  unsigned bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
inline float __uint_as_float(unsigned bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
inline unsigned __reduce_max_sync(unsigned, unsigned value) {
  fibers::values[threadIdx.x] = value;
  fibers::pause();
  const unsigned first = threadIdx.x / 32 * 32;
  unsigned largest = 0;
  for (unsigned lane = first; lane < first + 32; lane++)
    largest = fibers::values[lane] > largest ? fibers::values[lane] : largest;
  fibers::pause();
  return largest;
}

enum cudaError_t { cudaSuccess = 0, cudaErrorInvalidValue = 1, cudaErrorInvalidConfiguration = 9 };
using cudaStream_t = void*;
struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  size_t dynamicSmemBytes = 0;
  cudaStream_t stream = nullptr;
};
constexpr int cudaFuncAttributeMaxDynamicSharedMemorySize = 8;
constexpr int cudaDevAttrMultiProcessorCount = 16;

inline const char* cudaGetErrorString(cudaError_t status) {
  return status == cudaErrorInvalidValue ? "invalid argument" : "another error";
}
inline cudaError_t cudaGetDevice(int* device) {
  *device = 0;
  return cudaSuccess;
}
inline cudaError_t cudaDeviceGetAttribute(int* value, int, int) {
  *value = 2;
  return cudaSuccess;
}
inline cudaError_t cudaFuncSetAttribute(const void*, int, int bytes) {
  return bytes <= kSharedBytes ? cudaSuccess : cudaErrorInvalidValue;
}
inline cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void*, int,
                                                                 size_t) {
  *blocks = 1;
  return cudaSuccess;
}

template <class... Parameters>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                               Parameters... arguments) {
  auto body = [&] { kernel(arguments...); };
  using Body = decltype(body);
  fibers::call = [](void* one) { (*static_cast<Body*>(one))(); };
  fibers::argument = &body;
  gridDim = config->gridDim, blockDim = config->blockDim;
  fibers::contexts.resize(blockDim.x);
  fibers::values.assign(blockDim.x, 0);
  fibers::stacks.resize(blockDim.x * fibers::kStack);
  for (unsigned block = 0; block < gridDim.x; block++) {
    blockIdx = dim3(block);
    fibers::run_block(blockDim.x);
  }
  return cudaSuccess;
}
