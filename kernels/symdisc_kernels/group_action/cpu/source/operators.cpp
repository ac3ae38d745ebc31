// The CPU operators: arguments made ready, samples spread over threads, derivatives for autograd.
//
// The arithmetic is in kernel.cpp, one shared library for each size and type of number, loaded by
// load_kernel. Autograd nodes are written here rather than in Python because for small batches
// the way through Python takes longer than the arithmetic.
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <dlfcn.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/library.h>

#include <mutex>
#include <vector>

namespace {

using at::Tensor;
using torch::autograd::variable_list;

constexpr int64_t kMostSize = 16;
// Samples that one thread computes without asking for more: a multiple of every block size.
constexpr int64_t kChunk = 1536;
// Gradients of generators are summed chunk by chunk in a fixed order, whatever the number of
// threads; no more partial sums than this for each member of an ensemble.
constexpr int64_t kMostPartialSums = 64;

struct Kernel {
  void (*forward)(const void*, const void*, const void*, void*, int64_t, int64_t, int64_t, int64_t);
  void (*backward)(const void*, const void*, const void*, const void*, void*, double*, void*,
                   int64_t, int64_t, int64_t, int64_t);
  void (*expm)(const void*, void*, int64_t, int64_t);
  void (*expm_backward)(const void*, const void*, void*, int64_t, int64_t);
};
Kernel kernels[2][kMostSize + 1];

template <class Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  TORCH_CHECK(function, "the library of the CPU kernel lacks ", name);
}

void load_kernel(std::string path, int64_t n, bool wide) {
  TORCH_CHECK(1 <= n && n <= kMostSize, "CPU kernels are for n = 1…", kMostSize, "; got ", n);
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  TORCH_CHECK(library, "the CPU kernel cannot be loaded: ", dlerror());
  Kernel kernel;
  find(library, "symdisc_forward", kernel.forward);
  find(library, "symdisc_backward", kernel.backward);
  find(library, "symdisc_expm", kernel.expm);
  find(library, "symdisc_expm_backward", kernel.expm_backward);
  kernels[wide][n] = kernel;
}

const Kernel& kernel_for(const Tensor& like) {
  const int64_t n = like.size(-1);
  TORCH_CHECK(like.scalar_type() == at::kFloat || like.scalar_type() == at::kDouble,
              "no CPU kernel computes in ", like.scalar_type());
  TORCH_CHECK(n <= kMostSize && kernels[like.scalar_type() == at::kDouble][n].forward,
              "no CPU kernel for n = ", n, " in ", like.scalar_type(),
              " is loaded; call symdisc_kernels.group_action or expm, which load it");
  return kernels[like.scalar_type() == at::kDouble][n];
}

bool is_half(const Tensor& tensor) {
  return tensor.scalar_type() == at::kHalf || tensor.scalar_type() == at::kBFloat16;
}

// A tensor with its leading dimensions as one, the others in the order in which the kernel reads
// them. Reading pointers and strides by hand saves the microseconds that views cost.
class Members {
 public:
  Members(const Tensor& tensor, int64_t own) : tensor_(tensor) {
    if (!tensor.is_contiguous()) flatten(own);
    int64_t size = 1;
    for (int64_t d = tensor_.dim() - own; d < tensor_.dim(); d++) size *= tensor_.size(d);
    stride_ = (expanded_ ? tensor_.stride(0) : size) * tensor_.element_size();
  }
  const char* at(int64_t index) const {
    return static_cast<const char*>(tensor_.const_data_ptr()) + index * stride_;
  }

 private:
  // One copy of what all members share serves them all.
  void flatten(int64_t own) {
    std::vector<int64_t> shape{1};
    const int64_t leading = tensor_.dim() - own;
    for (int64_t d = 0; d < leading; d++) shape[0] *= tensor_.size(d);
    for (int64_t d = leading; d < tensor_.dim(); d++) shape.push_back(tensor_.size(d));
    tensor_ = tensor_.reshape(shape);
    expanded_ = tensor_.numel() > 0 && tensor_.select(0, 0).is_contiguous();
    if (!expanded_) tensor_ = tensor_.contiguous();
  }
  Tensor tensor_;
  int64_t stride_;
  bool expanded_ = false;
};
char* member(Tensor& result, int64_t index, int64_t size) {
  return static_cast<char*>(result.mutable_data_ptr()) + index * size * result.element_size();
}
Tensor fresh(const Tensor& like) { return at::empty(like.sizes(), like.options()); }

// Threads are worth their start from about 20 µs of arithmetic on.
int64_t grain(int64_t operations_each) {
  return std::max<int64_t>(1, 1'000'000 / std::max<int64_t>(1, operations_each));
}

void check_like(const Tensor& gradient, const Tensor& values) {
  TORCH_CHECK(gradient.sizes() == values.sizes() && gradient.scalar_type() == values.scalar_type(),
              "the gradient does not fit: ", gradient.sizes(), values.sizes());
}

struct Problem {
  Members z, L, x;
  int64_t E = 1, B, k, c, n;
  bool nothing_moves;

  Problem(const Tensor& coefficients, const Tensor& generators, const Tensor& points)
      : z(coefficients, 2), L(generators, 3), x(points, 3) {
    check(coefficients, generators, points);
    for (int64_t d = 0; d < points.dim() - 3; d++) E *= points.size(d);
    B = points.size(-3), k = coefficients.size(-1), c = points.size(-2), n = points.size(-1);
    nothing_moves = points.numel() == 0 || k == 0;
  }
  // The public functions explain what does not fit; here it only must not reach the kernel.
  static void check(const Tensor& z, const Tensor& L, const Tensor& x) {
    const int64_t dims = x.dim();
    TORCH_CHECK(dims >= 3 && z.dim() == dims - 1 && L.dim() == dims &&
                    z.scalar_type() == x.scalar_type() && L.scalar_type() == x.scalar_type() &&
                    z.size(-2) == x.size(-3) && z.size(-1) == L.size(-3) &&
                    L.size(-1) == x.size(-1) && L.size(-2) == x.size(-1) &&
                    z.sizes().slice(0, dims - 3) == x.sizes().slice(0, dims - 3) &&
                    L.sizes().slice(0, dims - 3) == x.sizes().slice(0, dims - 3),
                "arguments do not fit: ", z.sizes(), L.sizes(), x.sizes());
  }
  // About 16 terms of a series for each component.
  int64_t operations() const { return n * n * (k + 16 * c); }
};

Tensor group_action(const Tensor& coefficients, const Tensor& generators, const Tensor& points) {
  if (is_half(points)) {
    return group_action(coefficients.to(at::kFloat), generators.to(at::kFloat),
                        points.to(at::kFloat)).to(points.scalar_type());
  }
  const Problem p(coefficients, generators, points);
  Tensor y = fresh(points);
  if (p.nothing_moves) return y.copy_(points);
  const Kernel& kernel = kernel_for(points);
  const int64_t chunks = (p.B + kChunk - 1) / kChunk;
  const int64_t samples = std::min(kChunk, p.B);
  at::parallel_for(0, p.E * chunks, grain(samples * p.operations()), [&](int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
      const int64_t e = task / chunks, begin = task % chunks * kChunk;
      kernel.forward(p.z.at(e), p.L.at(e), p.x.at(e), member(y, e, p.B * p.c * p.n), begin,
                     std::min(p.B, begin + kChunk), p.k, p.c);
    }
  });
  return y;
}

template <class T>
void add_up(const std::vector<double>& partial, int64_t E, int64_t chunks, int64_t entries, T* to) {
  for (int64_t e = 0; e < E; e++)
    for (int64_t i = 0; i < entries; i++) {
      double sum = 0;
      for (int64_t chunk = 0; chunk < chunks; chunk++)
        sum += partial[(e * chunks + chunk) * entries + i];
      to[e * entries + i] = static_cast<T>(sum);
    }
}

using Gradients = std::tuple<Tensor, Tensor, Tensor>;

Gradients group_action_backward(const Tensor& coefficients, const Tensor& generators,
                                const Tensor& points, const Tensor& gradient) {
  if (is_half(points)) {
    auto [gz, gL, gx] =
        group_action_backward(coefficients.to(at::kFloat), generators.to(at::kFloat),
                              points.to(at::kFloat), gradient.to(at::kFloat));
    const auto type = points.scalar_type();
    return {gz.to(type), gL.to(type), gx.to(type)};
  }
  const Problem p(coefficients, generators, points);
  check_like(gradient, points);
  const Members gy(gradient, 3);
  Tensor gz = fresh(coefficients), gL = fresh(generators), gx = fresh(points);
  if (p.nothing_moves) return {gz.zero_(), gL.zero_(), gx.copy_(gradient)};
  const Kernel& kernel = kernel_for(points);
  const int64_t least = (p.B + kMostPartialSums - 1) / kMostPartialSums;
  const int64_t chunk = (least + kChunk - 1) / kChunk * kChunk;
  const int64_t chunks = (p.B + chunk - 1) / chunk, entries = p.k * p.n * p.n;
  std::vector<double> partial(p.E * chunks * entries);
  const int64_t work = 4 * std::min(chunk, p.B) * p.operations();
  at::parallel_for(0, p.E * chunks, grain(work), [&](int64_t from, int64_t to) {
    for (int64_t task = from; task < to; task++) {
      const int64_t e = task / chunks, begin = task % chunks * chunk;
      kernel.backward(p.z.at(e), p.L.at(e), p.x.at(e), gy.at(e), member(gz, e, p.B * p.k),
                      partial.data() + task * entries, member(gx, e, p.B * p.c * p.n), begin,
                      std::min(p.B, begin + chunk), p.k, p.c);
    }
  });
  AT_DISPATCH_FLOATING_TYPES(gL.scalar_type(), "sum of generator gradients", [&] {
    add_up(partial, p.E, chunks, entries, gL.mutable_data_ptr<scalar_t>());
  });
  return {gz, gL, gx};
}

template <class Compute>
void for_matrices(const Tensor& matrices, Compute compute) {
  const int64_t n = matrices.size(-1), count = matrices.numel() / (n * n);
  at::parallel_for(0, (count + kChunk - 1) / kChunk, grain(std::min(count, kChunk) * 8 * n * n * n),
                   [&](int64_t from, int64_t to) {
                     compute(from * kChunk, std::min(count, to * kChunk));
                   });
}

void check_square(const Tensor& matrices) {
  TORCH_CHECK(matrices.dim() >= 2 && matrices.size(-1) == matrices.size(-2),
              "matrices must be square; got ", matrices.sizes());
}

Tensor expm(const Tensor& matrices) {
  check_square(matrices);
  if (is_half(matrices)) return expm(matrices.to(at::kFloat)).to(matrices.scalar_type());
  Tensor result = fresh(matrices);
  if (matrices.numel() == 0) return result;
  const Kernel& kernel = kernel_for(matrices);
  const Tensor flat = matrices.contiguous();
  for_matrices(flat, [&](int64_t begin, int64_t end) {
    kernel.expm(flat.const_data_ptr(), result.mutable_data_ptr(), begin, end);
  });
  return result;
}

Tensor expm_backward(const Tensor& matrices, const Tensor& gradient) {
  if (is_half(matrices))
    return expm_backward(matrices.to(at::kFloat), gradient.to(at::kFloat))
        .to(matrices.scalar_type());
  Tensor result = fresh(matrices);
  if (matrices.numel() == 0) return result;
  const Kernel& kernel = kernel_for(matrices);
  check_square(matrices);
  check_like(gradient, matrices);
  const Tensor flat = matrices.contiguous(), given = gradient.contiguous();
  for_matrices(flat, [&](int64_t begin, int64_t end) {
    kernel.expm_backward(flat.const_data_ptr(), given.const_data_ptr(), result.mutable_data_ptr(),
                         begin, end);
  });
  return result;
}

// Autograd.

template <class Signature>
c10::TypedOperatorHandle<Signature> operator_named(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
}
Tensor call_action(const Tensor& z, const Tensor& L, const Tensor& x) {
  static auto op = operator_named<Tensor(const Tensor&, const Tensor&, const Tensor&)>(
      "symdisc_kernels::cpu_group_action");
  return op.call(z, L, x);
}
Gradients call_action_backward(const Tensor& z, const Tensor& L, const Tensor& x, const Tensor& g) {
  static auto op =
      operator_named<Gradients(const Tensor&, const Tensor&, const Tensor&, const Tensor&)>(
          "symdisc_kernels::cpu_group_action_backward");
  return op.call(z, L, x, g);
}
Tensor call_expm(const Tensor& A) {
  static auto op = operator_named<Tensor(const Tensor&)>("symdisc_kernels::cpu_expm");
  return op.call(A);
}
Tensor call_expm_backward(const Tensor& A, const Tensor& g) {
  static auto op =
      operator_named<Tensor(const Tensor&, const Tensor&)>("symdisc_kernels::cpu_expm_backward");
  return op.call(A, g);
}

// Without a graph of the gradient there is nothing for autograd to do, and no way through Python.
template <class Call>
auto below_autograd_unless_recording(Call call) {
  if (at::GradMode::is_enabled()) return call();
  at::AutoDispatchBelowAutograd guard;
  return call();
}

struct Saved : torch::autograd::Node {
  std::vector<torch::autograd::SavedVariable> saved;

  void save(at::TensorList inputs) {
    set_next_edges(torch::autograd::collect_next_edges(inputs));
    for (const Tensor& input : inputs) saved.emplace_back(input, false);
  }
  std::vector<Tensor> unpacked() {
    std::lock_guard<std::mutex> lock(mutex_);
    std::vector<Tensor> tensors;
    for (auto& variable : saved) tensors.push_back(variable.unpack());
    return tensors;
  }
  void release_variables() override {
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto& variable : saved) variable.reset_data();
  }
};

struct GroupActionBackward : Saved {
  std::string name() const override { return "SymdiscGroupActionBackward"; }
  variable_list apply(variable_list&& gradients) override {
    if (!gradients[0].defined()) return variable_list(3);
    const auto inputs = unpacked();
    auto [gz, gL, gx] = below_autograd_unless_recording(
        [&] { return call_action_backward(inputs[0], inputs[1], inputs[2], gradients[0]); });
    return {gz, gL, gx};
  }
};

struct ExpmBackward : Saved {
  std::string name() const override { return "SymdiscExpmBackward"; }
  variable_list apply(variable_list&& gradients) override {
    if (!gradients[0].defined()) return variable_list(1);
    const Tensor A = unpacked()[0];
    return {below_autograd_unless_recording([&] { return call_expm_backward(A, gradients[0]); })};
  }
};

void refuse_forward_mode(at::TensorList inputs) {
  for (const Tensor& input : inputs) {
    TORCH_CHECK_NOT_IMPLEMENTED(
        !input._fw_grad(0).defined(),
        "the CPU kernel has no forward-mode derivative (torch.func.jvp); "
        "compute with the reference: SYMDISC_KERNEL=reference");
  }
}

// Some versions of torch hold nodes by std::shared_ptr, later ones by c10::intrusive_ptr.
using NodePointer = decltype(torch::autograd::Edge::function);

template <class Owned, class Pointer = NodePointer>
std::pair<Owned*, Pointer> make_node() {
  if constexpr (std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>) {
    auto* node = new Owned();
    return {node, Pointer(node, [](auto* owned) { deleteNode(owned); })};
  } else {
    auto node = c10::make_intrusive<Owned>();
    return {node.get(), Pointer(std::move(node))};
  }
}

template <class Owned, class Call>
Tensor recorded(at::TensorList inputs, Call call) {
  refuse_forward_mode(inputs);
  NodePointer node;
  if (torch::autograd::compute_requires_grad(inputs)) {
    auto [owned, pointer] = make_node<Owned>();
    owned->save(inputs);
    node = std::move(pointer);
  }
  Tensor result = [&] {
    at::AutoDispatchBelowAutograd guard;
    return call();
  }();
  if (node) torch::autograd::set_history(result, node);
  return result;
}

Tensor group_action_autograd(const Tensor& z, const Tensor& L, const Tensor& x) {
  return recorded<GroupActionBackward>({z, L, x}, [&] { return call_action(z, L, x); });
}
Tensor expm_autograd(const Tensor& A) {
  return recorded<ExpmBackward>({A}, [&] { return call_expm(A); });
}

}  // namespace

// The schemas are those of every backend, defined in operators.py.
TORCH_LIBRARY_IMPL(symdisc_kernels, CPU, m) {
  m.impl("cpu_group_action", group_action);
  m.impl("cpu_group_action_backward", group_action_backward);
  m.impl("cpu_expm", expm);
  m.impl("cpu_expm_backward", expm_backward);
}
TORCH_LIBRARY_IMPL(symdisc_kernels, AutogradCPU, m) {
  m.impl("cpu_group_action", group_action_autograd);
  m.impl("cpu_expm", expm_autograd);
}
TORCH_LIBRARY_FRAGMENT(symdisc_kernels, m) {
  m.def("load_cpu_kernel(str path, int n, bool wide) -> ()", load_kernel);
}
