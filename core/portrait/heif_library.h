#pragma once

#include <libheif/heif.h>

namespace satchel::core::portrait {

/// libheif's functions, by the names and types of its own headers.
struct HeifLibrary {
#define SATCHEL_HEIF(name) decltype(&::name) name = nullptr;
#include "core/portrait/heif_functions.def"
#undef SATCHEL_HEIF
};

/// Loads libheif at the first call; nullptr when this computer has none. Stays loaded. Not linked, because it brings four video
/// codecs, which would cost every start of the program 20 ms for a kind of file that few campaigns see.
const HeifLibrary* heif_library();

}  // namespace satchel::core::portrait
