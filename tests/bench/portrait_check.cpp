// portrait_check: what judging a portrait costs, as a multiple of decoding the same picture, and how right it is on drawn truth.
//   build/bench/portrait_check [RUNS=15] [PEOPLE=0]
// With SATCHEL_FACE_MODEL naming the face model's file all is measured with the model too.
// Draws portraits of 480×640, 960×1280 and 3000×4000 pixels (12 megapixels), then in turn decodes each whole and judges it from
// its bytes (Judge::check_file: shrinking decode, faces, eyes, all rules), RUNS times. Prints medians in milliseconds of this
// thread's processor time, and the ratio, which says the same on a slow or a busy machine. The plain decode is cv::imdecode where
// OpenCV's imgcodecs can be linked, else our own whole decode. Peak memory is that of the whole process, drawing included.
// With PEOPLE also: on that many drawn people, harmless in all but what is asked, the error of the eyes as a share of their
// distance (50th and 90th percentile), balanced accuracy of the rules on half-dark faces, glasses, closed eyes and open mouths
// (unknown counts as half right), and blur caught and falsely called. Exit 1 when a picture cannot be judged.
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <opencv2/core.hpp>
#include <sstream>
#include <string>
#include <vector>

#ifdef SATCHEL_BENCH_IMGCODECS
#include <opencv2/imgcodecs.hpp>
#endif

#include "core/portrait/check.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "examples/portraits/people.h"
#include "tests/bench/stopwatch.h"

namespace {

using namespace satchel::core;
using namespace satchel::core::portrait;
namespace people = satchel::examples;
using satchel::tests::median;
using satchel::tests::thread_ms;

bool decode_plainly(const Bytes& file) {
#ifdef SATCHEL_BENCH_IMGCODECS
  return !cv::imdecode(file, cv::IMREAD_COLOR).empty();
#else
  return decode(file).has_value();
#endif
}

struct Size {
  int width, height;
};

double peak_mb() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

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
  std::printf("%4d x %4d   plain decode %7.1f ms   whole check %7.1f ms   ratio %5.2f   peak %4.0f MB\n", size.width, size.height,
              median(decodes), median(checks), median(checks) / median(decodes), peak_mb());
  return true;
}

/// A harmless look of person n, changed.
people::Look look_of(int n, const std::function<void(people::Dice&, people::Look&)>& change) {
  people::Dice dice(static_cast<std::uint64_t>(n) * 77 + 5);
  people::Look look = people::harmless_lots(dice);
  look.eyewear = people::Eyewear::none;
  change(dice, look);
  return look;
}

/// Share of the people under a look for whom `right` holds; half for each that the rule cannot tell.
double share_right(Judge& judge, int count, std::string_view code,
                   const std::function<void(people::Dice&, people::Look&)>& change,
                   const std::function<bool(const Finding&)>& right) {
  double sum = 0;
  for (int n = 0; n < count; ++n) {
    const Verdict verdict = judge.check(people::draw_look(5000 + static_cast<std::uint64_t>(n), look_of(n, change), 480, 640));
    const Finding* found = nullptr;
    for (const auto* list : {&verdict.findings, &verdict.passed}) {
      for (const Finding& f : *list) found = f.code == code ? &f : found;
    }
    if (found == nullptr || found->level == Level::unknown) {
      sum += 0.5;
    } else {
      sum += right(*found) ? 1 : 0;
    }
  }
  return sum / count;
}

void balanced(Judge& judge, int count, const char* name, std::string_view code,
              const std::function<void(people::Dice&, people::Look&)>& fault, const std::function<bool(const Finding&)>& called) {
  const double hits = share_right(judge, count, code, fault, called);
  const double quiet = share_right(
      judge, count, code, [](people::Dice&, people::Look&) {}, [&](const Finding& f) { return !called(f); });
  std::printf("  %-14s caught %5.1f %%   quiet on good ones %5.1f %%   balanced accuracy %.3f\n", name, 100 * hits, 100 * quiet,
              (hits + quiet) / 2);
}

void eye_error(Judge& judge, int count) {
  std::vector<double> errors;
  int unseen = 0;
  for (int n = 0; n < count; ++n) {
    people::Truth truth;
    const auto picture = people::draw_look(5000 + static_cast<std::uint64_t>(n), look_of(n, [](people::Dice&, people::Look&) {}),
                                           480, 640, &truth);
    const Verdict verdict = judge.check(picture);
    if (!verdict.face || !verdict.face->left_eye) {
      ++unseen;
      continue;
    }
    const double apart = std::hypot(truth.right_eye.x - truth.left_eye.x, truth.right_eye.y - truth.left_eye.y);
    errors.push_back(std::hypot(verdict.face->left_eye->x - truth.left_eye.x, verdict.face->left_eye->y - truth.left_eye.y) /
                     apart);
    errors.push_back(std::hypot(verdict.face->right_eye->x - truth.right_eye.x, verdict.face->right_eye->y - truth.right_eye.y) /
                     apart);
  }
  std::sort(errors.begin(), errors.end());
  if (errors.empty()) return;
  std::printf("  eyes           unseen %d of %d   error %.3f (50 %%)  %.3f (90 %%)\n", unseen, count, errors[errors.size() / 2],
              errors[errors.size() * 9 / 10]);
}

void blur(Judge& judge, int count) {
  const auto called = [&](double deviation) {
    int calls = 0;
    for (int n = 0; n < count; ++n) {
      people::Look look = look_of(n, [](people::Dice&, people::Look&) {});
      look.lens_blur_px = deviation;
      const Verdict verdict = judge.check(people::draw_look(5000 + static_cast<std::uint64_t>(n), look, 480, 640));
      calls += std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& f) {
        return (f.code == "Q-BLUR" || f.code == "Q-SOFT") && (f.level == Level::fail || f.level == Level::advice);
      });
    }
    return 100.0 * calls / count;
  };
  std::printf("  blur           called at 0.45 px %5.1f %%   1.0 px %5.1f %%   1.5 px %5.1f %%   2.0 px %5.1f %%\n", called(0.45),
              called(1.0), called(1.5), called(2.0));
}

void truth(Judge& judge, int count) {
  const auto loud = [](const Finding& f) { return f.level == Level::fail || f.level == Level::advice; };
  eye_error(judge, count);
  balanced(
      judge, count, "half-dark", "Q-HALF-DARK",
      [](people::Dice& d, people::Look& l) { l.side_dark = (d.chance(0.5) ? 1 : -1) * d.between(0.5, 0.75); }, loud);
  balanced(
      judge, count, "glasses", "Q-GLASSES", [](people::Dice&, people::Look& l) { l.eyewear = people::Eyewear::clear; },
      [](const Finding& f) { return f.value >= Limits{}.glasses_edge; });
  balanced(
      judge, count, "closed eyes", "Q-EYES-CLOSED", [](people::Dice&, people::Look& l) { l.eyes_open = 0; }, loud);
  balanced(
      judge, count, "open mouth", "Q-MOUTH", [](people::Dice& d, people::Look& l) { l.mouth_open = d.between(0.3, 1); }, loud);
  blur(judge, count);
}

bool measure_all(Judge& judge, int runs, int count) {
  for (const Size size : {Size{480, 640}, Size{960, 1280}, Size{3000, 4000}}) {
    if (measure(judge, size, runs)) continue;
    std::fprintf(stderr, "%d x %d could not be judged\n", size.width, size.height);
    return false;
  }
  if (count > 0) truth(judge, count);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 15;
  const int count = argc > 2 ? std::atoi(argv[2]) : 0;
  if (runs < 1 || count < 0) {
    std::fputs("usage: portrait_check [RUNS] [PEOPLE]\n", stderr);
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // what was measured stays when the rest is cut short
  const auto judge = Judge::load();          // sets OpenCV to one thread
  if (!judge) {
    std::fputs("the face detectors are not installed (package opencv-data)\n", stderr);
    return 1;
  }
  if (!measure_all(**judge, runs, count)) return 1;
  const char* model = std::getenv("SATCHEL_FACE_MODEL");
  if (model == nullptr) return 0;
  std::ifstream in(model, std::ios::binary);
  std::ostringstream read;
  read << in.rdbuf();
  const std::string text = read.str();
  const auto with_model = Judge::load(kCascadeFolder, {model, Bytes(text.begin(), text.end())});
  if (!with_model || !(*with_model)->has_model()) {
    std::fputs("the face model cannot be used\n", stderr);
    return 1;
  }
  std::puts("with the face model:");
  return measure_all(**with_model, runs, count) ? 0 : 1;
}
