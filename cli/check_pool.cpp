#include "cli/check_pool.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "cli/command_line.h"
#include "core/portrait/encode.h"
#include "core/portrait/render.h"
#include "node/verdict_json.h"

namespace satchel::cli {
namespace {

using core::Result;
namespace portrait = core::portrait;

Result<void> write_overlay(const std::string& path, const Judged& judged, const portrait::Limits& limits, core::Disk& disk) {
  SATCHEL_TRY_ASSIGN(const portrait::Picture overlay, portrait::draw_overlay(judged.picture, judged.verdict, limits));
  SATCHEL_TRY_ASSIGN(const core::Bytes png, portrait::encode_png(overlay));
  return disk.write_atomic(path, png);
}

CheckedPicture refused(const std::string& file, const core::Error& error) {
  return {file, true, {}, {{"schema", "satchel.check/1"}, {"file", file}, {"error", node::error_item(error)}}};
}

CheckedPicture check_one(const CheckJob& job, std::size_t index, const Machine& machine, portrait::Judge& judge) {
  const PictureFile& picture = job.pictures[index];
  const core::MonoMs begin = machine.surroundings.clock.mono();
  const Result<Judged> judged = judge_file(picture.path, machine.surroundings.disk, judge, job.rules.limits, job.admission);
  if (!judged) return refused(picture.shown, judged.error());
  const auto elapsed_ms = static_cast<double>(machine.surroundings.clock.mono() - begin);
  CheckedPicture out{picture.shown, false, judged->verdict,
                     node::verdict_document(judged->verdict, picture.shown, elapsed_ms, job.explain)};
  out.document["explain"] = job.explain;
  if (const std::string overlay = overlay_path(job.overlay, index, job.pictures.size()); !overlay.empty()) {
    const std::string path = absolute_path(overlay, machine.folder);
    if (const auto written = write_overlay(path, *judged, job.rules.limits, machine.surroundings.disk); !written) {
      return refused(picture.shown, node::at_path(written.error(), overlay));
    }
    out.document["overlay"] = overlay;
  }
  return out;
}

/// Hands out numbers of pictures and takes answers in, from several threads.
class Desk {
 public:
  explicit Desk(std::size_t count) : count_(count) {}

  /// The next picture's number; count when there is none.
  std::size_t take() {
    const std::lock_guard lock(mutex_);
    return next_ < count_ ? next_++ : count_;
  }
  void give(std::size_t index, CheckedPicture answer) {
    const std::lock_guard lock(mutex_);
    answers_.emplace(index, std::move(answer));
    arrived_.notify_one();
  }
  /// Waits for the answer of `index`.
  CheckedPicture wait_for(std::size_t index) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return answers_.contains(index); });
    const auto found = answers_.find(index);
    CheckedPicture out = std::move(found->second);
    answers_.erase(found);
    return out;
  }

 private:
  std::size_t count_;
  std::size_t next_ = 0;
  std::map<std::size_t, CheckedPicture> answers_;
  std::mutex mutex_;
  std::condition_variable arrived_;
};

}  // namespace

void judge_all(const CheckJob& job, const Machine& machine, std::unique_ptr<portrait::Judge> first,
               const std::function<void(CheckedPicture)>& done) {
  const std::size_t count = job.pictures.size();
  if (job.threads < 2 || count < 2) {
    for (std::size_t i = 0; i < count; ++i) done(check_one(job, i, machine, *first));
    return;
  }
  Desk desk(count);
  const auto work = [&](portrait::Judge& judge) {
    for (std::size_t i = desk.take(); i < count; i = desk.take()) desk.give(i, check_one(job, i, machine, judge));
  };
  std::vector<std::jthread> threads;
  threads.emplace_back([&, judge = std::move(first)] { work(*judge); });
  for (int i = 1; i < job.threads; ++i) {
    threads.emplace_back([&] {
      const auto judge = load_judge(machine, job.face_model, job.recogniser);
      if (judge) work(**judge);  // without one the others do its share
    });
  }
  for (std::size_t i = 0; i < count; ++i) done(desk.wait_for(i));
}

std::string overlay_path(const std::string& overlay, std::size_t index, std::size_t count) {
  if (overlay.empty() || count < 2) return overlay;
  const std::string number = "-" + std::to_string(index + 1);
  const std::size_t slash = overlay.find_last_of('/');
  const std::size_t dot = overlay.find_last_of('.');
  const std::size_t name_at = slash == std::string::npos ? 0 : slash + 1;
  if (dot == std::string::npos || dot <= name_at) return overlay + number;
  return overlay.substr(0, dot) + number + overlay.substr(dot);
}

}  // namespace satchel::cli
