#include "node/face_model.h"

#include "node/answer.h"

namespace satchel::node {
namespace {

constexpr std::uint64_t kModelBytesMax = 40'000'000;  // ours: YuNet has 350 KB

}  // namespace

core::Result<core::portrait::ModelFile> read_model(const core::Disk& disk, const std::string& path, std::uint64_t most) {
  core::portrait::ModelFile model;
  if (path.empty()) return model;
  SATCHEL_TRY_ASSIGN(model.contents, read_named(disk, path, most));
  model.path = path;
  return model;
}

core::Result<core::portrait::ModelFile> read_face_model(const core::Disk& disk, const std::string& path) {
  return read_model(disk, path, kModelBytesMax);
}

}  // namespace satchel::node
