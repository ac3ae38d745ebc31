// Large norms: exp(A) itself by a Taylor polynomial of A / 2^s and s squarings, and its adjoint
// derivative by carrying the derivative through the same products (the Fréchet pair).
//
// Polynomial: Paterson & Stockmeyer, SIAM J. Comput. 2 (1973) 60, in powers of A⁴: degree 8, 12 or
// 16 in 4, 5 or 6 products. Pair: Al-Mohy & Higham, SIAM J. Matrix Anal. Appl. 30 (2009) 1639.
#pragma once
#include <cmath>

#include "matrix.h"
#include "series.h"

// How often each lane is squared: a lane with a small norm must not be scaled for one with a
// large norm beside it, since exp(A / 2^100) rounds to the identity.
template <class P>
struct Squarings {
  P scale;                    // 2^-s of each lane
  typename P::Mask of[P::kVectors];  // s of each lane
  int most;
  bool alike;  // close enough for all lanes to be squared alike
  int blocks;  // of four terms each, in the polynomial
};

template <class P>
ALWAYS_INLINE Squarings<P> squarings_for(const P& norm, double largest) {
  using T = typename P::Scalar;
  using Bits = typename P::Bits;
  using Mask = typename P::Mask;
  constexpr int kMantissa = sizeof(T) == 4 ? 23 : 52;
  constexpr Bits kBias = sizeof(T) == 4 ? 127 : 1023;
  constexpr Bits kRoundUp = (Bits(1) << kMantissa) - 1;
  Squarings<P> out;
  Mask most = Mask{}, least = Mask{} + Bits(kBias);
  UNROLL for (int u = 0; u < P::kVectors; u++) {
    // The exponent of norm / threshold, rounded up, read from the bits of the number.
    const typename P::Vector ratio = norm.part[u] * T(1 / Series<T>::kDegree16);
    Mask s = ((Mask(ratio) + kRoundUp) >> kMantissa) - kBias;
    s = s > 0 ? s : Mask{};
    out.of[u] = s;
    out.scale.part[u] = typename P::Vector((kBias - s) << kMantissa);
    most = s > most ? s : most;
    least = s < least ? s : least;
  }
  Bits high = 0, low = kBias;
  for (int w = 0; w < P::kPerVector; w++) {
    high = most[w] > high ? most[w] : high;
    low = least[w] < low ? least[w] : low;
  }
  out.most = static_cast<int>(high);
  // Every needless squaring doubles the rounding error, of which two leave enough room.
  out.alike = high - low <= 2;
  if (out.alike) {
    UNROLL for (int u = 0; u < P::kVectors; u++) {
      out.scale.part[u] = typename P::Vector((kBias - (Mask{} + high)) << kMantissa);
    }
  }
  out.blocks = largest <= Series<T>::kDegree8 ? 2 : largest <= Series<T>::kDegree12 ? 3 : 4;
  return out;
}

template <class P, int N>
struct Squaring {
  using T = typename P::Scalar;
  using M = Matrix<P, N>;
  static constexpr int NN = N * N;

  // E = exp(A); A is scaled in place.
  static inline void exponential(P* A, const P& norm, double largest, P* E) {
    if constexpr (N == 1) return exponential_of_number(A[0], E[0]);
    const Squarings<P> squarings = squarings_for(norm, largest);
    M::scale(A, squarings.scale);
    P A2[NN], A3[NN], A4[NN], product[NN];
    M::template product<false>(A, A, A2);
    M::template product<false>(A2, A, A3);
    M::template product<false>(A2, A2, A4);
    int block = squarings.blocks - 1;
    for (int e = 0; e < NN; e++) E[e] = A4[e] * kInverse.of[4 * block + 4];
    add_terms(block, A, A2, A3, E);
    while (--block >= 0) {
      M::template product<false>(A4, E, product);
      for (int e = 0; e < NN; e++) E[e] = product[e];
      add_terms(block, A, A2, A3, E);
    }
    for (int i = 0; i < squarings.most; i++) {
      M::template product<false>(E, E, product);
      keep(squarings, i, product, E);
    }
  }

  // E = exp(A) and D becomes the derivative of exp at A in direction D; A is scaled in place.
  static inline void pair(P* A, const P& norm, double largest, P* D, P* E) {
    if constexpr (N == 1) {
      exponential_of_number(A[0], E[0]);
      D[0] *= E[0];
      return;
    }
    const Squarings<P> squarings = squarings_for(norm, largest);
    M::scale(A, squarings.scale);
    M::scale(D, squarings.scale);
    P A2[NN], A3[NN], A4[NN], D2[NN], D3[NN], D4[NN], F[NN], product[NN], derivative[NN];
    M::template product<false>(A, A, A2);
    M::template product<false>(A2, A, A3);
    M::template product<false>(A2, A2, A4);
    derivative_of_product(A, A, D, D, D2);
    derivative_of_product(A2, A, D2, D, D3);
    derivative_of_product(A2, A2, D2, D2, D4);
    int block = squarings.blocks - 1;
    for (int e = 0; e < NN; e++) {
      E[e] = A4[e] * kInverse.of[4 * block + 4];
      F[e] = D4[e] * kInverse.of[4 * block + 4];
    }
    add_terms(block, A, A2, A3, E);
    add_derivatives(block, D, D2, D3, F);
    while (--block >= 0) {
      derivative_of_product(A4, E, D4, F, derivative);
      M::template product<false>(A4, E, product);
      for (int e = 0; e < NN; e++) {
        E[e] = product[e];
        F[e] = derivative[e];
      }
      add_terms(block, A, A2, A3, E);
      add_derivatives(block, D, D2, D3, F);
    }
    for (int i = 0; i < squarings.most; i++) {
      derivative_of_product(E, E, F, F, derivative);
      M::template product<false>(E, E, product);
      keep(squarings, i, derivative, F);
      keep(squarings, i, product, E);
    }
    for (int e = 0; e < NN; e++) D[e] = F[e];
  }

 private:
  // 1 / j!
  struct InverseFactorials {
    T of[17];
    constexpr InverseFactorials() : of{} {
      double factorial = 1;
      for (int j = 0; j <= 16; j++) {
        factorial *= j > 0 ? j : 1;
        of[j] = T(1 / factorial);
      }
    }
  };
  static constexpr InverseFactorials kInverse{};

  // The derivative parts of four consecutive terms of the series: those of A, A² and A³.
  static ALWAYS_INLINE void add_derivatives(int block, const P* A, const P* A2, const P* A3, P* E) {
    const T* c = kInverse.of + 4 * block;
    for (int e = 0; e < NN; e++) E[e] += A[e] * c[1] + (A2[e] * c[2] + A3[e] * c[3]);
  }
  static ALWAYS_INLINE void add_terms(int block, const P* A, const P* A2, const P* A3, P* E) {
    add_derivatives(block, A, A2, A3, E);
    for (int i = 0; i < N; i++) E[i * N + i] += P::fill(kInverse.of[4 * block]);
  }
  // out = A dB + dA B
  static ALWAYS_INLINE void derivative_of_product(const P* A, const P* B, const P* dA, const P* dB,
                                                  P* out) {
    M::template product<false>(A, dB, out);
    M::template product<true>(dA, B, out);
  }
  // Take the squared matrix in the lanes that are still to be squared.
  static ALWAYS_INLINE void keep(const Squarings<P>& squarings, int i, const P* squared, P* into) {
    if (squarings.alike) {
      for (int e = 0; e < NN; e++) into[e] = squared[e];
      return;
    }
    for (int e = 0; e < NN; e++) {
      UNROLL for (int u = 0; u < P::kVectors; u++) {
        into[e].part[u] = squarings.of[u] > i ? squared[e].part[u] : into[e].part[u];
      }
    }
  }
  static ALWAYS_INLINE void exponential_of_number(const P& A, P& E) {
    for (int w = 0; w < P::kLanes; w++)
      E.part[w / P::kPerVector][w % P::kPerVector] = std::exp(A[w]);
  }
};
