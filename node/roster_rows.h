#pragma once

#include <cstdint>
#include <vector>

#include "core/record/facts.h"
#include "node/ledger.h"

namespace satchel::node {

core::Audience audience_of(core::NodeNumber node);
/// To the site whose student it is.
core::Result<void> state_row(Ledger::Turn& turn, const core::RosterFact& fact);

/// States rows in one turn, and the part of the index that they change.
class RowWriter {
 public:
  /// `version`: of the part of the index; no row's is larger by more than one.
  RowWriter(Ledger::Turn& turn, std::uint64_t version) : turn_(turn), version_(version) {}

  core::Result<void> fresh(const core::RosterFact& fact);
  /// The old site of a student who moved hears that it is no longer its own, before the new one hears of it.
  core::Result<void> change(const core::RosterFact& before, core::RosterFact after);
  /// To everyone: call last.
  core::Result<void> state_index();

 private:
  void index(const core::RosterFact& fact);
  Ledger::Turn& turn_;
  std::uint64_t version_;
  std::vector<core::IndexEntry> entries_;
};

}  // namespace satchel::node
