// Large norms: exp(A) itself by a Taylor polynomial of A / 2^s and s squarings, and its adjoint
// derivative by carrying the derivative through the same products (the Fréchet pair).
//
// Polynomial: degree 8 in three products, Bader, Blanes, Casas, Mathematics 7 (2019) 1174,
// eq. (13). Pair: Al-Mohy & Higham, SIAM J. Matrix Anal. Appl. 30 (2009) 1639.
#pragma once
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
};

template <class P>
ALWAYS_INLINE Squarings<P> squarings_for(const P& norm) {
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
    const typename P::Vector ratio = norm.part[u] * T(1 / Series<T>::kDegree8);
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
  return out;
}

template <class P, int N>
struct Squaring {
  using T = typename P::Scalar;
  using M = Matrix<P, N>;
  static constexpr int NN = N * N;

  // Coefficients of eq. (13); kRoot = sqrt(177).
  static constexpr double kRoot = 13.30413469565007072504;
  static constexpr double x3 = 2. / 3., x1 = x3 * ((1. + kRoot) / 88.),
                          x2 = x3 * ((1. + kRoot) / 352.), x4 = (-271. + 29. * kRoot) / (315. * x3),
                          x5 = (-11. + 11. * kRoot) / (1260. * x3),
                          x6 = (-99. + 11. * kRoot) / (5040. * x3),
                          x7 = (89. - kRoot) / (5040. * x3 * x3), y2 = (857. - 58. * kRoot) / 630.;

  // E = exp(A); A is scaled in place.
  static inline void exponential(P* A, const P& norm, P* E) {
    const Squarings<P> squarings = squarings_for(norm);
    M::scale(A, squarings.scale);
    P A2[NN], A4[NN], left[NN], right[NN];
    M::template product<false>(A, A, A2);
    for (int e = 0; e < NN; e++) left[e] = A[e] * T(x1) + A2[e] * T(x2);
    M::template product<false>(A2, left, A4);
    factors(A, A2, A4, left, right);
    add_to_diagonal(right, T(x4));
    M::template product<false>(left, right, E);
    for (int e = 0; e < NN; e++) E[e] += A[e] + A2[e] * T(y2);
    add_to_diagonal(E, T(1));
    for (int i = 0; i < squarings.most; i++) {
      M::template product<false>(E, E, left);
      keep(squarings, i, left, E);
    }
  }

  // E = exp(A) and D becomes the derivative of exp at A in direction D; A is scaled in place.
  static inline void pair(P* A, const P& norm, P* D, P* E) {
    const Squarings<P> squarings = squarings_for(norm);
    M::scale(A, squarings.scale);
    M::scale(D, squarings.scale);
    P A2[NN], A4[NN], left[NN], right[NN], D2[NN], D4[NN], dleft[NN], dright[NN];
    M::template product<false>(A, A, A2);
    both_products(A, A, D, D, D2);
    for (int e = 0; e < NN; e++) {
      left[e] = A[e] * T(x1) + A2[e] * T(x2);
      dleft[e] = D[e] * T(x1) + D2[e] * T(x2);
    }
    M::template product<false>(A2, left, A4);
    both_products(A2, left, D2, dleft, D4);
    factors(A, A2, A4, left, right);
    factors(D, D2, D4, dleft, dright);
    add_to_diagonal(right, T(x4));  // constant: the derivative `dright` has no such part
    M::template product<false>(left, right, E);
    for (int e = 0; e < NN; e++) {
      E[e] += A[e] + A2[e] * T(y2);
      D[e] += D2[e] * T(y2);
    }
    add_to_diagonal(E, T(1));
    M::template product<true>(left, dright, D);
    M::template product<true>(dleft, right, D);
    for (int i = 0; i < squarings.most; i++) {
      both_products(E, E, D, D, dleft);
      M::template product<false>(E, E, left);
      keep(squarings, i, dleft, D);
      keep(squarings, i, left, E);
    }
  }

 private:
  // The two factors of the last product but for x4 I, from A, A² and the second product.
  static ALWAYS_INLINE void factors(const P* A, const P* A2, const P* A4, P* left, P* right) {
    for (int e = 0; e < NN; e++) {
      left[e] = A2[e] * T(x3) + A4[e];
      right[e] = A[e] * T(x5) + A2[e] * T(x6) + A4[e] * T(x7);
    }
  }
  static ALWAYS_INLINE void add_to_diagonal(P* A, T value) {
    for (int i = 0; i < N; i++) A[i * N + i] += P::fill(value);
  }
  // out = A dB + dA B, the derivative of A B
  static ALWAYS_INLINE void both_products(const P* A, const P* B, const P* dA, const P* dB, P* out) {
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
};
