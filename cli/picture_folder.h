#pragma once

#include <string>
#include <vector>

#include "core/base/disk.h"
#include "core/base/result.h"
#include "node/picture_files.h"

namespace satchel::cli {

using node::PictureFile;

struct PictureFiles {
  std::vector<PictureFile> pictures;
  std::size_t skipped = 0;  ///< files in folders that are no pictures
  bool folder = false;      ///< a folder was named
};

/// The pictures among `named` (paths as typed, relative to `current`): a file stands for itself, a folder for the pictures in it
/// and in the folders below (node/picture_files.h). Errors: of the disk, for a folder that cannot be listed.
core::Result<PictureFiles> find_pictures(const std::vector<std::string>& named, const std::string& current,
                                         const core::Disk& disk);

}  // namespace satchel::cli
