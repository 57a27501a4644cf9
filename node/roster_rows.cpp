#include "node/roster_rows.h"

#include <algorithm>

namespace satchel::node {

using core::Result;

namespace {

constexpr std::size_t kIndexPart = 2000;  // as many as a record takes (protocol/body)

}  // namespace

core::Audience audience_of(core::NodeNumber node) { return core::Audience{node.value}; }

Result<void> state_row(Ledger::Turn& turn, const core::RosterFact& fact) {
  SATCHEL_TRY(turn.state(audience_of(fact.site), core::Lane::record, fact));
  return {};
}

Result<void> RowWriter::fresh(const core::RosterFact& fact) {
  index(fact);
  return state_row(turn_, fact);
}

Result<void> RowWriter::change(const core::RosterFact& before, core::RosterFact after) {
  index(after);
  if (before.site != after.site) {
    core::RosterFact farewell = before;
    farewell.version = after.version;
    farewell.delisted = true;
    SATCHEL_TRY(state_row(turn_, farewell));
    ++after.version;
  }
  return state_row(turn_, after);
}

Result<void> RowWriter::state_index() {
  for (std::size_t at = 0; at < entries_.size(); at += kIndexPart) {
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(std::min(entries_.size(), at + kIndexPart));
    const core::IndexFact fact{version_, std::vector<core::IndexEntry>(begin, end)};
    SATCHEL_TRY(turn_.state(core::kEveryone, core::Lane::record, fact));
  }
  return {};
}

void RowWriter::index(const core::RosterFact& fact) {
  entries_.push_back({fact.student, fact.site, fact.delisted, fact.exempt, fact.must_retake});
}

}  // namespace satchel::node
