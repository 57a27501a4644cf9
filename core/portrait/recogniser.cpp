#include "core/portrait/recogniser.h"

#include <algorithm>
#include <cmath>
#include <opencv2/objdetect.hpp>
#include <opencv2/objdetect/face.hpp>

namespace satchel::core::portrait {
namespace {

/// One row as FaceDetectorYN gives it: alignCrop reads the five points (of the person: the right eye stands at the left).
cv::Mat row_of(const SeenFace& face) {
  cv::Mat row(1, 15, CV_32F, cv::Scalar(0));
  const auto put = [&](int at, double x, double y) {
    row.at<float>(0, at) = static_cast<float>(x);
    row.at<float>(0, at + 1) = static_cast<float>(y);
  };
  put(0, face.box.x, face.box.y);
  put(2, face.box.width, face.box.height);
  const FacePoints& p = face.points;
  put(4, p.left_eye.x, p.left_eye.y);
  put(6, p.right_eye.x, p.right_eye.y);
  put(8, p.nose.x, p.nose.y);
  put(10, p.left_mouth.x, p.left_mouth.y);
  put(12, p.right_mouth.x, p.right_mouth.y);
  row.at<float>(0, 14) = static_cast<float>(face.score);
  return row;
}

class Sface final : public Recogniser {
 public:
  Sface(cv::Ptr<cv::FaceRecognizerSF> net, RecogniserScale scale) : net_(std::move(net)), scale_(scale) {}

  std::optional<FaceFeatures> features(const cv::Mat& bgr, const SeenFace& face) override {
    cv::Mat aligned, out;
    net_->alignCrop(bgr, row_of(face), aligned);
    net_->feature(aligned, out);
    if (out.empty() || out.type() != CV_32F || !cv::checkRange(out) || cv::norm(out) <= 0) return std::nullopt;
    FaceFeatures features;
    features.values.assign(out.begin<float>(), out.end<float>());
    return features;
  }
  const RecogniserScale& scale() const override { return scale_; }

 private:
  cv::Ptr<cv::FaceRecognizerSF> net_;
  RecogniserScale scale_;
};

}  // namespace

std::optional<double> cosine(const FaceFeatures& a, const FaceFeatures& b) noexcept {
  if (a.values.size() != b.values.size() || a.values.empty()) return std::nullopt;
  double both = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double x = static_cast<double>(a.values[i]), y = static_cast<double>(b.values[i]);
    both += x * y;
    of_a += x * x;
    of_b += y * y;
  }
  const double out = both / std::sqrt(of_a * of_b);
  return std::isfinite(out) ? std::optional(std::clamp(out, -1.0, 1.0)) : std::nullopt;
}

double similarity(double cosine, const RecogniserScale& scale) noexcept {
  const double at_80 = scale.cosine_at_80;
  if (cosine < at_80) return std::max(0.0, 80 * cosine / at_80);
  return 80 + 20 * (cosine - at_80) / (1 - at_80);
}

RecogniserScale calibrate(const std::vector<FaceFeatures>& strangers) {
  std::vector<double> pairs;
  for (std::size_t i = 0; i < strangers.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (const auto one = cosine(strangers[i], strangers[k])) pairs.push_back(*one);
    }
  }
  RecogniserScale out;
  out.pairs = pairs.size();
  if (pairs.empty()) return out;
  const auto false_accepts = static_cast<std::size_t>(static_cast<double>(pairs.size()) * kFalseAcceptRate);
  const auto at = pairs.begin() + static_cast<std::ptrdiff_t>(false_accepts);
  std::nth_element(pairs.begin(), at, pairs.end(), std::greater<>());
  // Just above the pair that is let through as the first too many.
  out.cosine_at_80 = std::clamp(*at + kAboveTheNext, kCosineLeast, kCosineMost);
  return out;
}

Result<std::unique_ptr<Recogniser>> Recogniser::load(const RecogniserFile& file) {
  if (!(file.scale.cosine_at_80 >= kCosineLeast && file.scale.cosine_at_80 <= kCosineMost)) {
    return Error{Code::kRecogniserUncalibrated, "cosine_at_80"};
  }
  try {
    auto net = std::make_unique<Sface>(cv::FaceRecognizerSF::create(file.model.path, ""), file.scale);
    // Self-test: something that is no face must run, and be like itself.
    cv::Mat noise(160, 160, CV_8UC3);
    for (int y = 0; y < noise.rows; ++y) {
      for (int x = 0; x < noise.cols; ++x) {
        const auto shade = [&](int by) { return static_cast<unsigned char>((x * by + y * (by + 4)) % 251); };
        noise.at<cv::Vec3b>(y, x) = {shade(3), shade(5), shade(7)};
      }
    }
    SeenFace face;
    face.box = {20, 20, 120, 120};
    face.points = {{60, 65}, {100, 65}, {80, 85}, {64, 108}, {96, 108}};
    const auto once = net->features(noise, face), again = net->features(noise, face);
    const auto same = once && again ? cosine(*once, *again) : std::nullopt;
    if (!same || *same < 0.999) return Error{Code::kModelUnfit, "a face is not like itself"};
    return std::unique_ptr<Recogniser>(std::move(net));
  } catch (const cv::Exception&) {
    return Error{Code::kModelUnfit, "this OpenCV cannot run it"};
  }
}

}  // namespace satchel::core::portrait
