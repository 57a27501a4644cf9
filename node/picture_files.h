#pragma once

#include <string>
#include <vector>

#include "core/base/disk.h"
#include "core/base/result.h"

namespace satchel::node {

/// A picture as it is shown, and where it lies.
struct PictureFile {
  std::string shown;
  std::string path;
};

struct PictureFiles {
  std::vector<PictureFile> pictures;
  std::size_t skipped = 0;  ///< files in folders that are no pictures
  bool folder = false;      ///< a folder was named
};

/// The pictures in the folder `path`, shown as `shown`, and in the folders below, sorted by name. A file counts as a picture when
/// its first bytes say so, or its name does (then it is read and refused, with its reason). Names that begin with a dot are left
/// out. Folders deeper than 16 are not entered. Errors: of the disk, for a folder that cannot be listed.
core::Result<void> add_pictures_below(const std::string& shown, const std::string& path, const core::Disk& disk,
                                      PictureFiles& out);

}  // namespace satchel::node
