// The hub's desk: what a carrier brings, told before or after it is taken in.
#include "node/merge.h"

#include <boost/json/array.hpp>
#include <set>

#include "node/anchors.h"
#include "node/arguments.h"
#include "node/trial.h"
#include "protocol/stick/stick.h"

namespace satchel::node {

using core::Code;
using core::Error;
using core::Result;
namespace json = boost::json;

namespace {

/// Of each list in the answer; the counts are whole.
constexpr std::size_t kListed = 500;

/// Counts what the ledger takes in, and notes whom a person should look at.
class MergeWitness final : public Witness {
 public:
  MergeWitness(const core::Profile& profile, const core::Membership& membership) : profile_(profile), membership_(membership) {}

  void folded(const Folded& change) override {
    if (change.fresh.empty()) return;
    records_ += change.fresh.size();
    students_.insert(change.after.student);
    if (change.after.flags.conflict) {
      conflicts_.insert(change.after.student);
    } else {
      conflicts_.erase(change.after.student);
    }
    for (const core::Record& record : change.fresh) {
      if (std::holds_alternative<core::CaptureFact>(record.fact)) ++captures_;
      if (const auto* submission = std::get_if<core::SubmissionFact>(&record.fact)) {
        submissions_.push_back({change.after.student, record.author, submission->capture});
      }
    }
  }
  void known_again(std::size_t records) override { known_ += records; }
  void quarantined(const core::BundleId& id, Code cause) override {
    ++quarantined_;
    if (quarantine_.size() >= kListed) return;
    const auto member = membership_.find(id.log.author.node);
    quarantine_.push_back(json::object{{"node", id.log.author.node.value},
                                       {"name", member ? member->name : std::string()},
                                       {"lane", core::lane_name(id.log.lane)},
                                       {"seq", id.seq.value},
                                       {"error", error_item(Error{cause, {}})}});
  }

  /// Once all is taken in, by `ledger` into `store`: what came last may say when the first was taken.
  Result<void> tell(json::object& out, const Ledger& ledger, const core::Store& store) {
    SATCHEL_TRY(judge_submissions(ledger, store));
    out["new"] = json::object{
        {"students", students_.size()}, {"records", records_}, {"captures", captures_}, {"submissions", submissions_.size()}};
    out["known"] = json::object{{"records", known_}};
    json::array conflicts;
    for (const core::StudentRef student : conflicts_) {
      if (conflicts.size() < kListed) conflicts.push_back(json::string(student.text()));
    }
    out["conflict_count"] = conflicts_.size();
    out["conflicts"] = std::move(conflicts);
    out["quarantine_count"] = quarantined_;
    out["quarantine"] = std::move(quarantine_);
    out["late_count"] = late_count_;
    out["late_unclear_count"] = unclear_count_;
    out["late"] = std::move(late_);
    return {};
  }
  bool asks_a_person() const { return !conflicts_.empty(); }
  bool set_aside() const { return quarantined_ > 0; }

 private:
  struct Submission {
    core::StudentRef student;
    core::NodeNumber author;
    core::RecordId capture;
  };

  /// Late is a word for people: the picture counts all the same.
  Result<void> judge_submissions(const Ledger& ledger, const core::Store& store) {
    if (profile_.windows.empty()) return {};
    for (const Submission& one : submissions_) {
      SATCHEL_TRY_ASSIGN(const auto state, ledger.student(one.student));
      const core::CaptureSeen* capture = state ? core::find_capture(*state, one.capture) : nullptr;
      if (capture == nullptr) continue;
      SATCHEL_TRY_ASSIGN(const WhenTaken taken, when_taken(store, *state, profile_, *capture));
      if (taken.judged.told == core::InWindow::in_time) continue;
      const bool certain = taken.judged.told == core::InWindow::outside;
      ++(certain ? late_count_ : unclear_count_);
      if (late_.size() >= kListed) continue;
      const auto member = membership_.find(one.author);
      json::object line{{"student", one.student.text()},
                        {"site", member ? member->name : std::string()},
                        {"why", certain ? "taken_outside" : "cannot_be_told"}};
      tell_taken(line, *capture, taken);
      late_.push_back(std::move(line));
    }
    return {};
  }

  const core::Profile& profile_;
  const core::Membership& membership_;
  std::size_t records_ = 0;
  std::size_t known_ = 0;
  std::size_t captures_ = 0;
  std::size_t quarantined_ = 0;
  std::size_t late_count_ = 0;
  std::size_t unclear_count_ = 0;
  std::vector<Submission> submissions_;
  std::set<core::StudentRef> students_;
  std::set<core::StudentRef> conflicts_;
  json::array quarantine_;
  json::array late_;
};

/// Where the sources are taken in: the node itself, or a trial of it.
struct Taker {
  core::Disk& disk;
  protocol::Shelf& shelf;
  core::Membership& membership;
  const protocol::StickWriter& reader;
  const Ledger& ledger;
  const core::Store& store;
  std::function<Result<void>()> digest;
};

Result<protocol::StickReport> read_source(const Taker& taker, const std::string& path) {
  // What is no folder is read as a file of bundles; a folder that is none gives the better word for both.
  auto as_file = protocol::read_bundle_file(taker.disk, path, taker.shelf, taker.membership);
  const bool folder = !as_file && as_file.error().code == Code::kFileIsFolder;
  if (folder) as_file = protocol::read_stick(taker.disk, path, taker.shelf, taker.membership, taker.reader, taker.digest);
  if (as_file) SATCHEL_TRY(taker.digest());
  return as_file;
}

struct Totals {
  std::uint64_t bundles = 0;
  std::uint64_t known = 0;
  std::uint64_t damaged = 0;
  std::size_t failed = 0;
};

json::object source_document(const std::string& path, const protocol::StickReport& report, Totals& totals) {
  json::object out{{"source", path}, {"already_here", report.known}};
  std::uint64_t bundles = 0;
  for (const protocol::Tally& lane : report.bundles) bundles += lane.bundles;
  out["bundles"] = bundles;
  json::array damaged;
  for (const protocol::StickDamage& damage : report.damages) {
    json::object item = error_item(damage.error);
    item["file"] = damage.file;
    item["offset"] = damage.offset;
    damaged.push_back(std::move(item));
  }
  out["damaged"] = std::move(damaged);
  totals.bundles += bundles;
  totals.known += report.known;
  totals.damaged += report.damage_count;
  return out;
}

core::Exit exit_of(const Totals& totals, std::size_t sources, const MergeWitness& witness) {
  if (totals.failed == sources) return core::Exit::failure;
  if (totals.damaged > 0) return core::Exit::integrity;
  if (witness.asks_a_person()) return core::Exit::person_must_decide;
  if (totals.failed > 0 || witness.set_aside()) return core::Exit::partial;
  return totals.bundles == 0 ? core::Exit::nothing_to_do : core::Exit::ok;
}

/// What the machine's own disk does not do stops the work; everything else is told beside its source.
bool own_fault(const Error& error) {
  return error.code == Code::kStoreIo || error.code == Code::kStoreDamaged || error.code == Code::kDiskFull;
}

Result<Answer> take_all(const Taker& taker, const std::vector<std::string>& sources, MergeWitness& witness,
                        const Progress& progress) {
  Answer answer;
  json::array documents;
  Totals totals;
  for (const std::string& path : sources) {
    const auto report = read_source(taker, path);
    if (report) {
      documents.push_back(source_document(path, *report, totals));
    } else {
      if (own_fault(report.error()) || sources.size() == 1) return report.error();
      ++totals.failed;
      documents.push_back(json::object{{"source", path}, {"error", error_item(report.error())}});
    }
    if (progress) progress(json::object{{"phase", "merge"}, {"bundles", totals.bundles}});
  }
  answer.exit = exit_of(totals, sources.size(), witness);
  SATCHEL_TRY(witness.tell(answer.body, taker.ledger, taker.store));
  answer.body["new"].as_object()["bundles"] = totals.bundles;
  answer.body["known"].as_object()["bundles"] = totals.known;
  answer.body["damaged_places"] = totals.damaged;
  answer.body["sources"] = std::move(documents);
  return answer;
}

Result<Answer> merge_for_real(Node& node, Enrolled& all, const std::vector<std::string>& sources, MergeWitness& witness,
                              const Progress& progress) {
  struct Watching {
    Ledger& ledger;
    Watching(Ledger& watched, Witness* by) : ledger(watched) { ledger.set_witness(by); }
    Watching(const Watching&) = delete;
    Watching& operator=(const Watching&) = delete;
    ~Watching() { ledger.set_witness(nullptr); }
  };
  const Watching watching{*all.ledger, &witness};
  const protocol::StickWriter reader{all.certificate, node.identity().sign};
  const Taker taker{node.surroundings().disk, *all.shelf, *all.membership, reader, *all.ledger, node.store(), [&node] {
                      return node.digest_arrivals();
                    }};
  SATCHEL_TRY_ASSIGN(Answer answer, take_all(taker, sources, witness, progress));
  SATCHEL_TRY(node.note_receipt());
  return answer;
}

Result<Answer> merge_on_trial(Node& node, Enrolled& all, const std::vector<std::string>& sources, MergeWitness& witness,
                              const Progress& progress) {
  SATCHEL_TRY_ASSIGN(const std::unique_ptr<Trial> trial, Trial::open(node));
  trial->ledger().set_witness(&witness);
  const protocol::StickWriter reader{all.certificate, node.identity().sign};
  const auto digest = [&trial]() -> Result<void> {
    SATCHEL_TRY(trial->ledger().open_inbox());
    return {};
  };
  const Taker taker{trial->disk(), trial->shelf(), trial->membership(), reader, trial->ledger(), trial->store(), digest};
  return take_all(taker, sources, witness, progress);
}

}  // namespace

Result<Answer> merge(Node& node, const json::object& arguments, const Progress& progress) {
  SATCHEL_TRY_ASSIGN(Enrolled * all, node.at_hub());
  SATCHEL_TRY_ASSIGN(const std::vector<std::string> sources, list_argument(arguments, "sources"));
  const bool dry_run = flag(arguments, "dry_run");
  MergeWitness witness{all->profile, *all->membership};
  const auto take = dry_run ? merge_on_trial : merge_for_real;
  SATCHEL_TRY_ASSIGN(Answer answer, take(node, *all, sources, witness, progress));
  answer.body["schema"] = "satchel.merge/1";
  answer.body["dry_run"] = dry_run;
  return answer;
}

}  // namespace satchel::node
