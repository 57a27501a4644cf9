#pragma once

#include <jxl/decode.h>
#include <jxl/encode.h>

namespace satchel::core {

/// libjxl's functions, by the names and types of its own headers.
struct JxlLibrary {
#define SATCHEL_JXL(name) decltype(&::name) name = nullptr;
#include "core/transcode/jxl_functions.def"
#undef SATCHEL_JXL
};

/// Loads libjxl at the first call, in the version whose headers this was built with; nullptr when this computer has none.
/// Stays loaded.
const JxlLibrary* jxl_library();

}  // namespace satchel::core
