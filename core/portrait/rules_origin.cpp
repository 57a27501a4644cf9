// Where a picture comes from: a screen, a beauty filter, an editor. All only advise: a spectral detector that was perfect on
// drawn screens missed both real ones, and no detector of retouching does better than .85 [M]. Sources: Garcia and de Queiroz,
// "Face- spoofing 2D-detection based on Moiré-pattern analysis", 2015; EXIF 2.32 §4.6.4 (Software).
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "core/portrait/rules.h"
#include "core/portrait/zones.h"

namespace satchel::core::portrait {
namespace {

constexpr int kSpectrum = 256;

/// dB by which the strongest fine pattern stands out of the frequencies around it. On the picture's own pixels, around the face:
/// shrinking would take the pattern away.
std::optional<double> spectral_peak_db(const Scene& scene) {
  const cv::Point2d mid = scene.eyes.middle();
  const cv::Rect area = cv::Rect(cvRound(mid.x) - kSpectrum / 2, cvRound(mid.y) - kSpectrum / 3, kSpectrum, kSpectrum) &
                        cv::Rect(0, 0, scene.picture.cols, scene.picture.rows);
  if (area.width < kSpectrum || area.height < kSpectrum) return std::nullopt;
  cv::Mat grey, window, waves;
  cv::cvtColor(scene.picture(area), grey, cv::COLOR_BGR2GRAY);
  grey.convertTo(grey, CV_32F);
  cv::createHanningWindow(window, grey.size(), CV_32F);
  cv::multiply(grey, window, grey);
  cv::dft(grey, waves, cv::DFT_COMPLEX_OUTPUT);
  cv::Mat power(kSpectrum, kSpectrum, CV_32F);
  for (int y = 0; y < kSpectrum; ++y) {
    for (int x = 0; x < kSpectrum; ++x) {
      const auto& v = waves.at<cv::Vec2f>(y, x);
      power.at<float>(y, x) = 10 * std::log10(v[0] * v[0] + v[1] * v[1] + 1);
    }
  }
  cv::Mat around;
  cv::blur(power, around, cv::Size(17, 17));
  double best = 0;
  for (int y = 0; y < kSpectrum; ++y) {
    for (int x = 0; x < kSpectrum / 2; ++x) {
      const int fx = x, fy = y < kSpectrum / 2 ? y : kSpectrum - y;
      const double radius = std::hypot(fx, fy) / kSpectrum;
      // A face's own detail lies below 0.1 cycles a pixel; a JPEG's blocks and straight edges lie on the axes.
      if (radius < 0.12 || radius > 0.46 || fx < 6 || fy < 6) continue;
      best = std::max(best, static_cast<double>(power.at<float>(y, x) - around.at<float>(y, x)));
    }
  }
  return best;
}

double detail(const Patch& patch, const Zone& zone) {
  const cv::Rect area = place(patch, zone);
  if (area.width < 12 || area.height < 12) return 0;
  cv::Mat grey, edges;
  cv::cvtColor(patch.bgr(area), grey, cv::COLOR_BGR2GRAY);
  cv::Laplacian(grey, edges, CV_32F);
  cv::Scalar mean, deviation;
  cv::meanStdDev(edges, mean, deviation);
  return deviation[0];
}

}  // namespace

Finding rule_recapture(const Scene& scene) {
  const Range pass{-kOpen, scene.limits->screen_peak_pass};
  const auto peak = spectral_peak_db(scene);
  if (!peak) return cannot_tell("Q-RECAPTURE", "pattern_peak_db", pass, Blind::too_few_pixels);
  return advise("Q-RECAPTURE", "pattern_peak_db", *peak, pass);
}

/// Fine detail of the cheeks as a share of that of the eyes: a beauty filter smooths skin and keeps eyes.
Finding rule_beautified(const Scene& scene) {
  const Range pass{scene.limits->skin_detail_pass, kOpen};
  if (!scene.eyes_seen) return cannot_tell("Q-BEAUTIFIED", "skin_over_eye_detail", pass, Blind::no_eyes);
  // An enlarged or strongly shrunk face has lost what tells filters from skin.
  if (scene.patch.scale > 1.1) return cannot_tell("Q-BEAUTIFIED", "skin_over_eye_detail", pass, Blind::too_few_pixels);
  const double cheeks = std::min(detail(scene.patch, kLeftCheek), detail(scene.patch, kRightCheek));
  const double eyes = std::min(detail(scene.patch, {-0.75, -0.2, -0.25, 0.15}), detail(scene.patch, {0.25, -0.2, 0.75, 0.15}));
  if (cheeks <= 0 || eyes <= 0) return cannot_tell("Q-BEAUTIFIED", "skin_over_eye_detail", pass, Blind::unsure);
  return advise("Q-BEAUTIFIED", "skin_over_eye_detail", cheeks / eyes, pass);
}

/// Whether the file names a picture editor.
Finding rule_edited(const Scene& scene) {
  const Range none{-kOpen, 0};
  if (!scene.marks) return cannot_tell("Q-EDITED", "editors_named", none, Blind::no_file);
  return advise("Q-EDITED", "editors_named", scene.marks->editor.empty() ? 0 : 1, none);
}

/// Comparing with the admission photo takes a recogniser that the operator supplies; classical features are useless for it (5 to
/// 57 % of true pairs at one false one in a thousand [M]). None is built in: without one a person compares. Where the profile
/// asks for a least similarity it is a failure, elsewhere advice.
Finding rule_similarity(const Scene& scene) {
  constexpr std::string_view code = "Q-SIMILARITY", measure = "similarity";
  constexpr double kNoticeLeast = 80;  // Nanchang
  const bool asked = scene.limits->similarity_min > 0;
  const Range pass{asked ? scene.limits->similarity_min : kNoticeLeast, kOpen};
  if (!scene.has_recogniser) return cannot_tell(code, measure, pass, Blind::no_recogniser);
  if (!scene.has_admission) return cannot_tell(code, measure, pass, Blind::no_admission);
  if (!scene.similarity) return cannot_tell(code, measure, pass, Blind::model_saw_nothing);
  return asked ? judge(code, measure, *scene.similarity, pass, pass) : advise(code, measure, *scene.similarity, pass);
}

}  // namespace satchel::core::portrait
