// Small matrices of packs, row by row: products, norms, the exponent of a block of samples.
#pragma once
#include "simd.h"

template <class P, int N>
struct Matrix {
  using T = typename P::Scalar;
  static constexpr int NN = N * N;
  // Sums that are carried at once; more would not fit into the registers.
  static constexpr int kTile = P::kVectors * N <= 16 ? N : 16 / P::kVectors;

  // out = A h (or Aᵀ h), sums of a tile of rows side by side
  template <bool TRANSPOSED>
  static ALWAYS_INLINE void times(const P* A, const P* h, P* out) {
    UNROLL for (int first = 0; first < N; first += kTile) {
      P sum[kTile];
      UNROLL for (int j = 0; j < N; j++) {
        UNROLL for (int t = 0; t < kTile; t++) {
          const int i = first + t;
          if (i >= N) continue;
          const P& entry = TRANSPOSED ? A[j * N + i] : A[i * N + j];
          if (j == 0) sum[t] = entry * h[j];
          else sum[t] += entry * h[j];
        }
      }
      UNROLL for (int t = 0; t < kTile; t++)
        if (first + t < N) out[first + t] = sum[t];
    }
  }
  // C = A B, or C += A B
  template <bool ADD>
  static ALWAYS_INLINE void product(const P* A, const P* B, P* C) {
    for (int i = 0; i < N; i++) {
      UNROLL for (int first = 0; first < N; first += kTile) {
        P sum[kTile];
        UNROLL for (int t = 0; t < kTile; t++)
          if (ADD && first + t < N) sum[t] = C[i * N + first + t];
        UNROLL for (int l = 0; l < N; l++) {
          UNROLL for (int t = 0; t < kTile; t++) {
            if (first + t >= N) continue;
            if (l == 0 && !ADD) sum[t] = A[i * N] * B[first + t];
            else sum[t] += A[i * N + l] * B[l * N + first + t];
          }
        }
        UNROLL for (int t = 0; t < kTile; t++)
          if (first + t < N) C[i * N + first + t] = sum[t];
      }
    }
  }
  static ALWAYS_INLINE void scale(P* A, const P& by) {
    for (int e = 0; e < NN; e++) A[e] *= by;
  }
  // A = Σ_q z_q L_q, the generators being the same for all lanes
  static ALWAYS_INLINE void exponent(const P* z, const T* L, int64_t k, P* A) {
    constexpr int kEntries = 16 / P::kVectors < NN ? 16 / P::kVectors : NN;
    int first = 0;
    for (; first + kEntries <= NN; first += kEntries) entries<kEntries>(z, L + first, k, A + first);
    if constexpr (NN % kEntries != 0) entries<NN % kEntries>(z, L + first, k, A + first);
  }
  // The smaller of the largest column sum and the largest row sum, of each lane.
  static ALWAYS_INLINE P norm(const P* A) {
    P rows = P::fill(0), columns[N];
    for (int i = 0; i < N; i++) {
      P row = P::fill(0);
      UNROLL for (int j = 0; j < N; j++) {
        const P a = absolute(A[i * N + j]);
        row += a;
        if (i == 0) columns[j] = a;
        else columns[j] += a;
      }
      rows = larger(row, rows);
    }
    P column = columns[0];
    UNROLL for (int j = 1; j < N; j++) column = larger(columns[j], column);
    return smaller(rows, column);
  }

 private:
  template <int COUNT>
  static ALWAYS_INLINE void entries(const P* z, const T* L, int64_t k, P* A) {
    P sum[COUNT];
    UNROLL for (int e = 0; e < COUNT; e++) sum[e] = z[0] * L[e];
    for (int64_t q = 1; q < k; q++) {
      const P coefficient = z[q];
      UNROLL for (int e = 0; e < COUNT; e++) sum[e] += coefficient * L[q * NN + e];
    }
    UNROLL for (int e = 0; e < COUNT; e++) A[e] = sum[e];
  }
};
