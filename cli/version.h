#pragma once

namespace satchel::cli {

/// "0.1.0": the project's version in CMakeLists.txt.
inline constexpr const char* kVersion = SATCHEL_VERSION;

}  // namespace satchel::cli
