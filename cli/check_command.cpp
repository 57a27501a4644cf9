#include "cli/check_command.h"

#include <algorithm>

#include "cli/check_pool.h"
#include "cli/check_summary.h"
#include "cli/command_line.h"
#include "cli/document.h"
#include "cli/judging.h"

namespace satchel::cli {
namespace {

using core::Result;

constexpr int kJobs = 2;      // the computers at teaching points have two cores
constexpr int kJobsMax = 64;  // ours: each holds a picture and a judge

class CheckRun {
 public:
  CheckRun(Console& console, std::size_t count, bool folder) : console_(console), count_(count), folder_(folder) {}

  void take(CheckedPicture picture) {
    ++done_;
    unread_ = unread_ || picture.unread;
    failed_ = failed_ || (!picture.unread && picture.verdict.verdict == core::portrait::Level::fail);
    summary_.add(picture);
    if (console_.json() || !folder_) {
      console_.answer(picture.document);
    } else {
      console_.progress(console_.view().words(Phrase::check_progress, {std::to_string(done_), std::to_string(count_)}));
    }
  }
  const CheckSummary& summary() const { return summary_; }
  core::Exit exit() const {
    if (unread_) return core::Exit::failure;
    return failed_ ? core::Exit::check_failed : core::Exit::ok;
  }

 private:
  Console& console_;
  std::size_t count_;
  bool folder_;
  CheckSummary summary_;
  std::size_t done_ = 0;
  bool failed_ = false;
  bool unread_ = false;
};

}  // namespace

core::Exit run_check(const boost::json::object& arguments, const Machine& machine, Console& console) {
  core::Disk& disk = machine.surroundings.disk;
  const std::string wanted_jobs = text_of(arguments, "jobs");
  const Result<int> jobs = wanted_jobs.empty() ? Result<int>{kJobs} : whole_number(wanted_jobs, "--jobs", 1, kJobsMax);
  if (!jobs) return console.refuse(jobs.error());
  const Result<PictureRules> rules = picture_rules(text_of(arguments, "profile"), disk);
  if (!rules) return console.refuse(rules.error());
  const std::string face_model = text_of(arguments, "face_model");
  const std::string recogniser = text_of(arguments, "recogniser");
  Result<std::unique_ptr<core::portrait::Judge>> judge = load_judge(machine, face_model, recogniser);
  if (!judge) return console.refuse(judge.error());
  const std::string admission_photo = text_of(arguments, "admission");
  const auto admission = admission_photo.empty() ? Result<std::optional<core::portrait::FaceFeatures>>{std::nullopt}
                                                 : face_in(admission_photo, disk, **judge);
  if (!admission) return console.refuse(node::at_path(admission.error(), admission_photo));
  const Result<PictureFiles> files = find_pictures(texts_of(arguments, "images"), machine.folder, disk);
  if (!files) return console.refuse(files.error());
  if (files->pictures.empty()) {
    console.answer(CheckSummary{}.document(files->skipped));
    return core::Exit::nothing_to_do;
  }

  CheckRun run(console, files->pictures.size(), files->folder);
  const CheckJob job{files->pictures, *rules,     text_of(arguments, "overlay"), *jobs, face_model,
                     recogniser,      *admission, flag_of(arguments, "explain")};
  judge_all(job, machine, *std::move(judge), [&](CheckedPicture picture) { run.take(std::move(picture)); });
  boost::json::object summary = run.summary().document(files->skipped);
  if (const std::string csv = text_of(arguments, "csv"); !csv.empty()) {
    const std::string table = run.summary().csv();
    if (const auto written = disk.write_atomic(absolute_path(csv, machine.folder), core::as_bytes(table)); !written) {
      return console.refuse(node::at_path(written.error(), csv));
    }
    summary["csv"] = csv;
  }
  if (files->folder || summary.contains("csv")) console.answer(summary);
  return run.exit();
}

}  // namespace satchel::cli
