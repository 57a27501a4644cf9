#pragma once

#include <string>

#include "core/base/bytes.h"

namespace satchel::core::portrait {

/// A model that the operator supplies: its bytes, read by the caller, tell which one it is; OpenCV then reads the same file by
/// its path.
struct ModelFile {
  std::string path;
  Bytes contents;  ///< empty: no model
};

}  // namespace satchel::core::portrait
