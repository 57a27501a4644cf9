#include "core/portrait/heif_library.h"

#include <optional>

#include "core/base/shared_library.h"

namespace satchel::core::portrait {
namespace {

constexpr const char* kFile = "libheif.so.1";

std::optional<HeifLibrary> load() {
  const auto library = SharedLibrary::load(kFile);
  if (!library) return std::nullopt;
  HeifLibrary out;
  bool whole = true;
#define SATCHEL_HEIF(name) whole = library->find(#name, out.name) && whole;
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
