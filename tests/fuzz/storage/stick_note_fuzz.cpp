// A note from a stranger's stick: as a file, and as the content of a sound block.
#include "core/base/check.h"
#include "protocol/stick/block.h"
#include "protocol/stick/note.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Membership kMembership = [] {
    const tests::Cast cast;
    core::Membership out{cast.founding()};
    SATCHEL_CHECK(out.add(cast.site_member()).has_value());
    return out;
  }();
  static_cast<void>(protocol::decode_note_file({data, size}, kMembership));
  const core::Bytes file = protocol::make_block(protocol::BlockKind::note, core::ByteView{data, size});
  static_cast<void>(protocol::decode_note_file(file, kMembership));
  return 0;
}
