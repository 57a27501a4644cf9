#include "node/foreign_match.h"

#include "core/store/keys.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;
namespace keys = core::keys;

void put_foreign_match(core::WriteBatch& batch, const core::Hash& digest, core::StudentRef student) {
  core::ByteWriter key;
  key.raw(keys::of(keys::kForeignCode, digest.view())).u64_be(student.value);
  batch.put(std::move(key).take(), Bytes{});
}

Result<std::vector<core::StudentRef>> foreign_matches(const core::Store& store, const core::Hash& digest) {
  std::vector<core::StudentRef> out;
  const Bytes prefix = keys::of(keys::kForeignCode, digest.view());
  bool damaged = false;
  SATCHEL_TRY(store.scan(prefix, {}, [&](ByteView key, ByteView) {
    core::ByteReader in{key.subspan(prefix.size())};
    out.push_back({in.u64_be()});
    damaged = damaged || !in.done();
    return !damaged;
  }));
  if (damaged) return Error{Code::kStoreDamaged, "row of a foreign code"};
  return out;
}

}  // namespace satchel::node
