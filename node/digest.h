#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/campaign/student.h"
#include "core/record/receipts.h"
#include "core/store/store.h"

namespace satchel::node {

/// The little of a student's state that counts and lists need, kept beside it in clear because it holds nothing of a person: so
/// that status reads ten thousand rows of some forty bytes and opens no seal.
struct Digest {
  core::Stage stage = core::Stage::unknown;
  core::NodeNumber site;
  std::string class_name;
  bool last_term = false;
  bool drafted = false;    ///< a usable picture was taken
  bool submitted = false;  ///< a submission counts, decided or not
  bool disputed = false;   ///< reviewers differ about a submission
  std::string reason;      ///< of a rejection: its code
  /// What carries the submission that counts, and its standard picture. With the hub's receipt they prove where it is; nothing
  /// about the hub is stored here, so nothing here can claim what no receipt says.
  std::optional<core::BundleId> record_bundle;
  std::optional<core::BundleId> photo_bundle;

  bool approved() const { return core::approved_or_after(stage); }
  bool rejected() const { return stage == core::Stage::rejected; }
  /// Counts as one whose picture the campaign wants.
  bool eligible() const;
  /// Not of a rejected picture: what was still on its way then, the receipt covers without its body.
  bool stored_at_hub(const std::optional<core::Receipt>& receipt) const;
  bool opened_at_hub(const std::optional<core::Receipt>& receipt) const;
};

core::Bytes encode(const Digest& digest);
core::Result<Digest> decode_digest(core::ByteView bytes);

/// Calls `visit` for every student that this node knows of, by reference.
core::Result<void> each_digest(const core::Store& store, const std::function<void(core::StudentRef, const Digest&)>& visit);
/// kStudentUnknown when there is none.
core::Result<Digest> find_digest(const core::Store& store, core::StudentRef student);

}  // namespace satchel::node
