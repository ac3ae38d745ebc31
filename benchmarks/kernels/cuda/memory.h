// Vectors and rows of coefficients in memory, as many numbers at once as their sizes allow.
#pragma once
#include <cuda_runtime.h>

#include "action.h"

template <int N>
DEVICE void load(const float* from, float* v) {
  if constexpr (N % 4 == 0) {
    UNROLL for (int i = 0; i < N; i += 4) {
      const float4 part = reinterpret_cast<const float4*>(from)[i / 4];
      v[i] = part.x, v[i + 1] = part.y, v[i + 2] = part.z, v[i + 3] = part.w;
    }
  } else if constexpr (N == 2) {
    const float2 both = *reinterpret_cast<const float2*>(from);
    v[0] = both.x, v[1] = both.y;
  } else {
    UNROLL for (int i = 0; i < N; i++) v[i] = from[i];
  }
}

template <int N>
DEVICE void store(float* to, const float* v) {
  if constexpr (N % 4 == 0) {
    UNROLL for (int i = 0; i < N; i += 4)
      reinterpret_cast<float4*>(to)[i / 4] = make_float4(v[i], v[i + 1], v[i + 2], v[i + 3]);
  } else if constexpr (N == 2) {
    *reinterpret_cast<float2*>(to) = make_float2(v[0], v[1]);
  } else {
    UNROLL for (int i = 0; i < N; i++) to[i] = v[i];
  }
}

template <int N>
DEVICE void fill(float* v, float value) {
  UNROLL for (int i = 0; i < N; i++) v[i] = value;
}

// The four coefficients of a row from `first` on; zero beyond k.
DEVICE float4 coefficients_from(const float* row, int first, int k) {
  if (k % 4 == 0) return *reinterpret_cast<const float4*>(row + first);
  float4 z = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
  if (k % 2 == 0) {
    const float2 low = *reinterpret_cast<const float2*>(row + first);
    z.x = low.x, z.y = low.y;
    if (first + 2 < k) {
      const float2 high = *reinterpret_cast<const float2*>(row + first + 2);
      z.z = high.x, z.w = high.y;
    }
    return z;
  }
  z.x = row[first];
  if (first + 1 < k) z.y = row[first + 1];
  if (first + 2 < k) z.z = row[first + 2];
  if (first + 3 < k) z.w = row[first + 3];
  return z;
}

DEVICE void store_coefficients(float* row, int first, int k, float4 z) {
  if (k % 4 == 0) {
    *reinterpret_cast<float4*>(row + first) = z;
  } else if (k % 2 == 0) {
    *reinterpret_cast<float2*>(row + first) = make_float2(z.x, z.y);
    if (first + 2 < k) *reinterpret_cast<float2*>(row + first + 2) = make_float2(z.z, z.w);
  } else {
    row[first] = z.x;
    if (first + 1 < k) row[first + 1] = z.y;
    if (first + 2 < k) row[first + 2] = z.z;
    if (first + 3 < k) row[first + 3] = z.w;
  }
}

DEVICE void add_scaled(float4& sum, float factor, float4 part) {
  sum.x += factor * part.x, sum.y += factor * part.y;
  sum.z += factor * part.z, sum.w += factor * part.w;
}

// Keep a row of coefficients, filled up with zeros; a row of zeros beyond the batch.
DEVICE void keep_coefficients(const float* row, int k, bool valid, float4* kept) {
#pragma unroll 4
  for (int first = 0; first < k; first += 4)
    kept[first / 4] =
        valid ? coefficients_from(row, first, k) : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
}
