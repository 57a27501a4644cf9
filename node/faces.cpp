// The hub's desk: one face under two codes, and two faces under one.
#include "node/faces.h"

#include <boost/json/array.hpp>
#include <cstdlib>
#include <set>

#include "core/code/mask.h"
#include "core/portrait/decode.h"
#include "node/arguments.h"
#include "node/digest.h"
#include "node/recogniser_file.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;
namespace portrait = core::portrait;

namespace {

constexpr std::uint64_t kListed = 100;

struct Owner {
  core::StudentRef student;
  std::string name;  ///< masked
  std::string site;
};

/// Faces and whose they are; `drafts` beside `pictures`.
struct Gathered {
  std::vector<Owner> owners;
  std::vector<portrait::SeenAs> pictures;
  std::vector<std::string> drafts;
  std::size_t without_face = 0;
};

Result<void> gather(const Ledger& ledger, const core::StudentState& state, const FaceSearch& search, Gathered& out) {
  if (!state.roster || (!search.site.empty() && state.roster->site_name != search.site)) return {};
  std::set<core::Hash> seen_already;
  const std::size_t owner = out.owners.size();
  bool any = false;
  for (const core::CaptureSeen& capture : state.captures) {
    const core::Hash& standard = capture.fact.standard;
    if (!seen_already.insert(standard).second) continue;
    SATCHEL_TRY_ASSIGN(const auto stored, ledger.blobs().find(standard));
    if (!stored) continue;
    SATCHEL_TRY_ASSIGN(const core::Bytes jpeg, ledger.blobs().get(standard));
    auto face = search.face(jpeg);
    if (!face) {
      ++out.without_face;
      continue;
    }
    out.pictures.push_back({owner, *std::move(face)});
    out.drafts.push_back(short_id(capture.id));
    any = true;
  }
  if (any) out.owners.push_back({state.student, core::mask_name(state.roster->name), state.roster->site_name});
  return {};
}

json::object owner_document(const Gathered& all, std::size_t picture) {
  const Owner& owner = all.owners[all.pictures[picture].person];
  return {{"student", owner.student.text()}, {"name", owner.name}, {"site", owner.site}, {"draft", all.drafts[picture]}};
}

json::array pairs_document(const Gathered& all, const std::vector<portrait::FacePair>& pairs) {
  json::array out;
  for (const portrait::FacePair& pair : pairs) {
    out.push_back(json::object{
        {"similarity", pair.similarity}, {"one", owner_document(all, pair.one)}, {"two", owner_document(all, pair.two)}});
  }
  return out;
}

}  // namespace

Result<Answer> search_faces(const Ledger& ledger, const core::Store& store, const FaceSearch& search, const Progress& progress) {
  std::vector<core::StudentRef> students;
  SATCHEL_TRY(each_digest(store, [&](core::StudentRef ref, const Digest& digest) {
    if (digest.drafted && (search.class_name.empty() || digest.class_name == search.class_name)) students.push_back(ref);
  }));
  Gathered all;
  for (std::size_t i = 0; i < students.size(); ++i) {
    SATCHEL_TRY_ASSIGN(const auto state, ledger.student(students[i]));
    if (state) SATCHEL_TRY(gather(ledger, *state, search, all));
    if (progress) progress(json::object{{"phase", "faces"}, {"done", i + 1}, {"files", students.size()}});
  }
  const portrait::FaceComparison found = portrait::compare_faces(all.pictures, search.scale, search.most);
  Answer answer;
  answer.body["schema"] = "satchel.faces/1";
  answer.body["students"] = all.owners.size();
  answer.body["pictures"] = all.pictures.size();
  answer.body["without_face"] = all.without_face;
  answer.body["compared"] = found.strangers;
  answer.body["by_chance"] = static_cast<double>(found.strangers) * portrait::kFalseAcceptRate;
  answer.body["same_count"] = found.same_count;
  answer.body["unlike_count"] = found.unlike_count;
  answer.body["same"] = pairs_document(all, found.same);
  answer.body["unlike"] = pairs_document(all, found.unlike);
  return answer;
}

Result<Answer> compare_faces(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(const Enrolled* const all, node.at_hub());
  FaceSearch search{optional_text(arguments, "site"), optional_text(arguments, "class"), 0, {}, {}};
  SATCHEL_TRY_ASSIGN(search.most, number_argument(arguments, "limit", kListed));
  SATCHEL_TRY_ASSIGN(portrait::Judge* const judge, node.judge());
  if (!judge->has_recogniser()) return Error{Code::kUsage, std::string(kRecogniserVariable) + " names no recogniser"};
  SATCHEL_TRY_ASSIGN(const auto file, read_recogniser(node.surroundings().disk, std::getenv(kRecogniserVariable)));
  search.scale = file.scale;
  search.face = [judge](core::ByteView jpeg) -> std::optional<portrait::FaceFeatures> {
    const auto picture = portrait::decode(jpeg, portrait::kDecodeToJudge);
    return picture ? judge->features(*picture) : std::nullopt;
  };
  return search_faces(*all->ledger, node.store(), search, progress);
}

}  // namespace satchel::node
