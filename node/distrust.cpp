// What the revocation of a node means for what lies here already: it is set aside and counts for nothing until a person says so.
#include "core/store/keys.h"
#include "node/ledger.h"
#include "node/meta.h"
#include "node/places.h"
#include "protocol/body/body.h"

namespace satchel::node {

using core::Bytes;
using core::ByteView;
using core::Code;
using core::Error;
using core::Result;
namespace keys = core::keys;

/// Our own statements always count for us; a revoked node's only when what carried them here is vouched for.
Result<bool> Ledger::counts(const core::RecordId& id, core::NodeNumber author) const {
  if (author == base_.self || !base_.membership.revoked(author)) return true;
  SATCHEL_TRY_ASSIGN(const auto carrier, carrier_of(id));
  if (!carrier) return false;
  return base_.shelf.vouched(*carrier);
}

/// Every student of whom a revoked node has said something is folded anew.
Result<void> Ledger::Turn::touch_untrusted() {
  const LedgerBase& base = ledger_.base_;
  std::optional<Error> trouble;
  SATCHEL_TRY(base.store.scan(keys::of(keys::kStudentRecord, {}), {}, [&](ByteView key, ByteView value) {
    const auto place = bundle_id_from(value);
    core::ByteReader in{key.subspan(1)};
    const core::StudentRef student{in.u64_be()};
    if (!place || !in.ok()) {
      trouble = Error{Code::kStoreDamaged, "student record row"};
      return false;
    }
    const core::NodeNumber author = place->log.author.node;
    if (author != base.self && base.membership.revoked(author)) touched_[student].anew = true;
    return true;
  }));
  if (trouble) return *trouble;
  return {};
}

Result<void> Ledger::Turn::touch_released(const Bytes& body, core::NodeNumber author) {
  if (!ledger_.base_.membership.revoked(author)) return {};
  const auto fact = protocol::decode_fact(body);
  if (!fact) return {};
  if (const auto student = core::student_of(*fact)) touched_[*student].anew = true;
  return {};
}

Result<std::size_t> Ledger::set_aside_untrusted() {
  SATCHEL_TRY_ASSIGN(const bool due, Meta{base_.store}.untrusted_due());
  if (!due) return std::size_t{0};
  SATCHEL_TRY_ASSIGN(const std::vector<core::BundleId> bundles, base_.shelf.untrusted());
  Turn aside = turn();
  for (const core::BundleId& id : bundles) base_.shelf.quarantine(aside.batch(), id, Code::kRevoked);
  SATCHEL_TRY(aside.touch_untrusted());
  Meta::put_untrusted_due(aside.batch(), false);
  SATCHEL_TRY(aside.commit());
  if (!bundles.empty()) base_.log.note("set aside after a revocation: " + std::to_string(bundles.size()) + " bundles");
  return bundles.size();
}

}  // namespace satchel::node
