#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/campaign/student.h"

namespace satchel::core {

// What becomes of a picture after approval: proofing, errata, delivery, purge. Questions to a state; pointers borrow from it.

/// A field of the record that goes out, as a student may find it wrong.
struct ProofField {
  std::string_view name;  ///< "id_number"; stable, stands in records
  std::string_view zh;
  std::string_view en;
};
/// In the order of the errata form; the last is the picture itself.
std::span<const ProofField> proof_fields() noexcept;
/// nullptr when there is none of that name.
const ProofField* proof_field(std::string_view name) noexcept;

/// The proof that counts on the current submission; nullptr when there is none.
const ProofSeen* current_proof(const StudentState& state) noexcept;
/// The correction that is open; nullptr when there is none, or it was closed.
const ErrataSeen* open_errata(const StudentState& state) noexcept;
/// Of the current submission; nullptr when it was not handed over. Of several the first by record id.
const DeliverySeen* current_delivery(const StudentState& state) noexcept;
/// The first export of the current submission by the hub's clock; nullptr when there is none.
const ExportSeen* first_export(const StudentState& state) noexcept;
/// Larger than that of every proof, or of every correction, here.
std::uint64_t next_proof_epoch(const StudentState& state) noexcept;
std::uint64_t next_errata_epoch(const StudentState& state) noexcept;

/// The widest scope that the hub has ordered; nullopt for none.
std::optional<PurgeScope> purge_scope(const StudentState& state) noexcept;
/// That an order covers `scope`.
bool purges(const StudentState& state, PurgeScope scope) noexcept;
/// The widest scope that `node` has said it carried out.
std::optional<PurgeScope> purged_by(const StudentState& state, NodeNumber node) noexcept;
/// The row with what names or reaches a person struck out: number, name, ID number, enrolment, phone, mail, remark and further
/// columns. Site, class, level and major stay, so that counts do.
RosterFact without_person(RosterFact row);

/// The widest scope for which the profile's days after delivery are over at `now`; nullopt before that, or when nothing was
/// delivered.
std::optional<PurgeScope> purge_due(const StudentState& state, const Retention& retention, WallMs now) noexcept;

/// Whether the student may say right or wrong now: kNotExported before the picture has gone out, kPurged after.
Result<void> may_proof(const StudentState& state);
/// Whether it may be handed over: kNotExported, kNotProofed (while the profile asks for proofing), kErrataOpen, kNothingToDo when
/// it was, kPurged.
Result<void> may_deliver(const StudentState& state, const Profile& profile);

}  // namespace satchel::core
