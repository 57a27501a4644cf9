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

portrait::Picture from_gray(const core::GrayImage& image) {
  portrait::Picture out;
  out.width = image.width;
  out.height = image.height;
  out.bgr.reserve(image.gray.size() * 3);
  for (const std::uint8_t gray : image.gray) out.bgr.insert(out.bgr.end(), 3, gray);
  return out;
}

Result<core::CodeContent> scan_code_file(const core::Disk& disk, const std::string& path, const core::Founding& founding,
                                         core::ByteView code_key) {
  SATCHEL_TRY_ASSIGN(const Bytes file, read_picture_file(disk, path));
  SATCHEL_TRY_ASSIGN(const portrait::Picture picture, portrait::decode(file, portrait::kDecodeToJudge));
  SATCHEL_TRY_ASSIGN(const std::vector<std::string> texts, core::read_qr(to_gray(picture)));
  std::optional<core::CodeContent> found;
  std::optional<core::Error> refusal;
  for (const std::string& text : texts) {
    auto content = core::open_code(text, founding, code_key);
    if (!content) {
      if (!refusal) refusal = content.error();
      continue;
    }
    if (found && found->student != content->student) return Code::kCodeSeveral;
    found = *std::move(content);
  }
  if (found) return *std::move(found);
  return refusal.value_or(core::Error{Code::kCodeNotFound, {}});
}

}  // namespace satchel::node
