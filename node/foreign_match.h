#pragma once

#include <vector>

#include "core/base/ids.h"
#include "core/store/store.h"

namespace satchel::node {

// To which students a foreign code was matched, by the keyed digest of its bytes. Rows say only that a match was stated: whether
// it counts stands in the student's state.

void put_foreign_match(core::WriteBatch& batch, const core::Hash& digest, core::StudentRef student);
/// In order of reference; empty when the code was never matched here.
core::Result<std::vector<core::StudentRef>> foreign_matches(const core::Store& store, const core::Hash& digest);

}  // namespace satchel::node
