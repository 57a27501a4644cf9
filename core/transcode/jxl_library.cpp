#include "core/transcode/jxl_library.h"

#include <jxl/version.h>

#include <optional>

#include "core/base/shared_library.h"

#define SATCHEL_TEXT_OF(x) #x
#define SATCHEL_TEXT(x) SATCHEL_TEXT_OF(x)

namespace satchel::core {
namespace {

/// Before version 1 each minor version is an interface of its own, and the file is named after it.
constexpr const char* kFile = "libjxl.so." SATCHEL_TEXT(JPEGXL_MAJOR_VERSION) "." SATCHEL_TEXT(JPEGXL_MINOR_VERSION);

std::optional<JxlLibrary> load() {
  const auto library = SharedLibrary::load(kFile);
  if (!library) return std::nullopt;
  JxlLibrary out;
  bool whole = true;
#define SATCHEL_JXL(name) whole = library->find(#name, out.name) && whole;
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
