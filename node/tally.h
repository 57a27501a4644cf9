#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/record/receipts.h"
#include "core/store/store.h"
#include "node/digest.h"

namespace satchel::node {

// Counts of digests by site and class, and the students of a site and of a class, kept in the same batch as the digests
// themselves: so that a hub of a million students answers at once. What is at the hub is no count that is kept: it is what was
// ever claimed less what no receipt has shown, and those few are looked up in the receipt each time it is asked.

/// How many students have digests that look alike.
class Tally {
 public:
  void add(const Digest& digest, std::int64_t by);
  /// Calls `visit` for each kind of digest that occurs (stage, last_term, drafted, submitted are set; nothing else), with how
  /// many there are, and whether their submission and its picture have both been seen in bundles: what a receipt may prove.
  void each(const std::function<void(const Digest& like, std::uint64_t count, bool provable)>& visit) const;
  bool empty() const { return cells_.empty(); }
  void merge(const Tally& other);
  core::Bytes encode() const;
  static core::Result<Tally> decode(core::ByteView bytes);

 private:
  std::map<std::uint8_t, std::int64_t> cells_;
};

/// A digest that names both bundles which prove where its picture is, and wants them proven.
bool provable(const Digest& digest);

/// What one batch changes in the counts. Use: change() for each digest that is put, then put() once before the commit.
class TallyChanges {
 public:
  void change(core::WriteBatch& batch, core::StudentRef student, const std::optional<Digest>& before, const Digest& after);
  core::Result<void> put(const core::Store& store, core::WriteBatch& batch);

 private:
  std::map<core::Bytes, Tally> changed_;
};

/// A database from before the counts has none: then everything is walked over instead, until keep_tallies().
core::Result<bool> tallies_kept(const core::Store& store);
/// Makes them from the digests; durable when it returns. No effect when they are kept.
core::Result<void> keep_tallies(core::Store& store);

core::Result<void> each_site_tally(const core::Store& store, const std::function<void(core::NodeNumber, const Tally&)>& visit);
core::Result<void> each_class_tally(const core::Store& store, const std::function<void(const std::string&, const Tally&)>& visit);
core::Result<std::vector<core::StudentRef>> students_of_class(const core::Store& store, std::string_view name);
core::Result<std::vector<core::StudentRef>> students_of_site(const core::Store& store, core::NodeNumber site);

/// Of one site's provable() pictures those that are not taken as proven: how many there are, and of how many the receipt says
/// that they are stored, or opened.
struct Unproven {
  std::uint64_t students = 0;
  std::uint64_t stored = 0;
  std::uint64_t opened = 0;
};
/// nullopt when the receipt says less than one by which was settled (a hub that was set back): then all is to be walked over.
core::Result<std::optional<std::map<core::NodeNumber, Unproven>>> unproven(const core::Store& store,
                                                                           const std::optional<core::Receipt>& receipt);
/// Takes as proven what the receipt says is opened; when it says less than before, nothing is taken as proven any more. True when
/// something is still unproven.
core::Result<bool> settle_unproven(core::Store& store, const std::optional<core::Receipt>& receipt);
/// The same into `batch`, for what must become durable with the receipt itself. After its commit call tidy_after().
struct Settled {
  std::size_t removed = 0;  ///< rows of what was unproven
  std::size_t left = 0;     ///< still unproven
};
core::Result<Settled> settle_unproven(core::Store& store, const std::optional<core::Receipt>& receipt, core::WriteBatch& batch);
core::Result<void> tidy_after(core::Store& store, const Settled& settled);

}  // namespace satchel::node
