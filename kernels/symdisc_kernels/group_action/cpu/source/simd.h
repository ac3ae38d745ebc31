// Samples across SIMD lanes: a Pack holds one number of each of several samples.
#pragma once
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#if defined(__AVX512F__)
#define SYMDISC_VECTOR_BYTES 64
#elif defined(__AVX__)
#define SYMDISC_VECTOR_BYTES 32
#else
#define SYMDISC_VECTOR_BYTES 16
#endif

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 64")

// U vectors together: a single one could not hide the latency of the multiply-adds where n is
// small, because a matrix-vector product has only n independent sums.
template <class T, int U>
struct Pack {
  static constexpr int kVectors = U;
  static constexpr int kPerVector = SYMDISC_VECTOR_BYTES / static_cast<int>(sizeof(T));
  static constexpr int kLanes = kPerVector * U;
  using Scalar = T;
  using Bits = std::conditional_t<sizeof(T) == 4, int32_t, int64_t>;
  typedef T Vector __attribute__((vector_size(SYMDISC_VECTOR_BYTES)));
  typedef Bits Mask __attribute__((vector_size(SYMDISC_VECTOR_BYTES)));

  Vector part[U];

  static ALWAYS_INLINE Pack fill(T value) {
    Pack out;
    UNROLL for (int u = 0; u < U; u++) out.part[u] = Vector{} + value;
    return out;
  }
  ALWAYS_INLINE T operator[](int lane) const { return part[lane / kPerVector][lane % kPerVector]; }
  ALWAYS_INLINE Pack& operator+=(const Pack& other) {
    UNROLL for (int u = 0; u < U; u++) part[u] += other.part[u];
    return *this;
  }
  ALWAYS_INLINE Pack& operator*=(const Pack& other) {
    UNROLL for (int u = 0; u < U; u++) part[u] *= other.part[u];
    return *this;
  }
  ALWAYS_INLINE Pack& operator*=(T value) {
    UNROLL for (int u = 0; u < U; u++) part[u] *= value;
    return *this;
  }
};

template <class T, int U>
ALWAYS_INLINE Pack<T, U> operator+(Pack<T, U> a, const Pack<T, U>& b) { return a += b; }
template <class T, int U>
ALWAYS_INLINE Pack<T, U> operator*(Pack<T, U> a, const Pack<T, U>& b) { return a *= b; }
template <class T, int U>
ALWAYS_INLINE Pack<T, U> operator*(Pack<T, U> a, T b) { return a *= b; }

template <class P>
ALWAYS_INLINE P absolute(const P& a) {
  constexpr auto kAllButSign = std::numeric_limits<typename P::Bits>::max();
  P out;
  UNROLL for (int u = 0; u < P::kVectors; u++) {
    out.part[u] = typename P::Vector(typename P::Mask(a.part[u]) & kAllButSign);
  }
  return out;
}

// Numbers that are not negative are ordered as the integers of the same bits, infinity and then
// NaN above all; so the larger of a number and NaN is NaN, which floating-point maxima lose.
template <class P>
ALWAYS_INLINE typename P::Mask larger_bits(typename P::Mask a, typename P::Mask b) {
  return a > b ? a : b;
}
template <class P>
ALWAYS_INLINE P larger(const P& a, const P& b) {
  using Mask = typename P::Mask;
  P out;
  UNROLL for (int u = 0; u < P::kVectors; u++) {
    out.part[u] = typename P::Vector(larger_bits<P>(Mask(a.part[u]), Mask(b.part[u])));
  }
  return out;
}
template <class P>
ALWAYS_INLINE P smaller(const P& a, const P& b) {
  using Mask = typename P::Mask;
  P out;
  UNROLL for (int u = 0; u < P::kVectors; u++) {
    const Mask x = Mask(a.part[u]), y = Mask(b.part[u]);
    out.part[u] = typename P::Vector(x < y ? x : y);
  }
  return out;
}

// The largest of all lanes, by halving: lane w against lane w ^ 8, 4, 2, 1.
template <class P, int STEP>
ALWAYS_INLINE typename P::Mask fold(typename P::Mask bits) {
  if constexpr (STEP == 0) {
    return bits;
  } else {
    typename P::Mask other;
    UNROLL for (int w = 0; w < P::kPerVector; w++) other[w] = bits[w ^ STEP];
    return fold<P, STEP / 2>(larger_bits<P>(bits, other));
  }
}
template <class P>
ALWAYS_INLINE typename P::Bits largest_bits(const P* packs, int count) {
  typename P::Mask all = typename P::Mask(packs[0].part[0]);
  UNROLL for (int i = 0; i < count; i++) {
    UNROLL for (int u = 0; u < P::kVectors; u++) {
      all = larger_bits<P>(typename P::Mask(packs[i].part[u]), all);
    }
  }
  return fold<P, P::kPerVector / 2>(all)[0];
}
template <class P>
ALWAYS_INLINE typename P::Scalar largest_lane(const P& a) {
  const typename P::Bits bits = largest_bits(&a, 1);
  typename P::Scalar out;
  std::memcpy(&out, &bits, sizeof out);
  return out;
}

// `rows` samples of D numbers each, a row every `stride` numbers, to D packs; lanes without a
// sample are zero.
template <class P, int D, int STRIDE>
ALWAYS_INLINE void load_fixed(const typename P::Scalar* __restrict from, P* to) {
  auto* out = reinterpret_cast<typename P::Scalar*>(to);
  for (int d = 0; d < D; d++)
    for (int w = 0; w < P::kLanes; w++) out[d * P::kLanes + w] = from[w * STRIDE + d];
}
template <class P, int D, int STRIDE>
ALWAYS_INLINE void store_fixed(const P* from, typename P::Scalar* __restrict to) {
  const auto* in = reinterpret_cast<const typename P::Scalar*>(from);
  for (int w = 0; w < P::kLanes; w++)
    for (int d = 0; d < D; d++) to[w * STRIDE + d] = in[d * P::kLanes + w];
}

#define SYMDISC_WIDTHS(CASE) \
  CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(12) CASE(16)

template <class P>
inline void load(const typename P::Scalar* from, int64_t width, int rows, P* to) {
  auto* out = reinterpret_cast<typename P::Scalar*>(to);
  constexpr int W = P::kLanes;
  if (rows == W) {
    switch (width) {
#define CASE(D) \
  case D: load_fixed<P, D, D>(from, to); return;
      SYMDISC_WIDTHS(CASE)
#undef CASE
      default: break;
    }
  }
  for (int64_t d = 0; d < width; d++) {
    for (int w = 0; w < rows; w++) out[d * W + w] = from[w * width + d];
    for (int w = rows; w < W; w++) out[d * W + w] = 0;
  }
}
template <class P>
inline void store(const P* from, int64_t width, int rows, typename P::Scalar* to) {
  const auto* in = reinterpret_cast<const typename P::Scalar*>(from);
  constexpr int W = P::kLanes;
  if (rows == W) {
    switch (width) {
#define CASE(D) \
  case D: store_fixed<P, D, D>(from, to); return;
      SYMDISC_WIDTHS(CASE)
#undef CASE
      default: break;
    }
  }
  for (int w = 0; w < rows; w++)
    for (int64_t d = 0; d < width; d++) to[w * width + d] = in[d * W + w];
}
