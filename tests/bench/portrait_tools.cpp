// portrait_tools: what making and guiding portraits costs.
//   build/bench/portrait_tools            ground replacement (time, overlap with the truth), guidance (frames a second)
//   build/bench/portrait_tools --memory   time and peak memory of decode and check, 12 to 100 megapixels, each in a process of
//   its own build/bench/portrait_tools --check FILE   one such process
// Times are medians of this thread's processor time. Guidance sees 640×480 frames of drawn people that move a little.
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "core/portrait/check.h"
#include "core/portrait/encode.h"
#include "core/portrait/guide.h"
#include "core/portrait/mat.h"
#include "core/portrait/replace.h"
#include "examples/portraits/people.h"
#include "tests/bench/stopwatch.h"
#include "tests/unit/portrait/cutout.h"

namespace {

using namespace satchel::core;
using namespace satchel::core::portrait;
namespace people = satchel::examples;
using satchel::tests::median;
using satchel::tests::thread_ms;

void measure_replacement() {
  std::vector<double> ms, iou;
  int refused = 0;
  constexpr std::uint64_t kSeeds = 60;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const auto shot = satchel::test::draw_cutout(seed);
    const double begin = thread_ms();
    const auto replaced = replace_ground(shot.picture, &shot.face, {100, 197, 255});
    ms.push_back(thread_ms() - begin);
    if (!replaced || replaced->change != GroundChange::replaced) {
      ++refused;
      continue;
    }
    iou.push_back(satchel::test::overlap(replaced->mask, shot.person));
  }
  std::sort(iou.begin(), iou.end());
  std::printf("replacement at 480x640: %.1f ms; of %d people %d refused; overlap: worst %.4f, median %.4f\n", median(ms),
              static_cast<int>(kSeeds), refused, iou.empty() ? 0 : iou.front(), iou.empty() ? 0 : median(iou));
}

bool measure_guidance() {
  const auto guide = Guide::load();
  if (!guide) return false;
  std::vector<double> ms;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Picture person = people::draw_person(seed, people::Defect::none, 960, 1280);
    for (int i = 0; i < 20; ++i) {
      cv::Mat frame;
      cv::warpAffine(view(person), frame, cv::Matx23d(0.375, 0, 140 + i % 5, 0, 0.375, i % 3), {640, 480}, cv::INTER_AREA,
                     cv::BORDER_REPLICATE);
      const Picture seen = to_picture(frame);
      const double begin = thread_ms();
      (*guide)->see(seen);
      ms.push_back(thread_ms() - begin);
    }
  }
  std::sort(ms.begin(), ms.end());
  std::printf("guidance, 640x480 frames: median %.1f ms, slowest tenth %.1f ms: %.0f frames a second\n", median(ms),
              ms[ms.size() * 9 / 10], 1000 / median(ms));
  return true;
}

int check_one(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const Bytes file{std::istreambuf_iterator<char>(in), {}};
  const auto judge = Judge::load();
  if (!judge) return 1;
  const double begin = thread_ms();
  const auto verdict = (*judge)->check_file(file);
  const double ms = thread_ms() - begin;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%s, %d face: %.0f ms, peak %ld MB\n", verdict ? "verdict" : verdict.error().detail.c_str(),
              verdict ? verdict->faces : 0, ms, usage.ru_maxrss / 1024);
  return 0;
}

bool measure_memory(const char* self) {
  for (const int height : {4000, 5657, 8165, 11540}) {  // 12, 24, 50, 100 megapixels
    const std::string path = "/tmp/portrait_tools." + std::to_string(getpid()) + ".jpg";
    {
      const Picture person = people::draw_person(1, people::Defect::none, 960, 1280);
      cv::Mat large;
      cv::resize(view(person), large, {height * 3 / 4, height}, 0, 0, cv::INTER_LINEAR);
      const auto file = encode_jpeg(to_picture(large), {85});
      if (!file) return false;
      std::ofstream(path, std::ios::binary)
          .write(reinterpret_cast<const char*>(file->data()), static_cast<std::streamsize>(file->size()));
    }
    std::printf("%3.0f megapixels: ", height * 0.75 * height / 1e6);
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      execl(self, self, "--check", path.c_str(), static_cast<char*>(nullptr));
      _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    unlink(path.c_str());
    if (status != 0) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "--check" && argc == 3) return check_one(argv[2]);
  if (mode == "--memory") return measure_memory("/proc/self/exe") ? 0 : 1;
  if (!mode.empty()) {
    std::fputs("usage: portrait_tools [--memory | --check FILE]\n", stderr);
    return 2;
  }
  measure_replacement();
  return measure_guidance() ? 0 : 1;
}
