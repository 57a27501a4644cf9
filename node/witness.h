#pragma once

#include <vector>

#include "core/campaign/student.h"

namespace satchel::node {

/// What one turn of the ledger changed for one student.
struct Folded {
  std::optional<core::StudentState> before;  ///< nullopt: nothing was known of the student
  core::StudentState after;
  std::vector<core::Record> fresh;  ///< that were not here
};

/// Is told what the ledger takes in, once it is durable: for reports about a merge. Nothing may be written from it.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual void folded(const Folded& change) = 0;
  /// So many records that came again, in bundles that are new.
  virtual void known_again(std::size_t records) = 0;
  virtual void quarantined(const core::BundleId& id, core::Code cause) = 0;
};

}  // namespace satchel::node
