#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace satchel::examples {

using Colour = cv::Scalar;  ///< blue, green, red in 0..255
using Shape = std::vector<cv::Point2d>;

Colour rgb(double red, double green, double blue);
/// a at t = 0, b at t = 1.
Colour mix(const Colour& a, const Colour& b, double t);

/// Where face units lie on the canvas: 1 unit = the distance between the eyes, origin midway between them, y down.
struct Placement {
  cv::Point2d origin;
  double unit = 1;      ///< pixels
  double roll_deg = 0;  ///< clockwise as seen
  // A head is round: what is painted on it moves with a turn, more the further it stands out. The middle of the eyes stays.
  double yaw_deg = 0;    ///< positive: to the right
  double pitch_deg = 0;  ///< positive: down
  double relief = 0;     ///< how far in front of the round head, in units

  cv::Point2d at(cv::Point2d face) const;
  /// Inverse of at() for a head that looks straight ahead.
  cv::Point2d back(cv::Point2d pixel) const;
  /// From the outline of a head that is turned to that of one that looks straight ahead, in face units.
  cv::Point2d outline_shift() const;
};

/// A canvas of floats on which soft-edged shapes are laid. Softness and line widths are in face units.
class Canvas {
 public:
  Canvas(int width, int height, const Colour& ground);
  /// Lays `colour` over the inside of `shape`, `alpha` thick, with an edge blurred by `softness`.
  void fill(const Placement& place, const Shape& shape, const Colour& colour, double alpha = 1, double softness = 0);
  /// Multiplies the inside of `shape` by `gain` (below 1: shadow).
  void shade(const Placement& place, const Shape& shape, double gain, double softness);
  /// An open line.
  void stroke(const Placement& place, const Shape& line, double thickness, const Colour& colour, double alpha = 1,
              double softness = 0);
  cv::Mat& pixels() { return pixels_; }

 private:
  struct Mask {
    cv::Rect where;
    cv::Mat share;  ///< float, 0..1
  };
  template <class Draw>
  Mask mask(const Placement& place, const Shape& shape, double grow_units, double softness, Draw draw) const;
  cv::Mat pixels_;  ///< CV_32FC3
};

Shape ellipse(cv::Point2d centre, double half_width, double half_height, int corners = 48);
/// A smooth closed curve through the points (Catmull-Rom).
Shape smooth(const Shape& points, int steps = 8, bool closed = true);
Shape mirrored(const Shape& shape);

}  // namespace satchel::examples
