#include "core/transcode/jxl_library.h"

#include <dlfcn.h>
#include <jxl/version.h>

#include <optional>

#define SATCHEL_TEXT_OF(x) #x
#define SATCHEL_TEXT(x) SATCHEL_TEXT_OF(x)

namespace satchel::core {
namespace {

/// Before version 1 each minor version is an interface of its own, and the file is named after it.
constexpr const char* kFile = "libjxl.so." SATCHEL_TEXT(JPEGXL_MAJOR_VERSION) "." SATCHEL_TEXT(JPEGXL_MINOR_VERSION);

template <class Function>
bool find(void* library, const char* name, Function& out) {
  out = reinterpret_cast<Function>(dlsym(library, name));  // NOLINT: what POSIX says dlsym is for
  return out != nullptr;
}

std::optional<JxlLibrary> load() {
  void* const library = dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  JxlLibrary out;
  bool whole = true;
#define SATCHEL_JXL(name) whole = find(library, #name, out.name) && whole;
#include "core/transcode/jxl_functions.def"
#undef SATCHEL_JXL
  if (!whole) return std::nullopt;
  return out;
}

}  // namespace

const JxlLibrary* jxl_library() {
  static const std::optional<JxlLibrary> library = load();
  return library ? &*library : nullptr;
}

}  // namespace satchel::core
