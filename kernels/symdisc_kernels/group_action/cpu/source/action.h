// Small norms: exp(A) x by a Taylor series in Horner form, without ever forming exp(A).
//
// Al-Mohy & Higham, Computing the action of the matrix exponential, SIAM J. Sci. Comput. 33
// (2011) 488. `A` is the exponent of one sub-step throughout.
#pragma once
#include "matrix.h"
#include "series.h"

template <class P, int N>
struct Action {
  using T = typename P::Scalar;
  using M = Matrix<P, N>;

  // h_j = x + A h_{j+1} / j from j = terms down to 1, so that h_1 = exp(A) x.
  static ALWAYS_INLINE void step(const P* A, int terms, P* x) {
    P h[N], product[N];
    UNROLL for (int i = 0; i < N; i++) h[i] = x[i];
    for (int j = terms; j >= 1; j--) {
      M::template times<false>(A, h, product);
      const T r = kReciprocals<T>.of[j];
      UNROLL for (int i = 0; i < N; i++) h[i] = x[i] + product[i] * r;
    }
    UNROLL for (int i = 0; i < N; i++) x[i] = h[i];
  }

  // The reverse of `step`: g becomes exp(A)ᵀ g, and Σ_j t_j h_{j+1}ᵀ is added to the gradient of
  // A, where t_j = Aᵀ t_{j-1} / j are the terms of the series of g.
  static inline void reverse_step(const P* A, int terms, const P* x, P* g, P* gradient) {
    P h[(kMostTerms + 1) * N], t[(kMostTerms + 1) * N], product[N];
    UNROLL for (int i = 0; i < N; i++) h[terms * N + i] = x[i];
    for (int j = terms; j >= 2; j--) {
      M::template times<false>(A, h + j * N, product);
      const T r = kReciprocals<T>.of[j];
      UNROLL for (int i = 0; i < N; i++) h[(j - 1) * N + i] = x[i] + product[i] * r;
    }
    P term[N];
    UNROLL for (int i = 0; i < N; i++) term[i] = g[i];
    for (int j = 1; j <= terms; j++) {
      const T r = kReciprocals<T>.of[j];
      UNROLL for (int i = 0; i < N; i++) t[j * N + i] = term[i] = term[i] * r;
      M::template times<true>(A, term, product);
      UNROLL for (int i = 0; i < N; i++) {
        term[i] = product[i];
        g[i] += product[i];
      }
    }
    add_outer_products(t + N, h + N, terms, gradient);
  }

  // gradient += Σ_j t_j h_jᵀ, as many rows at once as the registers hold
  static ALWAYS_INLINE void add_outer_products(const P* t, const P* h, int terms, P* gradient) {
    constexpr int kRows = N * N * P::kVectors <= 18 ? N : (2 * N * P::kVectors <= 20 ? 2 : 1);
    int first = 0;
    for (; first + kRows <= N; first += kRows) rows<kRows>(t + first, h, terms, gradient + first * N);
    if constexpr (N % kRows != 0) rows<N % kRows>(t + first, h, terms, gradient + first * N);
  }

 private:
  template <int ROWS>
  static ALWAYS_INLINE void rows(const P* t, const P* h, int terms, P* gradient) {
    P sum[ROWS * N];
    UNROLL for (int e = 0; e < ROWS * N; e++) sum[e] = gradient[e];
    for (int j = 0; j < terms; j++) {
      UNROLL for (int i = 0; i < ROWS; i++) {
        const P factor = t[j * N + i];
        UNROLL for (int l = 0; l < N; l++) sum[i * N + l] += factor * h[j * N + l];
      }
    }
    UNROLL for (int e = 0; e < ROWS * N; e++) gradient[e] = sum[e];
  }
};
