#include "core/base/shared_library.h"

#include <dlfcn.h>

namespace satchel::core {

std::optional<SharedLibrary> SharedLibrary::load(const char* file) {
  void* const handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return std::nullopt;
  return SharedLibrary{handle};
}

void* SharedLibrary::symbol(const char* name) const { return dlsym(handle_, name); }

}  // namespace satchel::core
