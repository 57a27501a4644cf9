#pragma once

#include <string>
#include <vector>

#include "core/base/disk.h"
#include "core/base/result.h"
#include "node/picture_files.h"

namespace satchel::cli {

using node::PictureFile;
using node::PictureFiles;

/// The pictures among `named` (paths as typed, relative to `current`): a file stands for itself, a folder for the pictures in it
/// and in the folders below, sorted by name. In folders a file counts as a picture when its first bytes say so, or its name does
/// (then it is read and refused, with its reason). Names that begin with a dot are left out. Folders deeper than 16 are not
/// entered. Errors: of the disk, for a folder that cannot be listed.
core::Result<PictureFiles> find_pictures(const std::vector<std::string>& named, const std::string& current,
                                         const core::Disk& disk);

}  // namespace satchel::cli
