#include "node/trial.h"

#include <filesystem>

namespace satchel::node {

using core::Result;

namespace {

void clear(const std::string& folder) {
  std::error_code ignored;  // what stays is overwritten, or told, by whoever makes the folder again
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace

Trial::Trial(Node& node, const Enrolled& all)
    : folder_(node.home().trial_folder()),
      disk_(node.surroundings().disk),
      surroundings_{disk_, node.surroundings().clock, node.surroundings().rng, {}},
      membership_(*all.membership),
      high_water_(*all.high_water) {}

Trial::~Trial() {
  ledger_.reset();
  shelf_.reset();
  store_.reset();
  above_.reset();
  clear(folder_);
}

Result<std::unique_ptr<Trial>> Trial::open(Node& node) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.enrolled());
  SATCHEL_TRY(all->shelf->flush());
  std::unique_ptr<Trial> trial{new Trial{node, *all}};
  clear(trial->folder_);
  SATCHEL_TRY_ASSIGN(trial->above_, core::open_rocks_store(trial->folder_, core::OpenMode::read_write));
  trial->store_ = std::make_unique<core::OverlayStore>(node.store(), *trial->above_);
  SATCHEL_TRY_ASSIGN(trial->shelf_, protocol::Shelf::open(*trial->store_, trial->membership_, all->campaign.number,
                                                          node.self().role, protocol::ShelfLimits{}));
  const LedgerBase base{trial->surroundings_,  *trial->store_,     *trial->shelf_,       trial->membership_, node.identity(),
                        all->campaign.secrets, trial->high_water_, all->campaign.number, trial->log_};
  trial->ledger_ = std::make_unique<Ledger>(base);
  return trial;
}

}  // namespace satchel::node
