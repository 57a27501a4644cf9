#include "node/face_model.h"

#include "node/answer.h"

namespace satchel::node {
namespace {

constexpr std::uint64_t kModelBytesMax = 40'000'000;  // ours: YuNet has 350 KB

}  // namespace

core::Result<core::portrait::ModelFile> read_face_model(const core::Disk& disk, const std::string& path) {
  core::portrait::ModelFile model;
  if (path.empty()) return model;
  core::Result<core::Bytes> bytes = disk.read(path, kModelBytesMax);
  if (!bytes) return at_path(bytes.error(), path);
  if (bytes->empty()) return core::Error{core::Code::kFileEmpty, path};
  model.path = path;
  model.contents = *std::move(bytes);
  return model;
}

}  // namespace satchel::node
