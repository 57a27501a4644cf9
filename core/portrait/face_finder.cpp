#include "core/portrait/face_finder.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <tuple>

namespace satchel::core::portrait {
namespace {

// Measured on portraits: at 320 px wide alt2 finds 99.6 % of frontal faces in 11 ms; larger pictures cost more and find no more.
constexpr double kFramedWidth = 320;
constexpr double kFreeSide = 640;    // longer side of a picture that is not framed: its face may be a tenth of it
constexpr double kSearchFace = 200;  // width of the face in which eyes are looked for
constexpr double kRollInDoubtDeg = 3.5;
constexpr double kStep = 1.1;  // ratio of neighbouring sizes
constexpr int kNeighbours = 3;
constexpr double kSettleLow = 0.8, kSettleHigh = 1.25, kSettleStep = 1.06;  // sizes of the windows that vote on an eye's middle
constexpr double kBlankDeviation = 4;  // grey steps; a face in a picture with a fiftieth of the light it needs still has 8
constexpr double kOverlapShare = 0.2;  // of the smaller one's box: two heads cannot share more, a chin and a collar can
constexpr double kSettleReach = 0.06;

using Boxes = std::vector<cv::Rect>;

Boxes detect(cv::CascadeClassifier& cascade, const cv::Mat& grey, int smallest, int largest, int neighbours = kNeighbours) {
  Boxes out;
  if (grey.empty() || smallest > largest) return out;
  cascade.detectMultiScale(grey, out, kStep, neighbours, 0, cv::Size(smallest, smallest), cv::Size(largest, largest));
  // The detector's order depends on its grouping; ours on size and place only.
  std::sort(out.begin(), out.end(), [](const cv::Rect& a, const cv::Rect& b) {
    return std::tuple(-a.area(), a.x, a.y) < std::tuple(-b.area(), b.x, b.y);
  });
  return out;
}

cv::Mat shrunk(const cv::Mat& grey, double scale) {
  if (scale >= 1) return grey;
  cv::Mat out;
  const cv::Size size(std::max(1, cvRound(grey.cols * scale)), std::max(1, cvRound(grey.rows * scale)));
  cv::resize(grey, out, size, 0, 0, cv::INTER_AREA);
  return out;
}

cv::Rect2d scaled(const cv::Rect& box, double factor) {
  return {box.x * factor, box.y * factor, box.width * factor, box.height * factor};
}

cv::Rect inside(const cv::Rect2d& box, const cv::Mat& picture) {
  const int x = static_cast<int>(std::floor(box.x)), y = static_cast<int>(std::floor(box.y));
  const cv::Rect whole(x, y, static_cast<int>(std::ceil(box.width)), static_cast<int>(std::ceil(box.height)));
  return whole & cv::Rect(0, 0, picture.cols, picture.rows);
}

/// Whether there is next to nothing to see in a box. The detectors stretch the contrast of whatever they look at, so that they
/// find faces in the grain of an empty wall.
bool is_blank(const cv::Mat& grey, const cv::Rect2d& box) {
  const cv::Rect area = inside(box, grey);
  if (area.empty()) return true;
  cv::Mat small;
  cv::resize(grey(area), small, cv::Size(24, 24), 0, 0, cv::INTER_AREA);  // the grain averages out
  cv::Scalar mean, deviation;
  cv::meanStdDev(small, mean, deviation);
  return deviation[0] < kBlankDeviation;
}

/// Whether the picture as it is, with no tones spread, has something to see where a face and its eyes were found.
bool is_there(const cv::Mat& grey, const FoundFace& face) {
  if (is_blank(grey, face.box)) return false;
  if (!face.eyes) return true;
  const double reach = 0.25 * face.eyes->distance();
  const auto blank = [&](cv::Point2d p) { return is_blank(grey, {p.x - reach, p.y - reach, 2 * reach, 2 * reach}); };
  return !blank(face.eyes->left) && !blank(face.eyes->right);
}

/// Whether the other face detector sees one in the same place.
bool second_vote(Detectors& detectors, const cv::Mat& small, const cv::Rect& box) {
  const double margin = 0.3 * box.width;
  const cv::Rect around = inside({box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin}, small);
  const Boxes votes =
      detect(detectors.face_vote, small(around), static_cast<int>(box.width * 0.6), static_cast<int>(box.width * 1.5));
  return std::any_of(votes.begin(), votes.end(), [&](const cv::Rect& vote) {
    const cv::Rect common = (vote + around.tl()) & box;
    return common.area() * 2 > std::min(vote.area(), box.area());
  });
}

/// Whether the first detector still sees the face when many neighbouring looks must agree: patterns in cloth rarely manage that.
bool seen_firmly(Detectors& detectors, const cv::Mat& small, const cv::Rect& box) {
  const double margin = 0.3 * box.width;
  const cv::Rect around = inside({box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin}, small);
  return !detect(detectors.face, small(around), static_cast<int>(box.width * 0.6), static_cast<int>(box.width * 1.5),
                 3 * kNeighbours)
              .empty();
}

/// In shares of the face's width.
struct EyeSpot {
  cv::Point2d at;
  double size = 0;
};

std::vector<EyeSpot> eye_spots(cv::CascadeClassifier& cascade, const cv::Mat& face, const cv::Rect& where, double width) {
  std::vector<EyeSpot> out;
  const cv::Rect area = where & cv::Rect(0, 0, face.cols, face.rows);
  for (const cv::Rect& box : detect(cascade, face(area), static_cast<int>(width * 0.13), static_cast<int>(width * 0.42))) {
    const cv::Point2d centre(area.x + box.x + box.width * 0.5, area.y + box.y + box.height * 0.5);
    out.push_back({centre * (1 / width), box.width / width});
  }
  return out;
}

/// How unlike two eyes of one face a pair is; lower is better, above 1 impossible. Proportions of the alt2 box: the eyes stand
/// 0.4 of its width apart and 0.39 of its height from its top.
double oddness(const EyeSpot& left, const EyeSpot& right) {
  const cv::Point2d d = right.at - left.at;
  const double apart = cv::norm(d);
  const double slope = std::abs(std::atan2(d.y, d.x));
  const cv::Point2d middle = (left.at + right.at) * 0.5;
  const double size_ratio = std::abs(std::log(left.size / right.size));
  if (d.x <= 0 || apart < 0.25 || apart > 0.58 || slope > 0.45) return 2;
  return std::abs(apart - 0.40) * 2.0 + slope * 0.6 + std::abs(middle.x - 0.5) * 1.5 + std::abs(middle.y - 0.39) * 2.0 +
         size_ratio * 0.3;
}

struct SpotPair {
  EyeSpot left, right;
};

std::optional<SpotPair> best_pair(const std::vector<EyeSpot>& left, const std::vector<EyeSpot>& right) {
  std::optional<SpotPair> best;
  double least = 1;
  for (const EyeSpot& l : left) {
    for (const EyeSpot& r : right) {
      const double odd = oddness(l, r);
      if (odd >= least) continue;
      least = odd;
      best = SpotPair{l, r};
    }
  }
  return best;
}

/// The mean middle of all windows near `spot` in which the detector sees an eye, in shares of the face's width; nullopt when it
/// sees none. Summed in whole numbers, because the detector gives its windows in no certain order.
std::optional<cv::Point2d> mean_sighting(cv::CascadeClassifier& cascade, const cv::Mat& face, const EyeSpot& spot, double width) {
  const double reach = 0.75 * spot.size;
  const cv::Rect2d window((spot.at.x - reach) * width, (spot.at.y - reach) * width, 2 * reach * width, 2 * reach * width);
  const cv::Rect area = cv::Rect(window) & cv::Rect(0, 0, face.cols, face.rows);
  if (area.empty()) return std::nullopt;
  const int least = static_cast<int>(kSettleLow * spot.size * width), most = static_cast<int>(kSettleHigh * spot.size * width);
  Boxes boxes;
  cascade.detectMultiScale(face(area), boxes, kSettleStep, 0, 0, cv::Size(least, least), cv::Size(most, most));
  cv::Point twice(0, 0);
  int count = 0;
  for (const cv::Rect& box : boxes) {
    const cv::Point middle_twice(2 * (area.x + box.x) + box.width, 2 * (area.y + box.y) + box.height);
    if (cv::norm(cv::Point2d(middle_twice) * (0.5 / width) - spot.at) > kSettleReach) continue;
    twice += middle_twice;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return cv::Point2d(twice) * (0.5 / (count * width));
}

/// The detector's grouped boxes sit on a coarse grid and lean to one side: the mean of all windows in which it sees the eye, from
/// the face and from its mirror image, is nearer to the eye's middle.
cv::Point2d settle(cv::CascadeClassifier& cascade, const cv::Mat& face, const EyeSpot& spot, double width) {
  cv::Mat mirrored;
  cv::flip(face, mirrored, 1);
  const double across = face.cols / width;
  const auto plain = mean_sighting(cascade, face, spot, width);
  const auto other = mean_sighting(cascade, mirrored, {{across - spot.at.x, spot.at.y}, spot.size}, width);
  if (!plain || !other) return spot.at;
  return {(plain->x + across - other->x) / 2, (plain->y + other->y) / 2};
}

/// One look for eyes within a face box of `grey`, its face scaled to `width` pixels: a large picture costs what a small one does.
std::optional<EyePair> look_for_eyes(Detectors& detectors, const cv::Mat& grey, const cv::Rect2d& box, double width) {
  const cv::Rect area = inside({box.x, box.y, box.width, box.height * 0.68}, grey);
  if (area.width < 24 || area.height < 16) return std::nullopt;
  const double scale = width / box.width;
  cv::Mat face;
  cv::resize(grey(area), face, cv::Size(std::max(1, cvRound(area.width * scale)), std::max(1, cvRound(area.height * scale))), 0,
             0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const int s = static_cast<int>(width);
  const cv::Rect left_half(0, s * 14 / 100, s * 56 / 100, s * 48 / 100);
  const cv::Rect right_half(s * 44 / 100, s * 14 / 100, s * 56 / 100, s * 48 / 100);
  std::vector<EyeSpot> left = eye_spots(detectors.eye, face, left_half, width);
  std::vector<EyeSpot> right = eye_spots(detectors.eye, face, right_half, width);
  std::optional<SpotPair> pair = best_pair(left, right);
  if (!pair) {
    const std::vector<EyeSpot> more_left = eye_spots(detectors.eye_plain, face, left_half, width);
    const std::vector<EyeSpot> more_right = eye_spots(detectors.eye_plain, face, right_half, width);
    left.insert(left.end(), more_left.begin(), more_left.end());
    right.insert(right.end(), more_right.begin(), more_right.end());
    pair = best_pair(left, right);
  }
  if (!pair) return std::nullopt;
  const cv::Point2d corner(box.x < area.x ? area.x : box.x, box.y < area.y ? area.y : box.y);
  return EyePair{corner + settle(detectors.eye, face, pair->left, width) * box.width,
                 corner + settle(detectors.eye, face, pair->right, width) * box.width};
}

double middle(double a, double b, double c) { return std::max(std::min(a, b), std::min(std::max(a, b), c)); }

cv::Point2d middle(cv::Point2d a, cv::Point2d b, cv::Point2d c) { return {middle(a.x, b.x, c.x), middle(a.y, b.y, c.y)}; }

/// In too little light the eye detector sees nothing as it is.
std::optional<EyePair> look_with_tones_spread(Detectors& detectors, const cv::Mat& grey, const cv::Rect2d& box) {
  const cv::Rect area = inside(box, grey);
  if (area.empty()) return std::nullopt;
  cv::Mat spread;
  cv::equalizeHist(grey(area), spread);
  const cv::Point2d corner(area.x, area.y);
  const auto eyes = look_for_eyes(detectors, spread, {box.x - corner.x, box.y - corner.y, box.width, box.height}, kSearchFace);
  if (!eyes) return std::nullopt;
  return EyePair{eyes->left + corner, eyes->right + corner};
}

/// Eyes within a face box. Where the first look says that the head is tilted it may have taken a brow for an eye: two more looks
/// at other sizes, and the middle of the three.
std::optional<EyePair> find_eyes(Detectors& detectors, const cv::Mat& grey, const cv::Rect2d& box) {
  const auto first = look_for_eyes(detectors, grey, box, kSearchFace);
  if (first && std::abs(first->roll_deg()) < kRollInDoubtDeg) return first;
  const auto second = look_for_eyes(detectors, grey, box, kSearchFace * 0.85);
  const auto third = look_for_eyes(detectors, grey, box, kSearchFace * 1.2);
  if (first && second && third) {
    return EyePair{middle(first->left, second->left, third->left), middle(first->right, second->right, third->right)};
  }
  if (first || second || third) return first ? first : second ? second : third;
  return look_with_tones_spread(detectors, grey, box);
}

/// Faces of an upright `grey`.
std::vector<FoundFace> search(Detectors& detectors, const cv::Mat& grey, double side, double smallest_share, double other_area) {
  const double scale = std::min(1.0, side);
  const cv::Mat small = shrunk(grey, scale);
  const double back = static_cast<double>(grey.cols) / small.cols;
  const int least = std::max(20, static_cast<int>(smallest_share * std::min(small.cols, small.rows)));
  const Boxes boxes = detect(detectors.face, small, least, std::min(small.cols, small.rows));
  std::vector<FoundFace> sure;
  for (const cv::Rect& box : boxes) {
    if (!sure.empty() && scaled(box, back).area() < other_area * sure.front().box.area()) break;
    FoundFace face{scaled(box, back), std::nullopt, 0};
    const bool overlaps = std::any_of(sure.begin(), sure.end(), [&](const FoundFace& other) {
      return (other.box & face.box).area() > kOverlapShare * face.box.area();
    });
    if (overlaps) continue;
    face.eyes = find_eyes(detectors, grey, face.box);
    // A second face refuses the picture, so it needs the other detector's vote; a face without eyes needs that and a firm look.
    const bool trusted = face.eyes ? sure.empty() || second_vote(detectors, small, box)
                                   : second_vote(detectors, small, box) && seen_firmly(detectors, small, box);
    if (trusted) sure.push_back(std::move(face));
  }
  return sure;
}

/// A face that is tilted or lies on its side: the picture is turned until the detector sees one that has eyes.
std::vector<FoundFace> search_turned(Detectors& detectors, const cv::Mat& grey) {
  const cv::Mat small = shrunk(grey, kFreeSide / 2 / std::max(grey.cols, grey.rows));
  const double back = static_cast<double>(grey.cols) / small.cols;
  const int side = static_cast<int>(std::ceil(std::hypot(small.cols, small.rows)));
  const cv::Point2d centre(small.cols / 2.0, small.rows / 2.0);
  for (const double turn : {-20.0, 20.0, -40.0, 40.0, -90.0, 90.0, 180.0}) {
    cv::Mat turning = cv::getRotationMatrix2D(centre, turn, 1);
    turning.at<double>(0, 2) += side / 2.0 - centre.x;
    turning.at<double>(1, 2) += side / 2.0 - centre.y;
    cv::Mat turned;
    cv::warpAffine(small, turned, turning, cv::Size(side, side), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    for (const cv::Rect& box : detect(detectors.face, turned, side / 8, side)) {
      const auto eyes = find_eyes(detectors, turned, box);
      if (!eyes || !second_vote(detectors, turned, box)) continue;
      cv::Mat returning;
      cv::invertAffineTransform(turning, returning);
      const auto home = [&](cv::Point2d p) {
        const cv::Mat m = returning * cv::Mat(cv::Vec3d(p.x, p.y, 1));
        return cv::Point2d(m.at<double>(0), m.at<double>(1)) * back;
      };
      EyePair pair{home(eyes->left), home(eyes->right)};
      if (pair.left.x > pair.right.x) std::swap(pair.left, pair.right);
      const cv::Point2d middle = home({box.x + box.width / 2.0, box.y + box.height / 2.0});
      const double width = box.width * back;
      FoundFace face{{middle.x - width / 2, middle.y - width / 2, width, width}, pair, turn};
      if (is_there(grey, face)) return {std::move(face)};
    }
  }
  return {};
}

}  // namespace

double EyePair::roll_deg() const { return std::atan2(right.y - left.y, right.x - left.x) * 180 / CV_PI; }

std::vector<FoundFace> find_faces(Detectors& detectors, const cv::Mat& grey, bool framed, double other_area) {
  const double longer = std::max(grey.cols, grey.rows);
  const double free_scale = kFreeSide / longer;
  std::vector<FoundFace> faces = framed ? search(detectors, grey, kFramedWidth / grey.cols, 0.15, other_area)
                                        : search(detectors, grey, free_scale, 0.08, other_area);
  const auto drop_blank = [&] { std::erase_if(faces, [&](const FoundFace& face) { return !is_there(grey, face); }); };
  drop_blank();
  if (!faces.empty()) return faces;
  // Too dark or too flat for the detector: spread the tones, for the search only.
  cv::Mat spread;
  cv::equalizeHist(shrunk(grey, 2 * free_scale), spread);
  faces = search(detectors, spread, kFreeSide / std::max(spread.cols, spread.rows), 0.08, other_area);
  const double back = static_cast<double>(grey.cols) / spread.cols;
  for (FoundFace& face : faces) {
    face.box = {face.box.x * back, face.box.y * back, face.box.width * back, face.box.height * back};
    if (face.eyes) face.eyes = EyePair{face.eyes->left * back, face.eyes->right * back};
  }
  drop_blank();
  // Stretched hair and grain fool two detectors for faces; eyes in them are hard to fool.
  if (!faces.empty() && faces.front().eyes) return faces;
  return search_turned(detectors, grey);
}

}  // namespace satchel::core::portrait
