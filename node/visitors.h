#pragma once

#include <optional>

#include "core/record/facts.h"
#include "core/store/store.h"

namespace satchel::node {

// The hub's index over all students: by it a site knows that the student in front of it is of this campaign, and of which site,
// although it does not have the row. References are keyed hashes, and the rows hold nothing else of a person.

void put_index_entry(core::WriteBatch& batch, std::uint64_t version, const core::IndexEntry& entry);
/// The newest entry of this student; nullopt when the index has not arrived or does not have it.
core::Result<std::optional<core::IndexEntry>> find_in_index(const core::Store& store, core::StudentRef student);

}  // namespace satchel::node
