#include "cli/picture_folder.h"

#include "cli/command_line.h"

namespace satchel::cli {
namespace {

using core::Result;

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace

Result<PictureFiles> find_pictures(const std::vector<std::string>& named, const std::string& current, const core::Disk& disk) {
  PictureFiles out;
  for (const std::string& name : named) {
    const std::string shown = without_slash(name), path = without_slash(absolute_path(name, current));
    if (disk.list(path)) {
      out.folder = true;
      SATCHEL_TRY(node::add_pictures_below(shown, path, disk, out));
    } else {
      out.pictures.push_back({name, path});
    }
  }
  return out;
}

}  // namespace satchel::cli
