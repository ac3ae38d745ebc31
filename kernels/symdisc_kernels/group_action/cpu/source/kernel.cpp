// One size of matrix and one type of number: y_b = exp(Σ_q z_bq L_q) x_b and its gradients.
//
// Compiled with -DSYMDISC_N=… -DSYMDISC_SCALAR=float|double. Needs no header of torch, so that a
// compilation takes seconds; operators.cpp finds the functions by their names.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

#include "action.h"
#include "squaring.h"

namespace {

using T = SYMDISC_SCALAR;
constexpr int N = SYMDISC_N;
constexpr int NN = N * N;

// The three tables below were measured on AVX-512 machines (benchmarks/kernels/README.md).
#ifndef SYMDISC_VECTORS
// Enough independent sums to hide the latency of a multiply-add, few enough for the registers.
#define SYMDISC_VECTORS (N <= 2 ? 4 : N == 3 ? 3 : N <= 6 ? 2 : 1)
#endif
using P = Pack<T, SYMDISC_VECTORS>;
constexpr int W = P::kLanes;
using M = Matrix<P, N>;

// Blocks of W samples whose gradients with respect to A are kept until they are multiplied with
// the coefficients.
constexpr int kPanel = 16;

// From which norm on scaling and squaring is shorter than the action, for one component; the action
// costs as much again for every further one. In float64 squaring needs fewer terms than the action.
#ifndef SYMDISC_CROSSOVER_FORWARD
#define SYMDISC_CROSSOVER_FORWARD \
  ((sizeof(T) == 4 ? 1. : 0.75) * (N == 1 ? 0. : N == 2 ? 3. : N == 3 ? 4.5 : N == 4 ? 5.5 : 1.75 * N))
#endif
#ifndef SYMDISC_CROSSOVER_BACKWARD
#define SYMDISC_CROSSOVER_BACKWARD \
  ((sizeof(T) == 4 ? 1. : 0.75) * (N == 1 ? 0. : N == 2 ? 2.2 : N == 3 ? 4. : N == 4 ? 4.5 : 1.1 * N))
#endif

template <class Value>
class Buffer {
 public:
  explicit Buffer(int64_t size)
      : data_(static_cast<Value*>(::operator new(sizeof(Value) * std::max<int64_t>(size, 1),
                                                 std::align_val_t(64)))) {}
  ~Buffer() { ::operator delete(data_, std::align_val_t(64)); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Value* data() { return data_; }

 private:
  Value* data_;
};

// Lanes whose exponent is not finite: computed as zero, then overwritten.
struct Lost {
  bool any = false;
  bool lane[W];
};

inline Lost set_lost_lanes_to_zero(P* A, P& norm) {
  Lost lost;
  lost.any = true;
  auto* entries = reinterpret_cast<T*>(A);
  auto* norms = reinterpret_cast<T*>(&norm);
  for (int w = 0; w < W; w++) {
    lost.lane[w] = !(norms[w] <= T(Series<T>::kLargestNorm));
    if (!lost.lane[w]) continue;
    norms[w] = 0;
    for (int e = 0; e < NN; e++) entries[e * W + w] = 0;
  }
  return lost;
}

inline void overwrite(const Lost& lost, P* values, int64_t count) {
  if (!lost.any) return;
  auto* numbers = reinterpret_cast<T*>(values);
  for (int w = 0; w < W; w++)
    if (lost.lane[w])
      for (int64_t e = 0; e < count; e++) numbers[e * W + w] = std::numeric_limits<T>::quiet_NaN();
}

// The exponent of a block, its lost lanes and its norms.
struct Exponent {
  P A[NN];
  P norm;
  Lost lost;
  double largest;

  void set(const P* z, const T* L, int64_t k) {
    M::exponent(z, L, k, A);
    finish();
  }
  void finish() {
    norm = M::norm(A);
    largest = largest_lane(norm);
    lost.any = false;
    if (__builtin_expect(!(largest <= Series<T>::kLargestNorm), false)) {
      lost = set_lost_lanes_to_zero(A, norm);
      largest = largest_lane(norm);
    }
  }
  Plan divide() {
    const Plan plan = plan_for<T>(largest);
    if (plan.steps > 1) M::scale(A, P::fill(T(1) / T(plan.steps)));
    return plan;
  }
};

void move_block(Exponent& exponent, int64_t c, P* x) {
  if (exponent.largest * c > SYMDISC_CROSSOVER_FORWARD) {
    P E[NN], moved[N];
    Squaring<P, N>::exponential(exponent.A, exponent.norm, exponent.largest, E);
    for (int64_t i = 0; i < c; i++) {
      M::template times<false>(E, x + i * N, moved);
      for (int j = 0; j < N; j++) x[i * N + j] = moved[j];
    }
    return;
  }
  const Plan plan = exponent.divide();
  for (int64_t i = 0; i < c; i++)
    for (int step = 0; step < plan.steps; step++)
      Action<P, N>::step(exponent.A, plan.terms, x + i * N);
}

void reverse_by_pair(Exponent& exponent, int64_t c, const P* x, P* g, P* gradient) {
  P transposed[NN], E[NN], moved[N];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) transposed[i * N + j] = exponent.A[j * N + i];
  for (int e = 0; e < NN; e++) gradient[e] = P::fill(0);
  for (int64_t i = 0; i < c; i++)
    Action<P, N>::add_outer_products(g + i * N, x + i * N, 1, gradient);
  Squaring<P, N>::pair(transposed, exponent.norm, exponent.largest, gradient, E);
  for (int64_t i = 0; i < c; i++) {
    M::template times<false>(E, g + i * N, moved);
    for (int j = 0; j < N; j++) g[i * N + j] = moved[j];
  }
}

void reverse_by_action(Exponent& exponent, int64_t c, const P* x, P* g, P* gradient, P* states) {
  const Plan plan = exponent.divide();
  for (int e = 0; e < NN; e++) gradient[e] = P::fill(0);
  for (int64_t i = 0; i < c; i++) {
    std::copy(x + i * N, x + i * N + N, states);
    for (int step = 1; step < plan.steps; step++) {
      std::copy(states + (step - 1) * N, states + step * N, states + step * N);
      Action<P, N>::step(exponent.A, plan.terms, states + step * N);
    }
    for (int step = plan.steps - 1; step >= 0; step--)
      Action<P, N>::reverse_step(exponent.A, plan.terms, states + step * N, g + i * N, gradient);
  }
  if (plan.steps > 1) M::scale(gradient, P::fill(T(1) / T(plan.steps)));
}

// No more sub-steps than this up to the largest norm that the action serves.
const int kMostSteps = most_steps<T>(SYMDISC_CROSSOVER_BACKWARD);

// gz_q = <gradient, L_q> for COUNT generators at once
template <int COUNT>
ALWAYS_INLINE void contract(const P* gradient, const T* L, P* gz) {
  P sum[COUNT];
  UNROLL for (int i = 0; i < COUNT; i++) sum[i] = P::fill(0);
  for (int e = 0; e < NN; e++) {
    const P entry = gradient[e];
    UNROLL for (int i = 0; i < COUNT; i++) sum[i] += entry * L[i * NN + e];
  }
  UNROLL for (int i = 0; i < COUNT; i++) gz[i] = sum[i];
}
void coefficient_gradients(const P* gradient, const T* L, int64_t k, P* gz) {
  int64_t q = 0;
  for (; q + 4 <= k; q += 4) contract<4>(gradient, L + q * NN, gz + q);
  switch (k - q) {
    case 3: contract<3>(gradient, L + q * NN, gz + q); break;
    case 2: contract<2>(gradient, L + q * NN, gz + q); break;
    case 1: contract<1>(gradient, L + q * NN, gz + q); break;
    default: break;
  }
}

using Wide = double __attribute__((vector_size(SYMDISC_VECTOR_BYTES)));
constexpr int kWide = SYMDISC_VECTOR_BYTES / 8;

ALWAYS_INLINE void add_in_float64(const P::Vector& sum, Wide* total) {
  typedef T Part __attribute__((vector_size(kWide * sizeof(T))));
  for (int first = 0; first < P::kPerVector; first += kWide) {
    Part part;
    std::memcpy(&part, reinterpret_cast<const T*>(&sum) + first, sizeof part);
    *total += __builtin_convertvector(part, Wide);
  }
}

// gL_q += Σ_blocks z_q · gradient over a panel: sums of a tile in registers, then to float64.
template <int COUNT>
ALWAYS_INLINE void add_tile(const P* z, int64_t k, const P* gradients, int blocks, Wide* total) {
  P sum[COUNT];
  UNROLL for (int e = 0; e < COUNT; e++) sum[e] = P::fill(0);
  for (int block = 0; block < blocks; block++) {
    const P coefficient = z[block * k];
    UNROLL for (int e = 0; e < COUNT; e++) sum[e] += coefficient * gradients[block * NN + e];
  }
  for (int e = 0; e < COUNT; e++) {
    typename P::Vector all = sum[e].part[0];
    UNROLL for (int u = 1; u < P::kVectors; u++) all += sum[e].part[u];
    add_in_float64(all, total + e);
  }
}
void add_generator_gradients(const P* z, int64_t k, const P* gradients, int blocks, Wide* total) {
  constexpr int kTile = 16 / P::kVectors < NN ? 16 / P::kVectors : NN;
  for (int64_t q = 0; q < k; q++) {
    int e = 0;
    for (; e + kTile <= NN; e += kTile)
      add_tile<kTile>(z + q, k, gradients + e, blocks, total + q * NN + e);
    if constexpr (NN % kTile != 0)
      add_tile<NN % kTile>(z + q, k, gradients + e, blocks, total + q * NN + e);
  }
}

}  // namespace

extern "C" {

// Samples begin…end-1 of z (B, k), L (k, n, n), x and y (B, c, n).
void symdisc_forward(const T* z, const T* L, const T* x, T* y, int64_t begin, int64_t end,
                     int64_t k, int64_t c) {
  Buffer<P> buffer(k + c * N);
  P *zs = buffer.data(), *xs = zs + k;
  Exponent exponent;
  for (int64_t b = begin; b < end; b += W) {
    const int rows = static_cast<int>(std::min<int64_t>(W, end - b));
    load<P>(z + b * k, k, rows, zs);
    load<P>(x + b * c * N, c * N, rows, xs);
    exponent.set(zs, L, k);
    move_block(exponent, c, xs);
    overwrite(exponent.lost, xs, c * N);
    store<P>(xs, c * N, rows, y + b * c * N);
  }
}

// Gradients of the same samples; gL (k, n, n) in float64 is overwritten.
void symdisc_backward(const T* z, const T* L, const T* x, const T* gy, T* gz, double* gL, T* gx,
                      int64_t begin, int64_t end, int64_t k, int64_t c) {
  Buffer<P> buffer((k + NN) * kPanel + 2 * c * N + k + kMostSteps * N);
  P *zs = buffer.data(), *gradients = zs + k * kPanel, *xs = gradients + NN * kPanel,
    *gs = xs + c * N, *gzs = gs + c * N, *states = gzs + k;
  Buffer<Wide> totals(k * NN);
  std::fill(totals.data(), totals.data() + k * NN, Wide{});
  Exponent exponent;
  for (int64_t panel = begin; panel < end; panel += int64_t(W) * kPanel) {
    int blocks = 0;
    for (int64_t b = panel; b < std::min<int64_t>(end, panel + int64_t(W) * kPanel); b += W) {
      const int rows = static_cast<int>(std::min<int64_t>(W, end - b));
      P *coefficients = zs + blocks * k, *gradient = gradients + blocks * NN;
      load<P>(z + b * k, k, rows, coefficients);
      load<P>(x + b * c * N, c * N, rows, xs);
      load<P>(gy + b * c * N, c * N, rows, gs);
      exponent.set(coefficients, L, k);
      if (exponent.largest * c > SYMDISC_CROSSOVER_BACKWARD)
        reverse_by_pair(exponent, c, xs, gs, gradient);
      else
        reverse_by_action(exponent, c, xs, gs, gradient, states);
      overwrite(exponent.lost, gradient, NN);
      overwrite(exponent.lost, gs, c * N);
      store<P>(gs, c * N, rows, gx + b * c * N);
      coefficient_gradients(gradient, L, k, gzs);
      store<P>(gzs, k, rows, gz + b * k);
      blocks++;
    }
    add_generator_gradients(zs, k, gradients, blocks, totals.data());
  }
  for (int64_t e = 0; e < k * NN; e++) {
    gL[e] = 0;
    for (int w = 0; w < kWide; w++) gL[e] += totals.data()[e][w];
  }
}

// E = exp(A) for matrices begin…end-1 of (B, n, n).
void symdisc_expm(const T* A, T* E, int64_t begin, int64_t end) {
  Exponent exponent;
  P result[NN];
  for (int64_t b = begin; b < end; b += W) {
    const int rows = static_cast<int>(std::min<int64_t>(W, end - b));
    load<P>(A + b * NN, NN, rows, exponent.A);
    exponent.finish();
    Squaring<P, N>::exponential(exponent.A, exponent.norm, exponent.largest, result);
    overwrite(exponent.lost, result, NN);
    store<P>(result, NN, rows, E + b * NN);
  }
}

// gA = the adjoint derivative of exp at A applied to gE.
void symdisc_expm_backward(const T* A, const T* gE, T* gA, int64_t begin, int64_t end) {
  Exponent exponent;
  P gradient[NN], transposed[NN], E[NN];
  for (int64_t b = begin; b < end; b += W) {
    const int rows = static_cast<int>(std::min<int64_t>(W, end - b));
    load<P>(A + b * NN, NN, rows, exponent.A);
    load<P>(gE + b * NN, NN, rows, gradient);
    exponent.finish();
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) transposed[i * N + j] = exponent.A[j * N + i];
    Squaring<P, N>::pair(transposed, exponent.norm, exponent.largest, gradient, E);
    overwrite(exponent.lost, gradient, NN);
    store<P>(gradient, NN, rows, gA + b * NN);
  }
}
}
