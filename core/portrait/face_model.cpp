#include "core/portrait/face_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <opencv2/objdetect/face.hpp>
#include <string>
#include <vector>

#include "core/crypto/hash.h"

namespace satchel::core::portrait {
namespace {

struct KnownModel {
  std::string_view sha256;
  std::string_view name;
};

// Only what has been tried with OpenCV 4.6. Source: opencv/opencv_zoo, face_detection_yunet.
constexpr std::array kKnown{
    KnownModel{"50ef07f702a31741ca46a4c0d947773b64143b9362780237bf0d427d6c79bab7", "face_detection_yunet_2022mar"},
};

constexpr float kScore = 0.6f, kOverlap = 0.3f;
constexpr int kTop = 50;
// Faces wider than about 300 pixels break the detector, so all looks are small.
constexpr std::array kLooks{224, 256, 288, 320};
constexpr double kAround = 2.4;  // side of what is looked at, in widths of the face's box
constexpr int kWhole = 320;      // longer side of a picture in which nobody has found a face yet

double middle_of(std::vector<double> values) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Numbers of one row of FaceDetectorYN: x, y, w, h, then right eye, left eye, nose, right and left corner of the mouth (of the
/// person: the right one stands at the left of the picture), then the score.
constexpr int kColumns = 15;

class Yunet final : public FaceModel {
 public:
  explicit Yunet(cv::Ptr<cv::FaceDetectorYN> net) : net_(std::move(net)) {}

  std::optional<SeenFace> find(const cv::Mat& bgr, const cv::Rect2d& around) override {
    if (around.area() <= 0) return once(bgr, kWhole, false, {});
    const cv::Point2d middle(around.x + around.width / 2, around.y + around.height / 2);
    const double half = kAround * std::max(around.width, around.height) / 2;
    const cv::Rect area = cv::Rect(cv::Point(cvFloor(middle.x - half), cvFloor(middle.y - half)),
                                   cv::Point(cvCeil(middle.x + half), cvCeil(middle.y + half))) &
                          cv::Rect(0, 0, bgr.cols, bgr.rows);
    if (area.width < 16 || area.height < 16) return std::nullopt;
    const cv::Mat part = bgr(area);
    std::vector<SeenFace> seen;
    for (const int side : kLooks) {
      for (const bool mirrored : {false, true}) {
        if (const auto one = once(part, side, mirrored, middle - cv::Point2d(area.x, area.y))) seen.push_back(*one);
      }
    }
    if (seen.size() < kLooks.size()) return std::nullopt;
    SeenFace out = median(seen);
    const cv::Point2d corner(area.x, area.y);
    out.box.x += corner.x;
    out.box.y += corner.y;
    for (cv::Point2d* p :
         {&out.points.left_eye, &out.points.right_eye, &out.points.nose, &out.points.left_mouth, &out.points.right_mouth})
      *p += corner;
    return out;
  }

  std::optional<SeenFace> glance(const cv::Mat& bgr) override { return once(bgr, kWhole, false, {}); }

 private:
  /// One look at the picture with its longer side shrunk to `side`. Of several faces the one nearest to `middle`, or the largest.
  std::optional<SeenFace> once(const cv::Mat& bgr, int side, bool mirrored, std::optional<cv::Point2d> middle) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(bgr.cols, bgr.rows));
    cv::Mat small;
    const cv::Size size(std::max(1, cvRound(bgr.cols * scale)), std::max(1, cvRound(bgr.rows * scale)));
    cv::resize(bgr, small, size, 0, 0, cv::INTER_AREA);
    if (mirrored) cv::flip(small, small, 1);
    net_->setInputSize(size);
    cv::Mat rows;
    net_->detect(small, rows);
    if (rows.rows < 1 || rows.cols != kColumns) return std::nullopt;
    std::optional<SeenFace> best;
    double least = 0;
    for (int i = 0; i < rows.rows; ++i) {
      const SeenFace face = row(rows.ptr<float>(i), size.width, mirrored, bgr.cols / static_cast<double>(size.width));
      const cv::Point2d at(face.box.x + face.box.width / 2, face.box.y + face.box.height / 2);
      const double cost = middle ? cv::norm(at - *middle) : -face.box.area();
      if (middle && cost > face.box.width) continue;
      if (best && cost >= least) continue;
      best = face;
      least = cost;
    }
    return best;
  }

  static SeenFace row(const float* v, int width, bool mirrored, double back) {
    const auto x = [&](int i) { return (mirrored ? static_cast<double>(width) - v[i] : static_cast<double>(v[i])) * back; };
    const auto point = [&](int i) { return cv::Point2d(x(i), static_cast<double>(v[i + 1]) * back); };
    SeenFace out;
    const double w = static_cast<double>(v[2]) * back, h = static_cast<double>(v[3]) * back;
    out.box = {mirrored ? x(0) - w : x(0), static_cast<double>(v[1]) * back, w, h};
    out.points = {point(4), point(6), point(8), point(10), point(12)};
    if (mirrored) {
      std::swap(out.points.left_eye, out.points.right_eye);
      std::swap(out.points.left_mouth, out.points.right_mouth);
    }
    out.score = static_cast<double>(v[14]);
    return out;
  }

  static SeenFace median(const std::vector<SeenFace>& seen) {
    const auto of = [&](auto part) {
      std::vector<double> values;
      for (const SeenFace& face : seen) values.push_back(part(face));
      return middle_of(std::move(values));
    };
    const auto point = [&](cv::Point2d FacePoints::*p) {
      return cv::Point2d(of([&](const SeenFace& f) { return (f.points.*p).x; }),
                         of([&](const SeenFace& f) { return (f.points.*p).y; }));
    };
    SeenFace out;
    out.box = {of([](const SeenFace& f) { return f.box.x; }), of([](const SeenFace& f) { return f.box.y; }),
               of([](const SeenFace& f) { return f.box.width; }), of([](const SeenFace& f) { return f.box.height; })};
    out.points = {point(&FacePoints::left_eye), point(&FacePoints::right_eye), point(&FacePoints::nose),
                  point(&FacePoints::left_mouth), point(&FacePoints::right_mouth)};
    out.score = of([](const SeenFace& f) { return f.score; });
    return out;
  }

  cv::Ptr<cv::FaceDetectorYN> net_;
};

}  // namespace

cv::Point2d in_face(const FacePoints& points, cv::Point2d p) {
  const cv::Point2d along = points.right_eye - points.left_eye, mid = (points.left_eye + points.right_eye) * 0.5;
  const double apart = cv::norm(along);
  const cv::Point2d u = along * (1 / apart), d = (p - mid) * (1 / apart);
  return {d.dot(u), d.dot(cv::Point2d(-u.y, u.x))};
}

std::optional<double> nose_height(const FacePoints& points) {
  constexpr double kMouthLeast = 0.3;  // of the eyes' distance below them
  const double mouth = in_face(points, (points.left_mouth + points.right_mouth) * 0.5).y;
  if (!(mouth >= kMouthLeast)) return std::nullopt;
  return in_face(points, points.nose).y / mouth;
}

Result<std::unique_ptr<FaceModel>> FaceModel::load(const ModelFile& file) {
  const std::string digest = sha256_hex(file.contents);
  const bool known = std::any_of(kKnown.begin(), kKnown.end(), [&](const KnownModel& one) { return one.sha256 == digest; });
  if (!known) return Error{Code::kModelUnknown, "sha256 " + digest};
  try {
    auto net = cv::FaceDetectorYN::create(file.path, "", cv::Size(kWhole, kWhole), kScore, kOverlap, kTop);
    // Self-test: a picture without a face must run and give none.
    cv::Mat nothing(160, 128, CV_8UC3, cv::Scalar(120, 130, 140)), rows;
    net->setInputSize(nothing.size());
    net->detect(nothing, rows);
    if (rows.rows != 0) return Error{Code::kModelUnfit, "sees a face in an empty picture"};
    return std::unique_ptr<FaceModel>(new Yunet(std::move(net)));
  } catch (const cv::Exception&) {
    return Error{Code::kModelUnfit, "this OpenCV cannot run it"};
  }
}

}  // namespace satchel::core::portrait
