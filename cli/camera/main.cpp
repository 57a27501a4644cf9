// satchel-camera: the one program that knows cameras. It writes frames to standard output as PPM pictures, one after the other,
// until nobody reads them any more or the camera stops. `satchel guide --camera N` starts it; it can be used with any program
// that reads PPM. Errors stand on standard error, in both languages; exit 0 at the end, 1 when the camera cannot be opened, 2 for
// wrong use.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

int usage() {
  std::fputs("usage: satchel-camera --camera N | --video FILE   (writes PPM frames to standard output)\n", stderr);
  return 2;
}

bool open(cv::VideoCapture& source, std::string_view kind, const std::string& which) {
  if (kind == "--video") return source.open(which);
  char* end = nullptr;
  const long number = std::strtol(which.c_str(), &end, 10);
  if (end == which.c_str() || *end != '\0' || number < 0 || number > 63) return false;
  // MJPEG, because USB 2 carries no more than a few uncompressed frames a second at this size.
  if (!source.open(static_cast<int>(number), cv::CAP_V4L2)) return false;
  source.set(cv::CAP_PROP_FOURCC, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'));
  source.set(cv::CAP_PROP_FRAME_WIDTH, 1280);
  source.set(cv::CAP_PROP_FRAME_HEIGHT, 720);
  source.set(cv::CAP_PROP_BUFFERSIZE, 1);  // the newest frame, not the oldest
  return true;
}

bool write_ppm(const cv::Mat& bgr, std::vector<unsigned char>& rgb) {
  rgb.resize(bgr.total() * 3);
  std::size_t to = 0;
  for (int y = 0; y < bgr.rows; ++y) {
    const auto* row = bgr.ptr<cv::Vec3b>(y);
    for (int x = 0; x < bgr.cols; ++x) {
      for (int c = 2; c >= 0; --c) rgb[to++] = row[x][c];
    }
  }
  if (std::printf("P6\n%d %d\n255\n", bgr.cols, bgr.rows) < 0) return false;
  return std::fwrite(rgb.data(), 1, rgb.size(), stdout) == rgb.size() && std::fflush(stdout) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return usage();
  const std::string_view kind = argv[1];
  if (kind != "--camera" && kind != "--video") return usage();
  std::signal(SIGPIPE, SIG_IGN);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::VideoCapture source;
  if (!open(source, kind, argv[2])) {
    std::fprintf(
        stderr,
        "打不开摄像头 %s：请检查连接和权限（/dev/video%s），并关闭正在使用它的程序。\n"
        "camera %s cannot be opened: check its cable and permissions (/dev/video%s), and close the program that uses it.\n",
        argv[2], argv[2], argv[2], argv[2]);
    return 1;
  }
  cv::Mat frame;
  std::vector<unsigned char> rgb;
  while (source.read(frame) && frame.type() == CV_8UC3) {
    if (!write_ppm(frame, rgb)) return 0;
  }
  return 0;
}
