#include "tests/lab/options.h"

#include <charconv>
#include <cstdio>
#include <functional>
#include <map>

namespace satchel::lab {

namespace {

std::optional<double> number(const std::string& text) {
  double out = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (problem != std::errc{} || end != text.data() + text.size() || !(out >= 0) || out > 1e15) return std::nullopt;
  return out;
}

bool place(const std::string& text, std::string& space, std::string& device) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) return false;
  space = text.substr(0, slash);
  device = text.substr(slash + 1);
  return true;
}

Time seconds(double value) { return Time{static_cast<std::int64_t>(value * 1e9)}; }

/// What stands in the arguments before it is joined to a line.
struct Raw {
  double up_loss = 0;
  double down_loss = 0;
  double burst = 0;
};

using Take = std::function<bool(const std::string&)>;

/// An option with a number, which is handed on.
Take numeric(std::function<void(double)> use) {
  return [use = std::move(use)](const std::string& text) {
    const auto value = number(text);
    if (value) use(*value);
    return value.has_value();
  };
}

std::map<std::string, Take> table(Options& out, Raw& raw) {
  std::map<std::string, Take> known;
  known["--site"] = [&out](const std::string& text) { return place(text, out.site_space, out.site_device); };
  known["--hub"] = [&out](const std::string& text) { return place(text, out.hub_space, out.hub_device); };
  known["--counters"] = [&out](const std::string& text) { return out.counters = text, !text.empty(); };
  known["--up-rate"] = numeric([&out](double v) { out.up.bits_per_s = static_cast<std::int64_t>(v); });
  known["--down-rate"] = numeric([&out](double v) { out.down.bits_per_s = static_cast<std::int64_t>(v); });
  known["--up-queue"] = numeric([&out](double v) { out.up.queue_bytes = static_cast<std::size_t>(v); });
  known["--down-queue"] = numeric([&out](double v) { out.down.queue_bytes = static_cast<std::size_t>(v); });
  known["--delay"] = numeric([&out](double v) { out.up.delay = out.down.delay = seconds(v / 1000); });
  known["--jitter"] = numeric([&out](double v) { out.up.jitter = out.down.jitter = seconds(v / 1000); });
  known["--reorder"] = numeric([&out](double v) { out.up.reorder = out.down.reorder = v > 0; });
  known["--up-loss"] = numeric([&raw](double v) { raw.up_loss = v; });
  known["--down-loss"] = numeric([&raw](double v) { raw.down_loss = v; });
  known["--burst"] = numeric([&raw](double v) { raw.burst = v; });
  known["--up-time"] = numeric([&out](double v) { out.outages.up = seconds(v); });
  known["--down-time"] = numeric([&out](double v) { out.outages.down = seconds(v); });
  known["--random-outages"] = numeric([&out](double v) { out.outages.random = v > 0; });
  known["--seed"] = numeric([&out](double v) { out.seed = static_cast<std::uint64_t>(v); });
  return known;
}

Loss loss_of(double mean, double burst) { return burst > 1 ? Loss::bursts(mean, burst) : Loss::independent(mean); }

std::optional<Options> refuse(const char* why, const std::string& what) {
  std::fprintf(stderr, "%s%s\n", why, what.c_str());
  return std::nullopt;
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv) {
  Options out;
  Raw raw;
  const auto known = table(out, raw);
  for (int i = 1; i < argc; i += 2) {
    const auto option = known.find(argv[i]);
    if (option == known.end()) return refuse("not an option: ", argv[i]);
    if (i + 1 >= argc || !option->second(argv[i + 1])) return refuse("this option needs another value: ", argv[i]);
  }
  if (out.site_space.empty() || out.hub_space.empty() || out.counters.empty()) {
    return refuse("needed: ", "--site, --hub, --counters");
  }
  if (out.up.bits_per_s < 1 || out.down.bits_per_s < 1) return refuse("needed: ", "--up-rate, --down-rate of at least 1");
  if (raw.up_loss >= 1 || raw.down_loss >= 1) return refuse("loss is a share below 1", "");
  if (out.outages.up > Time{0} && out.outages.down == Time{0}) return refuse("--up-time needs --down-time", "");
  out.up.loss = loss_of(raw.up_loss, raw.burst);
  out.down.loss = loss_of(raw.down_loss, raw.burst);
  return out;
}

const char* usage() {
  return R"(usage: line_emulator --site NETNS/DEVICE --hub NETNS/DEVICE --counters FILE --up-rate N --down-rate N [option value]...
Joins two network namespaces by TUN devices; up is from the site to the hub.
  --up-rate N --down-rate N       bit/s of IP packets
  --up-queue N --down-queue N     bytes that wait before the line at most (0: one packet)
  --delay MS                      one way, both directions
  --jitter MS                     0 to this is added; --reorder 1: packets may then overtake each other
  --up-loss S --down-loss S       share of packets, 0 to below 1; --burst N: lost in runs of N in the mean
  --up-time S --down-time S       seconds that the line is up, then down; what it holds when it goes down is lost
  --random-outages 1              exponentially distributed with these means
  --seed N                        of every chance
Counters are written to FILE when the line is ready, at SIGUSR1 and at the end (SIGTERM, SIGINT).
SIGUSR2 begins anew: time 0 of the outages, counters 0, the same chances.
)";
}

}  // namespace satchel::lab
