#include "core/portrait/heif_library.h"

#include <dlfcn.h>

#include <optional>

namespace satchel::core::portrait {
namespace {

constexpr const char* kFile = "libheif.so.1";

template <class Function>
bool find(void* library, const char* name, Function& out) {
  out = reinterpret_cast<Function>(dlsym(library, name));  // NOLINT: what POSIX says dlsym is for
  return out != nullptr;
}

std::optional<HeifLibrary> load() {
  void* const library = dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  HeifLibrary out;
  bool whole = true;
#define SATCHEL_HEIF(name) whole = find(library, #name, out.name) && whole;
#include "core/portrait/heif_functions.def"
#undef SATCHEL_HEIF
  if (!whole) return std::nullopt;
  return out;
}

}  // namespace

const HeifLibrary* heif_library() {
  static const std::optional<HeifLibrary> library = load();
  return library ? &*library : nullptr;
}

}  // namespace satchel::core::portrait
