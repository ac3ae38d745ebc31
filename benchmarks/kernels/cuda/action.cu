// y_b = exp(Σ_k z_bk L_k) x_b and its gradients, float32: plain CUDA C++ beside the Triton kernels.
//
// One sample a thread. All pointers are aligned to 16 bytes and all arrays contiguous:
// z (B, k), L (k, n, n), x (B, c, n). Functions of the interface return a cudaError_t.
#include <cuda_runtime.h>

#include <cstdint>

#include "action.h"
#include "memory.h"

extern __shared__ float4 shared[];

namespace {

constexpr unsigned kWarp = 0xffffffffu;
constexpr float kNaN = __builtin_nanf("");

template <int N>
constexpr int kThreads = N <= 4 ? 256 : 128;
template <int N>
constexpr int kBlocks = N <= 3 ? 6 : 4;
constexpr int kReverseThreads = 128;
template <int N>
constexpr int kReverseBlocks = N == 2 ? 8 : N == 3 ? 6 : N == 4 ? 4 : 3;

// Entries of a matrix, filled up to whole float4.
template <int N>
constexpr int kEntries = (N * N + 3) / 4 * 4;
// float4 from one sample's matrix to the next in shared memory: odd, which spreads the banks.
template <int N>
constexpr int kStride = kEntries<N> / 4 | 1;
// The same for what the reverse keeps.
template <int N>
constexpr int kKeptStride = kHistory<N> ? 0 : kKept<N> / 4 | 1;

// Whether the samples of a block multiply with the generators together, tile by tile: with many
// generators of many entries each thread alone would wait for shared memory.
template <int N>
__host__ __device__ bool together(int k) {
  return N == 8 && k >= 8;
}

__host__ __device__ int quads(int k) { return (k + 3) / 4; }

// Shared memory of the adjoint in float4. gL is summed in tiles of 4 generators by 4 entries; where
// tiles are fewer than threads, each is summed in slices of the samples.
template <int N>
struct Layout {
  int coefficient_stride, tiles, slices, items, coefficients, matrices, kept, sums, size;

  __host__ __device__ explicit Layout(int k) {
    coefficient_stride = quads(k) | 1;
    tiles = quads(k) * (kEntries<N> / 4);
    // No generators, no tiles: the slices end all the same.
    slices = 1;
    while (slices < kReverseThreads && 2 * slices * tiles <= kReverseThreads) slices *= 2;
    items = tiles * slices;
    coefficients = k * kEntries<N> / 4;
    matrices = coefficients + kReverseThreads * coefficient_stride;
    kept = matrices + kReverseThreads * kStride<N>;
    sums = kept + kReverseThreads * kKeptStride<N>;
    size = sums + 4 * items;
  }
  // What the forward kernel needs of it.
  __host__ __device__ int forward_size(int k) const { return together<N>(k) ? kept : coefficients; }
};

DEVICE float largest_of_warp(float value) {
  // The bits of floats that are not negative are in order.
  return __uint_as_float(__reduce_max_sync(kWarp, __float_as_uint(value)));
}

// Copy L to shared memory, each generator filled up with zeros to whole float4.
template <int N>
DEVICE void keep_generators(const float* L, int k, float* kept) {
  for (int place = threadIdx.x; place < k * kEntries<N>; place += blockDim.x) {
    const int q = place / kEntries<N>, entry = place % kEntries<N>;
    kept[place] = entry < N * N ? L[q * N * N + entry] : 0.0f;
  }
}

template <int N>
DEVICE void add_generator(const float4* L, float z, float* A) {
  UNROLL for (int e = 0; e < kEntries<N>; e += 4) {
    const float4 part = L[e / 4];
    A[e] += z * part.x, A[e + 1] += z * part.y, A[e + 2] += z * part.z, A[e + 3] += z * part.w;
  }
}

// A = Σ z L, the coefficients being loaded one round ahead and, if asked for, kept.
template <int N>
DEVICE void exponent(const float* row, const float4* L, int k, bool valid, float* A, float4* kept) {
  const float4 zero = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
  fill<kEntries<N>>(A, 0.0f);
  float4 next = valid && k > 0 ? coefficients_from(row, 0, k) : zero;
#pragma unroll 1
  for (int first = 0; first < k; first += 4, L += kEntries<N>) {
    const float4 z = next;
    if (valid && first + 4 < k) next = coefficients_from(row, first + 4, k);
    if (kept != nullptr) kept[first / 4] = z;
    add_generator<N>(L, z.x, A);
    if (first + 1 < k) add_generator<N>(L + kEntries<N> / 4, z.y, A);
    if (first + 2 < k) add_generator<N>(L + 2 * (kEntries<N> / 4), z.z, A);
    if (first + 3 < k) add_generator<N>(L + 3 * (kEntries<N> / 4), z.w, A);
  }
}

// The same for all samples of the block, whose coefficients are kept first: each thread multiplies
// 8 rows of coefficients with 8 columns of entries.
template <int N>
DEVICE void exponents_together(const Layout<N>& layout, int k) {
  constexpr int kQuads = kEntries<N> / 4, kGroups = 16, kRowsEach = 8, kColumns = kQuads / 2;
  static_assert(N != 8 || kGroups * kColumns == kReverseThreads);
  static_assert(N != 8 || kThreads<N> == kReverseThreads);
  // Neighbouring threads have neighbouring columns, which lie in different banks.
  const int column = threadIdx.x % kColumns, group = threadIdx.x / kColumns;
  const float4* const z = shared + layout.coefficients + group * layout.coefficient_stride;
  float4* const out = shared + layout.matrices + group * kStride<N> + column;
  float4 sums[kRowsEach][2];
  UNROLL for (int i = 0; i < kRowsEach; i++)
    sums[i][0] = sums[i][1] = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
#pragma unroll 1
  for (int quad = 0; quad < quads(k); quad++) {
    float factors[kRowsEach][4];
    UNROLL for (int i = 0; i < kRowsEach; i++)
      load<4>(reinterpret_cast<const float*>(z + i * kGroups * layout.coefficient_stride + quad),
              factors[i]);
    UNROLL for (int t = 0; t < 4; t++) {
      if (4 * quad + t >= k) break;
      const float4* const L = shared + (4 * quad + t) * kQuads + column;
      const float4 low = L[0], high = L[kColumns];
      UNROLL for (int i = 0; i < kRowsEach; i++) {
        add_scaled(sums[i][0], factors[i][t], low);
        add_scaled(sums[i][1], factors[i][t], high);
      }
    }
  }
  UNROLL for (int i = 0; i < kRowsEach; i++) {
    out[i * kGroups * kStride<N>] = sums[i][0];
    out[i * kGroups * kStride<N> + kColumns] = sums[i][1];
  }
}

// A, alone or together; `own_z` and `own_A` are the thread's rows of shared memory.
template <int N>
DEVICE void block_exponent(const Layout<N>& layout, const float* row, int k, bool valid, float* A,
                           float4* own_z, const float4* own_A) {
  if constexpr (N == 8) {
    if (together<N>(k)) {
      keep_coefficients(row, k, valid, own_z);
      __syncthreads();
      exponents_together<N>(layout, k);
      __syncthreads();
      load<kEntries<N>>(reinterpret_cast<const float*>(own_A), A);
      return;
    }
  }
  exponent<N>(row, shared, k, valid, A, own_z);
}

// Scale A to one sub-step, as many as the largest norm of the warp needs; lost samples are computed
// with a zero matrix, so that they delay no other.
template <int N>
DEVICE Steps scale(float* A, float most, bool* lost) {
  const float norm = norm_of<N>(A);
  *lost = !(norm <= kMostNorm);
  if (*lost) fill<N * N>(A, 0.0f);
  const Steps steps = steps_of(largest_of_warp(*lost ? 0.0f : norm), most);
  UNROLL for (int e = 0; e < N * N; e++) A[e] *= steps.share;
  return steps;
}

template <int N>
__global__ void __launch_bounds__(kThreads<N>, kBlocks<N>)
    act(const float* __restrict__ z, const float* __restrict__ L, const float* __restrict__ x,
        float* __restrict__ y, int64_t batch, int k, int c, int rounds) {
  const Layout<N> layout(k);
  keep_generators<N>(L, k, reinterpret_cast<float*>(shared));
  __syncthreads();
  const bool keeps = together<N>(k);
  float4* const own_z = shared + layout.coefficients + threadIdx.x * layout.coefficient_stride;
  const float4* const own_A = shared + layout.matrices + threadIdx.x * kStride<N>;
#pragma unroll 1
  for (int round = 0; round < rounds; round++) {
    const int64_t block = static_cast<int64_t>(blockIdx.x) * rounds + round;
    const int64_t sample = block * kThreads<N> + threadIdx.x;
    const bool valid = sample < batch;
    float A[kEntries<N>], v[N];
    fill<N>(v, 0.0f);
    if (valid) load<N>(x + sample * c * N, v);
    block_exponent<N>(layout, z + sample * k, k, valid, A, keeps ? own_z : nullptr, own_A);
    bool lost;
    const Steps steps = scale<N>(A, kStepNorm, &lost);
#pragma unroll 1
    for (int component = 0; component < c; component++) {
      const int64_t place = (sample * c + component) * N;
      if (valid && component > 0) load<N>(x + place, v);
      repeated_taylor<N>(A, steps.degree, steps.count, v);
      if (lost) fill<N>(v, kNaN);
      if (valid) store<N>(y + place, v);
    }
  }
}

// gz_q = <gA, L_q>
template <int N>
DEVICE float inner_product(const float* gA, const float4* L) {
  float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
  UNROLL for (int e = 0; e < kEntries<N>; e += 4) {
    const float4 part = L[e / 4];
    sum.x += gA[e] * part.x, sum.y += gA[e + 1] * part.y;
    sum.z += gA[e + 2] * part.z, sum.w += gA[e + 3] * part.w;
  }
  return (sum.x + sum.y) + (sum.z + sum.w);
}

template <int N>
DEVICE void store_coefficient_gradient(float* row, const float4* L, int k, const float* gA) {
  constexpr int kQuads = kEntries<N> / 4;
#pragma unroll 1
  for (int first = 0; first < k; first += 4, L += 4 * kQuads) {
    float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
    sum.x = inner_product<N>(gA, L);
    if (first + 1 < k) sum.y = inner_product<N>(gA, L + kQuads);
    if (first + 2 < k) sum.z = inner_product<N>(gA, L + 2 * kQuads);
    if (first + 3 < k) sum.w = inner_product<N>(gA, L + 3 * kQuads);
    store_coefficients(row, first, k, sum);
  }
}

// The same for all samples of the block, once gA of all is there: each thread multiplies 8 of them
// with 4 generators.
template <int N>
DEVICE void store_coefficient_gradients_together(const Layout<N>& layout, float* rows,
                                                 int64_t left, int k) {
  constexpr int kQuads = kEntries<N> / 4, kGroups = 16, kRowsEach = 8;
  for (int item = threadIdx.x; item < kGroups * quads(k); item += kReverseThreads) {
    const int group = item % kGroups, first = item / kGroups * 4;
    const float4* const gA = shared + layout.matrices + group * kStride<N>;
    float sums[kRowsEach][4];
    UNROLL for (int i = 0; i < kRowsEach; i++) fill<4>(sums[i], 0.0f);
#pragma unroll 1
    for (int quad = 0; quad < kQuads; quad++) {
      float4 part[4];
      UNROLL for (int t = 0; t < 4; t++)
        part[t] = shared[(first + t < k ? first + t : first) * kQuads + quad];
      UNROLL for (int i = 0; i < kRowsEach; i++) {
        const float4 own = gA[i * kGroups * kStride<N> + quad];
        UNROLL for (int t = 0; t < 4; t++)
          sums[i][t] += own.x * part[t].x + own.y * part[t].y +  //
                        own.z * part[t].z + own.w * part[t].w;
      }
    }
    UNROLL for (int i = 0; i < kRowsEach; i++) {
      const int sample = group + i * kGroups;
      if (sample < left)
        store_coefficients(rows + static_cast<int64_t>(sample) * k, first, k,
                           make_float4(sums[i][0], sums[i][1], sums[i][2], sums[i][3]));
    }
  }
}

// Add zᵀ gA of this round's samples to the block's sums: each thread its own tiles, in order.
template <int N>
DEVICE void add_generator_gradient(const Layout<N>& layout) {
  const float4* z = shared + layout.coefficients;
  const float4* gA = shared + layout.matrices;
  for (int item = threadIdx.x; item < layout.items; item += kReverseThreads) {
    // Slices are a power of two, and neighbouring threads read neighbouring samples.
    const int slice = item & (layout.slices - 1), tile = item / layout.slices;
    const int four_generators = tile / (kEntries<N> / 4), four_entries = tile % (kEntries<N> / 4);
    float4* sums = shared + layout.sums + item;
    float4 sum[4];
    UNROLL for (int t = 0; t < 4; t++) sum[t] = sums[t * layout.items];
#pragma unroll 4
    for (int sample = slice; sample < kReverseThreads; sample += layout.slices) {
      const float4 part = gA[sample * kStride<N> + four_entries];
      const float4 factors = z[sample * layout.coefficient_stride + four_generators];
      add_scaled(sum[0], factors.x, part);
      add_scaled(sum[1], factors.y, part);
      add_scaled(sum[2], factors.z, part);
      add_scaled(sum[3], factors.w, part);
    }
    UNROLL for (int t = 0; t < 4; t++) sums[t * layout.items] = sum[t];
  }
}

// Add up the slices and store the block's part of gL.
template <int N>
DEVICE void store_part(const Layout<N>& layout, int k, float* part) {
  const float* sums = reinterpret_cast<const float*>(shared + layout.sums);
  for (int place = threadIdx.x; place < k * N * N; place += kReverseThreads) {
    const int q = place / (N * N), entry = place % (N * N);
    const int item = ((q / 4) * (kEntries<N> / 4) + entry / 4) * layout.slices;
    float sum = 0.0f;
    for (int slice = 0; slice < layout.slices; slice++)
      sum += sums[(q % 4 * layout.items + item + slice) * 4 + entry % 4];
    part[place] = sum;
  }
}

template <int N>
__global__ void __launch_bounds__(kReverseThreads, kReverseBlocks<N>)
    act_reverse(const float* __restrict__ z, const float* __restrict__ L,
                const float* __restrict__ x, const float* __restrict__ gy, float* __restrict__ gz,
                float* __restrict__ gx, float* __restrict__ parts, int64_t batch, int k, int c) {
  const Layout<N> layout(k);
  keep_generators<N>(L, k, reinterpret_cast<float*>(shared));
  for (int place = threadIdx.x; place < 4 * layout.items; place += kReverseThreads)
    shared[layout.sums + place] = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
  float4* const own_z = shared + layout.coefficients + threadIdx.x * layout.coefficient_stride;
  float4* const own_gA = shared + layout.matrices + threadIdx.x * kStride<N>;
  float* const own_kept =
      reinterpret_cast<float*>(shared + layout.kept + threadIdx.x * kKeptStride<N>);
  const int64_t step = static_cast<int64_t>(gridDim.x) * kReverseThreads;
#pragma unroll 1
  for (int64_t start = static_cast<int64_t>(blockIdx.x) * kReverseThreads; start < batch;
       start += step) {
    const int64_t sample = start + threadIdx.x;
    const bool valid = sample < batch;
    float v[N], g[N];
    fill<N>(v, 0.0f);
    fill<N>(g, 0.0f);
    if (valid) load<N>(x + sample * c * N, v);
    if (valid) load<N>(gy + sample * c * N, g);
    __syncthreads();  // the generators are there, the samples before have been summed
    float gA[kEntries<N>];
    fill<kEntries<N>>(gA, 0.0f);
    {
      float A[kEntries<N>];
      block_exponent<N>(layout, z + sample * k, k, valid, A, own_z, own_gA);
      if constexpr (!kHistory<N>) store<kEntries<N>>(reinterpret_cast<float*>(own_gA), gA);
      bool lost;
      const Steps steps = scale<N>(A, kReverseNorm<N>, &lost);
#pragma unroll 1
      for (int component = 0; component < c; component++) {
        const int64_t place = (sample * c + component) * N;
        if (valid && component > 0) load<N>(x + place, v);
        if (valid && component > 0) load<N>(gy + place, g);
        // Quadrature leaves no registers for the sum over components: it stays in shared memory.
        reverse<N>(A, steps, v, g, kHistory<N> ? gA : reinterpret_cast<float*>(own_gA), own_kept);
        if (lost) fill<N>(g, kNaN);
        if (valid) store<N>(gx + place, g);
      }
      if constexpr (!kHistory<N>) load<kEntries<N>>(reinterpret_cast<float*>(own_gA), gA);
      UNROLL for (int e = 0; e < N * N; e++) gA[e] = lost ? kNaN : gA[e] * steps.share;
    }
    store<kEntries<N>>(reinterpret_cast<float*>(own_gA), gA);
    if (valid && !together<N>(k)) store_coefficient_gradient<N>(gz + sample * k, shared, k, gA);
    __syncthreads();
    if constexpr (N == 8) {
      if (together<N>(k))
        store_coefficient_gradients_together<N>(layout, gz + start * k, batch - start, k);
    }
    add_generator_gradient<N>(layout);
  }
  __syncthreads();
  store_part<N>(layout, k, parts + static_cast<int64_t>(blockIdx.x) * k * N * N);
}

constexpr int kRows = 32;

// Sum (parts, entries) over the parts in a fixed order; a block has 32 columns and kRows rows.
__global__ void __launch_bounds__(32 * kRows)
    sum_parts(const float* __restrict__ parts, float* __restrict__ sum, int count, int entries) {
  double* const sums = reinterpret_cast<double*>(shared);
  const int column = threadIdx.x % 32, row = threadIdx.x / 32;
  const int entry = blockIdx.x * 32 + column;
  double total = 0.0;
  if (entry < entries) {
#pragma unroll 8
    for (int part = row; part < count; part += kRows)
      total += parts[static_cast<int64_t>(part) * entries + entry];
  }
  sums[threadIdx.x] = total;
  __syncthreads();
  if (row > 0 || entry >= entries) return;
  for (int other = 1; other < kRows; other++) total += sums[other * 32 + column];
  sum[entry] = static_cast<float>(total);
}

template <class... Parameters, class... Arguments>
cudaError_t launch(void (*kernel)(Parameters...), int64_t blocks, int threads, int64_t shared,
                   cudaStream_t stream, Arguments... arguments) {
  const cudaError_t status = cudaFuncSetAttribute(
      reinterpret_cast<const void*>(kernel), cudaFuncAttributeMaxDynamicSharedMemorySize,
      static_cast<int>(shared));
  if (status != cudaSuccess) return status;
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(static_cast<unsigned>(blocks));
  config.blockDim = dim3(static_cast<unsigned>(threads));
  config.dynamicSmemBytes = static_cast<size_t>(shared);
  config.stream = stream;
  return cudaLaunchKernelEx(&config, kernel, static_cast<Parameters>(arguments)...);
}

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

template <int N>
struct Action {
  const float *z, *L, *x;
  float* y;
  int64_t batch;
  int k, c;
  cudaStream_t stream;

  cudaError_t run() const {
    // The more generators a block has to copy, the more samples it computes.
    const int entries = k * kEntries<N>, most = 8;
    const int rounds = entries / 256 < 1 ? 1 : entries / 256 > most ? most : entries / 256;
    const int64_t blocks = ceil_div(ceil_div(batch, kThreads<N>), rounds);
    return launch(act<N>, blocks, kThreads<N>, int64_t{16} * Layout<N>(k).forward_size(k), stream,
                  z, L, x, y, batch, k, c, rounds);
  }
};

// As many blocks as the device holds at once: each keeps its part of gL over all its samples.
template <int N>
struct ReverseBlocks {
  int k;
  int64_t batch;
  int64_t* blocks;

  cudaError_t run() const {
    const void* kernel = reinterpret_cast<const void*>(act_reverse<N>);
    const int shared = 16 * Layout<N>(k).size;
    int device = 0, processors = 0, each = 0;
    cudaError_t status = cudaGetDevice(&device);
    if (status == cudaSuccess)
      status = cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
    if (status == cudaSuccess)
      status = cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, shared);
    if (status == cudaSuccess)
      status = cudaOccupancyMaxActiveBlocksPerMultiprocessor(&each, kernel, kReverseThreads,
                                                             static_cast<size_t>(shared));
    if (status == cudaSuccess && each == 0) status = cudaErrorInvalidConfiguration;
    const int64_t needed = ceil_div(batch, kReverseThreads);
    const int64_t held = static_cast<int64_t>(processors) * each;
    *blocks = needed < held ? needed : held;
    return status;
  }
};

template <int N>
struct Reverse {
  const float *z, *L, *x, *gy;
  float *gz, *gL, *gx, *parts;
  int64_t blocks, batch;
  int k, c;
  cudaStream_t stream;

  cudaError_t run() const {
    const cudaError_t status =
        launch(act_reverse<N>, blocks, kReverseThreads, int64_t{16} * Layout<N>(k).size, stream, z,
               L, x, gy, gz, gx, parts, batch, k, c);
    if (status != cudaSuccess) return status;
    const int entries = k * N * N;
    return launch(sum_parts, ceil_div(entries, 32), 32 * kRows, int64_t{8} * 32 * kRows, stream,
                  parts, gL, static_cast<int>(blocks), entries);
  }
};

template <template <int> class Call, class... Arguments>
cudaError_t with_size(int n, Arguments... arguments) {
  switch (n) {
    case 2: return Call<2>{arguments...}.run();
    case 3: return Call<3>{arguments...}.run();
    case 4: return Call<4>{arguments...}.run();
    case 8: return Call<8>{arguments...}.run();
    default: return cudaErrorInvalidValue;
  }
}

}  // namespace

extern "C" {

int symdisc_action(int n, const float* z, const float* L, const float* x, float* y, int64_t batch,
                   int k, int c, cudaStream_t stream) {
  return with_size<Action>(n, z, L, x, y, batch, k, c, stream);
}

// How many parts of gL, each with k n² entries, the adjoint needs memory for.
int symdisc_adjoint_blocks(int n, int k, int64_t batch, int64_t* blocks) {
  return with_size<ReverseBlocks>(n, k, batch, blocks);
}

int symdisc_adjoint(int n, const float* z, const float* L, const float* x, const float* gy,
                    float* gz, float* gL, float* gx, float* parts, int64_t blocks, int64_t batch,
                    int k, int c, cudaStream_t stream) {
  return with_size<Reverse>(n, z, L, x, gy, gz, gL, gx, parts, blocks, batch, k, c, stream);
}

const char* symdisc_error(int status) {
  return cudaGetErrorString(static_cast<cudaError_t>(status));
}

}  // extern "C"
