// A manifest from a stranger's stick: as a file, and as the content of a sound one.
#include "core/base/check.h"
#include "core/crypto/hash.h"
#include "protocol/stick/block.h"
#include "protocol/stick/manifest.h"
#include "tests/support/with_crypto.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = protocol::decode_manifest_file({data, size});
  if (manifest) SATCHEL_CHECK(core::same_bytes(protocol::encode_file(*manifest), {data, size}));
  static_cast<void>(
      protocol::decode_manifest_head({data, std::min(size, protocol::kBlockHeadSize + protocol::kManifestHeadSize)}));

  core::ByteWriter bound;
  bound.u32(1).u64(2).raw({data, size});
  core::ByteWriter content;
  content.u32(1).u64(2).raw(core::hash("satchel stick list", bound.bytes()).view()).raw({data, size});
  const core::Bytes file = protocol::make_block(protocol::BlockKind::manifest, content.bytes());
  const auto sound = protocol::decode_manifest_file(file);
  if (sound) SATCHEL_CHECK(protocol::encode_file(*sound) == file);
  return 0;
}
