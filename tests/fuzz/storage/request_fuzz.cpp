// A request from anybody, as it is, and signed anew by its own maker: then it reaches what stands behind the signature.
#include <algorithm>

#include "core/base/check.h"
#include "protocol/card/card.h"
#include "tests/support/with_crypto.h"
#include "tests/vectors/cast.h"

using namespace satchel;

namespace {

void check(core::ByteView file) {
  const auto request = protocol::decode_request(file);
  if (!request) return;
  SATCHEL_CHECK(request->role == core::Role::site || request->role == core::Role::relay);
  SATCHEL_CHECK(core::valid_name(request->name, core::kMemberNameMax) && core::usable_box_key(request->box));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const core::Identity kMaker = tests::Cast{}.site.identity();
  core::Bytes file(data, data + size);
  check(file);
  if (size < core::Signature::kSize) return 0;
  const core::ByteView statement = core::ByteView{file}.first(size - core::Signature::kSize);
  const core::Signature signature = core::sign(kMaker.sign, "satchel request", statement);
  std::ranges::copy(signature.value, file.end() - static_cast<std::ptrdiff_t>(core::Signature::kSize));
  check(file);
  return 0;
}
