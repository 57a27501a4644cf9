#include "node/visitors.h"

#include "core/store/keys.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;
namespace keys = core::keys;

void put_index_entry(core::WriteBatch& batch, std::uint64_t version, const core::IndexEntry& entry) {
  core::ByteWriter key;
  key.raw(keys::student(keys::kStudentIndex, entry.student)).u64_be(version);
  core::ByteWriter value;
  const unsigned flags = (entry.delisted ? 1U : 0U) | (entry.exempt ? 2U : 0U) | (entry.must_retake ? 4U : 0U);
  value.u32(entry.site.value).u8(static_cast<std::uint8_t>(flags));
  batch.put(std::move(key).take(), std::move(value).take());
}

Result<std::optional<core::IndexEntry>> find_in_index(const core::Store& store, core::StudentRef student) {
  std::optional<core::IndexEntry> out;
  bool damaged = false;
  SATCHEL_TRY(store.scan_back(keys::student(keys::kStudentIndex, student), [&](ByteView, ByteView value) {
    core::ByteReader in{value};
    core::IndexEntry entry;
    entry.student = student;
    entry.site.value = in.u32();
    const std::uint8_t flags = in.u8();
    damaged = !in.done() || flags > 7;
    entry.delisted = (flags & 1U) != 0;
    entry.exempt = (flags & 2U) != 0;
    entry.must_retake = (flags & 4U) != 0;
    out = entry;
    return false;
  }));
  if (damaged) return Error{Code::kStoreDamaged, "index row"};
  return out;
}

}  // namespace satchel::node
