// How long a Taylor series has to be: degrees and the largest norms for which they serve.
//
// Thresholds: backward error below half a unit in the last place, Al-Mohy & Higham, SIAM J. Sci.
// Comput. 33 (2011) 488, Table 3.1, recomputed with 60 digits.
#pragma once
#include <limits>

struct Degree {
  int terms;
  double threshold;
};

template <class T>
struct Series;

// The tables end where the terms outgrow the result so far (e^threshold) that their rounding
// errors would cost more than a further sub-step saves.
template <>
struct Series<float> {
  static constexpr Degree kDegrees[] = {{3, 1.123e-2}, {4, 5.117e-2}, {5, 1.308e-1}, {6, 2.495e-1},
                                        {7, 4.015e-1}, {8, 5.800e-1}, {9, 7.795e-1}, {10, 9.951e-1},
                                        {12, 1.461}, {14, 1.959}, {16, 2.478}};
  static constexpr double kDegree8 = 0.5800, kDegree12 = 1.461, kDegree16 = 2.478;
  static constexpr double kLargestNorm = 1e37;
};
template <>
struct Series<double> {
  static constexpr Degree kDegrees[] = {{6, 9.066e-3}, {8, 4.991e-2}, {10, 1.442e-1}, {12, 2.996e-1},
                                        {14, 5.139e-1}, {16, 7.802e-1}, {18, 1.091}, {20, 1.438},
                                        {22, 1.816}, {25, 2.428}};
  static constexpr double kDegree8 = 4.991e-2, kDegree12 = 0.2996, kDegree16 = 0.7802;
  static constexpr double kLargestNorm = 1e305;
};

constexpr int kMostTerms = 25;

struct Plan {
  int terms;
  int steps;  // exp(A) = exp(A / steps)^steps
};

// The fewest matrix-vector products for exponents of at most this norm. Several steps of a short
// series are never the best, so those are taken from the longer half of the table.
template <class T>
inline Plan plan_for(double norm) {
  constexpr auto& degrees = Series<T>::kDegrees;
  constexpr int count = sizeof(degrees) / sizeof(Degree);
  for (const Degree& degree : degrees)
    if (norm <= degree.threshold) return {degree.terms, 1};
  Plan best{0, 0};
  long least = std::numeric_limits<long>::max();
  for (int i = count / 2; i < count; i++) {
    const long steps = static_cast<long>(norm / degrees[i].threshold) + 1;
    if (steps * degrees[i].terms < least) {
      least = steps * degrees[i].terms;
      best = {degrees[i].terms, static_cast<int>(steps)};
    }
  }
  return best;
}
template <class T>
inline int most_steps(double norm) {
  constexpr auto& degrees = Series<T>::kDegrees;
  return static_cast<int>(norm / degrees[sizeof(degrees) / sizeof(Degree) / 2].threshold) + 2;
}

// 1/j, looked up: a division would stand in the middle of the innermost dependency.
template <class T>
struct Reciprocals {
  T of[kMostTerms + 1];
  constexpr Reciprocals() : of{} {
    for (int j = 1; j <= kMostTerms; j++) of[j] = T(1.0 / j);
  }
};
template <class T>
inline constexpr Reciprocals<T> kReciprocals{};
