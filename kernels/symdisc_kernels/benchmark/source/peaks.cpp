// What one core can do at most: multiply-adds in registers, and memory traffic. Timed by the caller.
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

#if defined(__AVX512F__)
constexpr int kBytes = 64;
#elif defined(__AVX__)
constexpr int kBytes = 32;
#else
constexpr int kBytes = 16;
#endif

// Enough independent sums for the latency of two multiply-add units, few enough for 16 registers.
constexpr int kSums = 12;

template <class T>
double multiply_add(int64_t rounds) {
  typedef T Vector __attribute__((vector_size(kBytes)));
  const Vector factor = Vector{} + T(0.999999), term = Vector{} + T(1e-7);
  Vector sums[kSums];
  for (int i = 0; i < kSums; i++) sums[i] = Vector{} + T(i);
  for (int64_t round = 0; round < rounds; round++) {
#pragma GCC unroll 12
    for (int i = 0; i < kSums; i++) sums[i] = sums[i] * factor + term;
  }
  Vector total{};
  for (int i = 0; i < kSums; i++) total += sums[i];
  return total[0];
}

}  // namespace

extern "C" {

// The result depends on every operation, so that none is left out.
double multiply_add_float(int64_t rounds) { return multiply_add<float>(rounds); }
double multiply_add_double(int64_t rounds) { return multiply_add<double>(rounds); }
int64_t operations_per_round(int64_t item_size) { return 2 * kSums * (kBytes / item_size); }

double read_memory(const char* memory, int64_t size) {
  typedef uint64_t Vector __attribute__((vector_size(kBytes)));
  Vector sums[4] = {};
  for (int64_t i = 0; i + 4 * kBytes <= size; i += 4 * kBytes) {
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++) {
      Vector value;
      std::memcpy(&value, memory + i + j * kBytes, kBytes);
      sums[j] ^= value;
    }
  }
  return static_cast<double>((sums[0] ^ sums[1] ^ sums[2] ^ sums[3])[0]);
}

void copy_memory(char* target, const char* source, int64_t size) {
  std::memcpy(target, source, static_cast<std::size_t>(size));
}
}
