// portrait_check: what judging a portrait costs, as a multiple of decoding the same picture.
//   build/bench/portrait_check [RUNS=15]
// Draws portraits of 480×640, 960×1280 and 3000×4000 pixels (12 megapixels), then in turn decodes each whole and judges it from
// its bytes (Judge::check_file: shrinking decode, faces, eyes, all rules), RUNS times. Prints medians in milliseconds of this
// thread's processor time, and the ratio, which says the same on a slow or a busy machine. The plain decode is cv::imdecode where
// OpenCV's imgcodecs can be linked, else our own whole decode. Exit 1 when a picture cannot be judged.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <vector>

#ifdef SATCHEL_BENCH_IMGCODECS
#include <opencv2/imgcodecs.hpp>
#endif

#include "core/portrait/check.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "examples/portraits/people.h"

namespace {

using namespace satchel::core;
using namespace satchel::core::portrait;
namespace people = satchel::examples;

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

bool decode_plainly(const Bytes& file) {
#ifdef SATCHEL_BENCH_IMGCODECS
  return !cv::imdecode(file, cv::IMREAD_COLOR).empty();
#else
  return decode(file).has_value();
#endif
}

double median(std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  return ms[ms.size() / 2];
}

struct Size {
  int width, height;
};

bool measure(Judge& judge, Size size, int runs) {
  const auto file = encode_jpeg(people::draw_person(1, people::Defect::none, size.width, size.height));
  if (!file) return false;
  std::vector<double> decodes, checks;
  for (int run = 0; run < runs; ++run) {
    const double begin = thread_ms();
    const bool decoded = decode_plainly(*file);
    const double between = thread_ms();
    const auto verdict = judge.check_file(*file);
    checks.push_back(thread_ms() - between);
    decodes.push_back(between - begin);
    if (!decoded || !verdict || verdict->faces != 1) return false;
  }
  std::printf("%4d x %4d   plain decode %7.1f ms   whole check %7.1f ms   ratio %5.2f\n", size.width, size.height,
              median(decodes), median(checks), median(checks) / median(decodes));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 15;
  if (runs < 1) {
    std::fputs("usage: portrait_check [RUNS]\n", stderr);
    return 2;
  }
  const auto judge = Judge::load();  // sets OpenCV to one thread
  if (!judge) {
    std::fputs("the face detectors are not installed (package opencv-data)\n", stderr);
    return 1;
  }
  for (const Size size : {Size{480, 640}, Size{960, 1280}, Size{3000, 4000}}) {
    if (measure(**judge, size, runs)) continue;
    std::fprintf(stderr, "%d x %d could not be judged\n", size.width, size.height);
    return 1;
  }
  return 0;
}
