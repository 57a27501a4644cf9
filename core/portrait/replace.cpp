#include "core/portrait/replace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/portrait/ground_plane.h"
#include "core/portrait/mat.h"

namespace satchel::core::portrait {
namespace {

constexpr std::array<GroundWords, 5> kWords{{
    {GroundChange::replaced, "G-REPLACED", "背景已替换；原图保持不变。", "The ground was replaced; the original stays as it is.",
     "", ""},
    {GroundChange::no_face, "G-NO-FACE", "没有看清双眼，背景没有替换。",
     "The eyes could not be seen, so the ground was not replaced.", "请本人正对镜头重拍。",
     "Let the student face the camera, and take it again."},
    {GroundChange::not_plain, "G-NOT-PLAIN", "背景不是均匀的单色，背景没有替换。",
     "The ground is not of one plain colour, so it was not replaced.",
     "请换成平整的单色背景，离墙远一些，避免影子，头顶留空，然后重拍。",
     "Use a smooth cloth of one colour, stand further from it, avoid shadows, leave room above the head, and take it again."},
    {GroundChange::clothes, "G-CLOTHES", "衣服与背景颜色太接近，替换会吃掉肩膀，背景没有替换。",
     "The clothes are too near to the ground's colour and would be cut away, so it was not replaced.",
     "请换一件与背景明显不同的衣服后重拍。", "Wear something clearly different from the ground, and take it again."},
    {GroundChange::swallowed, "G-SWALLOWED", "替换会把人也换成背景色，背景没有替换。",
     "Replacing would have painted over the person too, so it was not done.", "请换另一种颜色的背景，补足正面光后重拍。",
     "Use a ground of another colour and more light from the front, and take it again."},
}};

// Ours, tried on drawn and real portraits.
constexpr double kResidualMost = 8;   // the limit of the rule on backgrounds
constexpr double kClothesLeast = 12;  // the limit of the rule on clothes
constexpr double kTorsoLost = 0.08;   // of the torso that the key may take
constexpr double kFaceLost = 0.02;
constexpr double kPersonLeast = 0.2, kPersonMost = 0.95;
constexpr double kTopMost = 0.5;        // face widths of the upper edge that hair may touch
constexpr double kShoulderDelta = 18;   // ΔE that the clothes' outline needs
constexpr double kShoulderShare = 0.2;  // of the outline that may lack it
constexpr int kPocketLeast = 40;        // pixels; smaller ones are strands' gloss
constexpr int kEdge = 4;                // pixels on either side of the key's edge that may be mixtures
constexpr int kFringe = 9;              // and outwards, around hair

/// Parts of a head-and-shoulders portrait, from the eyes: a face that is surely person, a torso that surely is.
struct Parts {
  cv::Mat face, torso;
};

Parts parts_of(cv::Size size, const FaceGeometry& face) {
  Parts out{cv::Mat::zeros(size, CV_8UC1), cv::Mat::zeros(size, CV_8UC1)};
  const double w = face.face_width_px;
  const cv::Point2d mid((face.left_eye->x + face.right_eye->x) / 2, (face.left_eye->y + face.right_eye->y) / 2);
  cv::ellipse(out.face, cv::Point(mid + cv::Point2d(0, 0.15 * w)), cv::Size(cvRound(0.42 * w), cvRound(0.5 * w)), 0, 0, 360, 255,
              cv::FILLED);
  const cv::Rect torso = cv::Rect(cvRound(mid.x - 0.5 * w), cvRound(mid.y + 1.25 * w), cvRound(w), size.height) &
                         cv::Rect(0, 0, size.width, size.height);
  out.torso(torso) = 255;
  return out;
}

/// 255 where a chain of pixels near the plane leads to the left, right or upper edge.
cv::Mat flood(const cv::Mat& distance, double reach) {
  cv::Mat near = distance < reach;
  cv::morphologyEx(near, near, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3}));
  cv::Mat framed;
  cv::copyMakeBorder(near, framed, 1, 0, 1, 1, cv::BORDER_CONSTANT, 255);
  cv::floodFill(framed, cv::Point(0, 0), 128);
  return cv::Mat(framed == 128)(cv::Rect(1, 1, near.cols, near.rows)).clone();
}

/// Pieces of "person" that hang on nothing are dirt or the cloth's folds.
void keep_largest(cv::Mat& person) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(person, labels, stats, centres, 8);
  int largest = 0, area = 0;
  for (int i = 1; i < count; ++i) {
    if (stats.at<int>(i, cv::CC_STAT_AREA) <= area) continue;
    area = stats.at<int>(i, cv::CC_STAT_AREA);
    largest = i;
  }
  person = largest > 0 ? cv::Mat(labels == largest) : cv::Mat::zeros(person.size(), CV_8UC1);
}

/// Ground that hair encloses: pieces near the plane, above the shoulders and beside the face. White of eyes, teeth and collars
/// stay.
void open_pockets(cv::Mat& person, const cv::Mat& distance, double reach, const FaceGeometry& face) {
  const double w = face.face_width_px;
  const cv::Point2d mid((face.left_eye->x + face.right_eye->x) / 2, (face.left_eye->y + face.right_eye->y) / 2);
  cv::Mat near = distance < reach, labels, stats, centres;
  cv::bitwise_and(near, person, near);
  cv::morphologyEx(near, near, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
  const int count = cv::connectedComponentsWithStats(near, labels, stats, centres, 8);
  for (int i = 1; i < count; ++i) {
    const cv::Point2d at(centres.at<double>(i, 0), centres.at<double>(i, 1));
    const bool beside = std::abs(at.x - mid.x) > 0.5 * w || at.y < mid.y - 0.9 * w;
    if (stats.at<int>(i, cv::CC_STAT_AREA) < kPocketLeast || !beside || at.y > mid.y + 1.1 * w) continue;
    person.setTo(0, labels == i);
  }
}

/// Whether what lies just inside the person's outline, below the chin, is near the ground's colour: there the edge cannot be
/// seen, by us or by the system that gets the picture.
bool shoulders_fade(const cv::Mat& person, const cv::Mat& distance, const FaceGeometry& face) {
  const auto eroded = [&](int r) {
    cv::Mat out;
    cv::erode(person, out, cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * r + 1, 2 * r + 1}), {-1, -1}, 1, cv::BORDER_CONSTANT,
              255);
    return out;
  };
  cv::Mat ring = eroded(kEdge) & ~eroded(2 * kEdge + 1);
  const double chin = (face.left_eye->y + face.right_eye->y) / 2 + 0.9 * face.face_width_px;
  ring(cv::Rect(0, 0, ring.cols, std::clamp(cvRound(chin), 0, ring.rows))) = 0;
  if (cv::countNonZero(ring) == 0) return false;
  cv::Mat alike = (distance < kShoulderDelta) & ring;
  return cv::countNonZero(alike) > kShoulderShare * cv::countNonZero(ring);
}

/// How much of the upper edge is "person": a window or a shelf behind, or a head without room above it.
double top_touched(const cv::Mat& person, const FaceGeometry& face) {
  return cv::countNonZero(person.row(0)) / std::max(1.0, face.face_width_px);
}

double share(const cv::Mat& mask, const cv::Mat& within) {
  cv::Mat both;
  cv::bitwise_and(mask, within, both);
  return static_cast<double>(cv::countNonZero(both)) / std::max(1, cv::countNonZero(within));
}

/// The mean of `values` over the pixels of `mask` within `radius`, and how much of the window that was.
void masked_mean(const cv::Mat& values, const cv::Mat& mask, int radius, cv::Mat& mean, cv::Mat& weight) {
  cv::Mat share32, masked, sum;
  mask.convertTo(share32, CV_32F, 1 / 255.0);
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{share32, share32, share32}, three);
  cv::multiply(values, three, masked);
  const cv::Size window(2 * radius + 1, 2 * radius + 1);
  cv::boxFilter(masked, sum, CV_32F, window, {-1, -1}, true, cv::BORDER_REPLICATE);
  cv::boxFilter(share32, weight, CV_32F, window, {-1, -1}, true, cv::BORDER_REPLICATE);
  cv::Mat least = cv::max(weight, 1e-4), divisor;
  cv::merge(std::vector<cv::Mat>{least, least, least}, divisor);
  cv::divide(sum, divisor, mean);
}

float smooth_step(float from, float to, float x) {
  const float t = std::clamp((x - from) / (to - from), 0.0f, 1.0f);
  return t * t * (3 - 2 * t);
}

/// How much of each pixel is person, 0..1. `bgr`: float; `ground`: the old ground's colour everywhere.
cv::Mat matte(const cv::Mat& bgr, const cv::Mat& ground, const cv::Mat& person, const cv::Mat& face) {
  const auto disc = [](int r) { return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * r + 1, 2 * r + 1}); };
  cv::Mat inside, outside, soft;
  cv::erode(person, inside, disc(kEdge), {-1, -1}, 1, cv::BORDER_CONSTANT, 255);  // the lower edge cuts through the person
  cv::bitwise_or(inside, face, inside);
  cv::dilate(person, outside, disc(kFringe));
  cv::Mat mean, weight;
  masked_mean(bgr, inside, 3 * kEdge, mean, weight);
  person.convertTo(soft, CV_32F, 1 / 255.0);
  cv::GaussianBlur(soft, soft, cv::Size(), 1.2);
  cv::Mat alpha(bgr.size(), CV_32FC1);
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* pixel = bgr.ptr<cv::Vec3f>(y);
    const auto* back = ground.ptr<cv::Vec3f>(y);
    const auto* front = mean.ptr<cv::Vec3f>(y);
    float* out = alpha.ptr<float>(y);
    for (int x = 0; x < bgr.cols; ++x) {
      if (inside.at<std::uint8_t>(y, x) != 0) {
        out[x] = 1;
      } else if (outside.at<std::uint8_t>(y, x) == 0) {
        out[x] = 0;
      } else {
        const cv::Vec3f line = front[x] - back[x];
        const float length2 = line.dot(line);
        const float along = (pixel[x] - back[x]).dot(line) / std::max(length2, 1.0f);
        // Where person and ground look alike, or no person is near, the key's own edge is the better guess.
        const float trust = smooth_step(30, 70, std::sqrt(length2)) * smooth_step(0.0f, 0.02f, weight.at<float>(y, x));
        const float guess = std::clamp((along - 0.04f) / 0.92f, 0.0f, 1.0f);
        out[x] = trust * guess + (1 - trust) * soft.at<float>(y, x);
      }
    }
  }
  return alpha;
}

Picture compose(const cv::Mat& bgr, const cv::Mat& old_ground, const cv::Mat& alpha, Ground ground) {
  const cv::Vec3f fresh(ground.blue, ground.green, ground.red);
  cv::Mat out(bgr.size(), CV_8UC3);
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* pixel = bgr.ptr<cv::Vec3f>(y);
    const auto* back = old_ground.ptr<cv::Vec3f>(y);
    const float* person = alpha.ptr<float>(y);
    auto* row = out.ptr<cv::Vec3b>(y);
    for (int x = 0; x < bgr.cols; ++x) {
      // person + (1 - share) × old ground = pixel, so exchanging the grounds needs no guess at the person's own colour.
      const cv::Vec3f exchanged = pixel[x] + (fresh - back[x]) * (1 - person[x]);
      const float keep = smooth_step(0, 0.15f, person[x]);  // below, what is left of the pixel is the old cloth's grain
      for (int c = 0; c < 3; ++c) {
        row[x][c] = cv::saturate_cast<std::uint8_t>(keep * exchanged[c] + (1 - keep) * fresh[c]);
      }
    }
  }
  return to_picture(out);
}

GroundChange replace(const cv::Mat& bgr8, const FaceGeometry& face, Ground ground, Replacement& out) {
  cv::Mat bgr;
  bgr8.convertTo(bgr, CV_32F);
  const auto plane = fit_ground(bgr8);
  if (!plane) return GroundChange::not_plain;
  out.residual = plane->residual;
  if (plane->residual > kResidualMost) return GroundChange::not_plain;

  const cv::Mat distance = plane->distance(bgr8);
  const double reach = std::clamp(2.2 * plane->residual, 7.0, 14.0);
  cv::Mat person;
  cv::bitwise_not(flood(distance, reach), person);
  keep_largest(person);
  open_pockets(person, distance, reach, face);
  const Parts parts = parts_of(bgr8.size(), face);
  out.clothes_delta = cv::mean(distance, parts.torso)[0];
  out.person_share = static_cast<double>(cv::countNonZero(person)) / static_cast<double>(person.total());
  if (share(person, parts.face) < 1 - kFaceLost || out.person_share < kPersonLeast || out.person_share > kPersonMost) {
    return GroundChange::swallowed;
  }
  if (top_touched(person, face) > kTopMost) return GroundChange::not_plain;
  if (out.clothes_delta < kClothesLeast || shoulders_fade(person, distance, face) || share(person, parts.torso) < 1 - kTorsoLost)
    return GroundChange::clothes;

  const cv::Mat old_ground = plane->colours(bgr8.size());
  const cv::Mat alpha = matte(bgr, old_ground, person, parts.face);
  out.picture = compose(bgr, old_ground, alpha, ground);
  cv::Mat mask;
  alpha.convertTo(mask, CV_8U, 255);
  out.mask.assign(mask.datastart, mask.dataend);
  return GroundChange::replaced;
}

}  // namespace

const GroundWords& words_of(GroundChange change) noexcept { return kWords[static_cast<std::size_t>(change)]; }

Result<Replacement> replace_ground(const Picture& picture, const FaceGeometry* face, Ground ground) {
  if (!well_formed(picture)) return Error{Code::kImageDamaged, "no pixels to replace"};
  Replacement out;
  if (face == nullptr || !face->left_eye || !face->right_eye || face->face_width_px < 8) {
    out.change = GroundChange::no_face;
  } else {
    try {
      out.change = replace(view(picture), *face, ground, out);
    } catch (const cv::Exception&) {
      return Error{Code::kImageTooLarge, "not enough memory to replace the ground"};
    }
  }
  if (out.change != GroundChange::replaced) out.picture = picture;
  return out;
}

}  // namespace satchel::core::portrait
