#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace satchel::core {

/// One file of an archive; the name may have folders, with slashes.
struct ZipEntry {
  std::string name;
  Bytes bytes;
};
/// A ZIP archive of `entries`, in their order. kInternal when the library refuses, which it does for want of memory only.
Result<Bytes> zip(const std::vector<ZipEntry>& entries);

}  // namespace satchel::core
