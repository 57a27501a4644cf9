#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/judging.h"
#include "cli/picture_folder.h"

namespace satchel::cli {

/// One picture's answer: a "satchel.check/1" document, with "error" when it could not be read or its overlay not written.
struct CheckedPicture {
  std::string file;  ///< as shown
  bool unread = false;
  core::portrait::Verdict verdict;  ///< not when unread
  boost::json::object document;
};

struct CheckJob {
  const std::vector<PictureFile>& pictures;
  const PictureRules& rules;
  std::string overlay;  ///< as typed, empty for none; overlay_path() names each
  int threads = 1;
  std::string face_model;                                 ///< a file; empty: the environment's, if any
  std::string recogniser;                                 ///< likewise
  std::optional<core::portrait::FaceFeatures> admission;  ///< whom every picture is compared with
  bool explain = false;                                   ///< every rule's number, limit and source
};

/// Judges all, `job.threads` pictures at a time, each thread with a judge of its own (`first` is one of them); `done` hears of
/// them in the order of the list, in the calling thread. At any time no more than one picture a thread is in memory. Verdicts and
/// numbers do not depend on the number of threads.
void judge_all(const CheckJob& job, const Machine& machine, std::unique_ptr<core::portrait::Judge> first,
               const std::function<void(CheckedPicture)>& done);

/// Where the overlay of picture `index` (from 0) of `count` goes: `overlay` itself for one picture, else NAME-1.png, NAME-2.png,
/// …
std::string overlay_path(const std::string& overlay, std::size_t index, std::size_t count);

}  // namespace satchel::cli
