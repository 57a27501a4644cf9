#include "node/pictures.h"

namespace satchel::node {

using core::Bytes;
using core::Code;
using core::Result;
namespace portrait = core::portrait;

Result<Bytes> read_picture_file(const core::Disk& disk, const std::string& path) {
  SATCHEL_TRY_ASSIGN(Bytes file, disk.read(path, kPictureFileMax));
  if (file.empty()) return Code::kFileEmpty;
  return file;
}

core::GrayImage to_gray(const portrait::Picture& picture) {
  core::GrayImage out{picture.width, picture.height, {}};
  out.gray.reserve(picture.bgr.size() / 3);
  for (std::size_t i = 0; i + 2 < picture.bgr.size(); i += 3) {
    const unsigned luma = 114U * picture.bgr[i] + 587U * picture.bgr[i + 1] + 299U * picture.bgr[i + 2];
    out.gray.push_back(static_cast<std::uint8_t>((luma + 500U) / 1000U));
  }
  return out;
}

}  // namespace satchel::node
