// y = exp(A) x and its reverse for one sample, in the registers of one thread.
//
// The action has the algorithm, degrees and norms of the Triton kernels: a Taylor series in sub-steps
// (Al-Mohy & Higham, SIAM J. Sci. Comput. 33 (2011) 488). The gradient has fewer terms than theirs
// (those of the action) up to n = 4, and beyond one more node and therefore longer sub-steps. Plain
// C++, so that it can be compiled for the CPU as well.
#pragma once

#ifdef __CUDACC__
#define DEVICE __device__ __forceinline__
#define TABLE __constant__ const
#else
#define DEVICE inline
#define TABLE static const
#endif
#define UNROLL _Pragma("unroll")

constexpr int kMostTerms = 13;

// Where a sub-step ends: beyond it rounding of the terms costs more than fewer sub-steps save.
constexpr float kStepNorm = 1.7f;
// The same where five nodes integrate the gradient, up to which they do so to rounding error.
constexpr float kNodeNorm = 1.648f;
// Beyond it a sample is lost (NaN): there are no matrix products here, only sub-steps.
constexpr float kMostNorm = 100.0f;

// Gauss-Legendre quadrature on [0, 1]; the nodes lie symmetrically.
constexpr int kNodes = 5;
TABLE float kNodePlaces[kNodes] = {0.04691007703066800f, 0.23076534494715845f, 0.5f,
                                   0.76923465505284155f, 0.95308992296933200f};
TABLE float kNodeWeights[kNodes] = {0.11846344252809454f, 0.23931433524968324f,
                                    0.28444444444444444f, 0.23931433524968324f,
                                    0.11846344252809454f};
TABLE float kReciprocals[kMostTerms + 1] = {0.0f,     1.0f,     1 / 2.0f,  1 / 3.0f,  1 / 4.0f,
                                            1 / 5.0f, 1 / 6.0f, 1 / 7.0f,  1 / 8.0f,  1 / 9.0f,
                                            1 / 10.0f, 1 / 11.0f, 1 / 12.0f, 1 / 13.0f};

// How a norm is served: `count` equal sub-steps, a share of the exponent and a degree for each.
struct Steps {
  int count;
  float share;
  int degree;
};

// The smallest degree whose backward error at this norm is below half a unit in the last place.
DEVICE int degree_of(float norm) {
  return norm <= 1.12e-2f  ? 3
         : norm <= 5.12e-2f ? 4
         : norm <= 0.1308f ? 5
         : norm <= 0.2495f ? 6
         : norm <= 0.4015f ? 7
         : norm <= 0.5801f ? 8
         : norm <= 0.9952f ? 10
         : norm <= 1.462f  ? 12
                           : 13;
}

DEVICE Steps steps_of(float norm, float most) {
  const int whole = static_cast<int>(norm / most);
  const int count = whole < norm / most ? whole + 1 : whole;
  const float share = 1.0f / (count > 1 ? count : 1);
  return {count > 1 ? count : 1, share, degree_of(norm * share)};
}

// Calls run<degree>, so that the loop over the terms has a fixed length.
template <class Run>
DEVICE void with_degree(int degree, Run run) {
  switch (degree) {
    case 3: run.template terms<3>(); break;
    case 4: run.template terms<4>(); break;
    case 5: run.template terms<5>(); break;
    case 6: run.template terms<6>(); break;
    case 7: run.template terms<7>(); break;
    case 8: run.template terms<8>(); break;
    case 10: run.template terms<10>(); break;
    case 12: run.template terms<12>(); break;
    default: run.template terms<13>(); break;
  }
}

// out = A v, or Aᵀ v
template <int N, bool TRANSPOSED>
DEVICE void times(const float* A, const float* v, float* out) {
  UNROLL for (int i = 0; i < N; i++) {
    out[i] = A[TRANSPOSED ? i : i * N] * v[0];
    UNROLL for (int j = 1; j < N; j++) out[i] += A[TRANSPOSED ? j * N + i : i * N + j] * v[j];
  }
}

// The largest column sum; NaN where it is not finite.
template <int N>
DEVICE float norm_of(const float* A) {
  float largest = 0.0f, poison = 0.0f;
  UNROLL for (int j = 0; j < N; j++) {
    float sum = 0.0f;
    UNROLL for (int i = 0; i < N; i++) sum += A[i * N + j] < 0.0f ? -A[i * N + j] : A[i * N + j];
    largest = sum > largest ? sum : largest;
    poison += sum * 0.0f;  // a comparison hides a NaN
  }
  return largest + poison;
}

// h_{j-1} = x + A h_j / j from h_M = x down to h_0 = exp(A) x, in place.
template <int N>
struct TaylorStep {
  const float* A;
  float* x;

  template <int M>
  DEVICE void terms() const {
    float h[N], product[N];
    UNROLL for (int i = 0; i < N; i++) h[i] = x[i];
    UNROLL for (int j = M; j >= 1; j--) {
      times<N, false>(A, h, product);
      UNROLL for (int i = 0; i < N; i++) h[i] = x[i] + product[i] * (1.0f / j);
    }
    UNROLL for (int i = 0; i < N; i++) x[i] = h[i];
  }
};

// x becomes exp(count A) x.
template <int N>
DEVICE void repeated_taylor(const float* A, int degree, int count, float* x) {
#pragma unroll 1
  for (int step = 0; step < count; step++) with_degree(degree, TaylorStep<N>{A, x});
}

// The reverse of one sub-step with all h_j kept in registers: g becomes exp(A)ᵀ g, and the gradient
// Σ_j s_j h_jᵀ of A is added to `total`, where s_j = g_{j-1} / j and g_j = Aᵀ s_j.
template <int N>
struct HistoryStep {
  const float* A;
  const float* x;
  float* g;
  float* total;

  template <int M>
  DEVICE void terms() const {
    float h[M + 1][N], product[N], s[N];
    UNROLL for (int i = 0; i < N; i++) h[M][i] = x[i];
    UNROLL for (int j = M; j >= 2; j--) {
      times<N, false>(A, h[j], product);
      UNROLL for (int i = 0; i < N; i++) h[j - 1][i] = x[i] + product[i] * (1.0f / j);
    }
    UNROLL for (int i = 0; i < N; i++) product[i] = g[i];
    UNROLL for (int j = 1; j <= M; j++) {
      UNROLL for (int i = 0; i < N; i++) {
        s[i] = product[i] * (1.0f / j);
        UNROLL for (int l = 0; l < N; l++) total[i * N + l] += s[i] * h[j][l];
      }
      times<N, true>(A, s, product);
      UNROLL for (int i = 0; i < N; i++) g[i] += product[i];
    }
  }
};

// exp(t A) x (or exp(t Aᵀ) x) at the nodes t, and in x at t = 1.
template <int N, bool TRANSPOSED>
DEVICE void at_nodes(const float* A, int degree, float* x, float (*sums)[N]) {
  float term[N], product[N], powers[kNodes], last = 1.0f;
  UNROLL for (int i = 0; i < N; i++) term[i] = x[i];
  UNROLL for (int q = 0; q < kNodes; q++) {
    powers[q] = 1.0f;
    UNROLL for (int i = 0; i < N; i++) sums[q][i] = x[i];
  }
#pragma unroll 1
  for (int j = 1; j <= degree; j++) {
    times<N, TRANSPOSED>(A, term, product);
    last *= kReciprocals[j];
    UNROLL for (int q = 0; q < kNodes; q++) powers[q] *= kNodePlaces[q] * kReciprocals[j];
    UNROLL for (int i = 0; i < N; i++) {
      term[i] = product[i];
      x[i] += last * term[i];
      UNROLL for (int q = 0; q < kNodes; q++) sums[q][i] += powers[q] * term[i];
    }
  }
}

// The reverse of one sub-step by quadrature of ∫ exp((1 - t) A)ᵀ g (exp(t A) x)ᵀ dt: no term is
// kept. The first factor is read at the mirrored node. The second waits in `kept`, memory for
// kNodes n numbers, because registers do not suffice.
template <int N>
DEVICE void quadrature_step(const float* A, int degree, float* x, float* g, float* total,
                            float* kept) {
  float v[kNodes][N], u[kNodes][N];
  at_nodes<N, false>(A, degree, x, v);
  UNROLL for (int q = 0; q < kNodes; q++)
    UNROLL for (int i = 0; i < N; i++) kept[q * N + i] = v[q][i];
  at_nodes<N, true>(A, degree, g, u);
  UNROLL for (int q = 0; q < kNodes; q++)
    UNROLL for (int i = 0; i < N; i++) {
      u[q][i] *= kNodeWeights[q];
      v[q][i] = kept[q * N + i];
    }
  UNROLL for (int i = 0; i < N; i++) {
    float sum[N];
    UNROLL for (int j = 0; j < N; j++) sum[j] = total[i * N + j];
    UNROLL for (int q = 0; q < kNodes; q++)
      UNROLL for (int j = 0; j < N; j++) sum[j] += u[kNodes - 1 - q][i] * v[q][j];
    UNROLL for (int j = 0; j < N; j++) total[i * N + j] = sum[j];
  }
}

template <int N>
constexpr bool kHistory = N <= 4;
template <int N>
constexpr float kReverseNorm = kHistory<N> ? kStepNorm : kNodeNorm;
// Numbers that `reverse` keeps in memory.
template <int N>
constexpr int kKept = kHistory<N> ? 0 : (kNodes + 1) * N;

// The reverse of all sub-steps, last first. The start of each is computed again: steps are few.
template <int N>
DEVICE void reverse(const float* A, Steps steps, const float* x, float* g, float* total,
                    float* kept) {
  float* const kept_x = kept + kNodes * N;
  if constexpr (!kHistory<N>)
    UNROLL for (int i = 0; i < N; i++) kept_x[i] = x[i];
#pragma unroll 1
  for (int step = 0; step < steps.count; step++) {
    float start[N];
    UNROLL for (int i = 0; i < N; i++) start[i] = kHistory<N> ? x[i] : kept_x[i];
    repeated_taylor<N>(A, steps.degree, steps.count - 1 - step, start);
    if constexpr (kHistory<N>) {
      with_degree(steps.degree, HistoryStep<N>{A, start, g, total});
    } else {
      quadrature_step<N>(A, steps.degree, start, g, total, kept);
    }
  }
}
