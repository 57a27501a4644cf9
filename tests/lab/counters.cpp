#include "tests/lab/counters.h"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace satchel::lab {

namespace {

double seconds(Time time) { return std::chrono::duration<double>(time).count(); }

void count_json(std::ostream& out, const char* name, const Count& count) {
  out << '"' << name << R"(":{"packets":)" << count.packets << R"(,"bytes":)" << count.bytes << "},";
}

void direction_json(std::ostream& out, const DirectionCounts& counts) {
  out << '{';
  count_json(out, "offered", counts.offered);
  count_json(out, "wire", counts.wire);
  count_json(out, "delivered", counts.delivered);
  count_json(out, "queue_full", counts.queue_full);
  count_json(out, "lost", counts.lost);
  count_json(out, "outage", counts.outage);
  out << R"("payload_bytes":)" << counts.payload << R"(,"queue_most_bytes":)" << counts.queue_most << '}';
}

}  // namespace

std::string counters_json(const LineState& state, const DirectionCounts& up, const DirectionCounts& down) {
  std::ostringstream out;
  out.precision(9);
  out << std::fixed << R"({"schema":"satchel.lab.line/1","seed":)" << state.seed << R"(,"snapshot":)" << state.snapshot
      << R"(,"elapsed_s":)" << seconds(state.elapsed) << R"(,"up_s":)" << seconds(state.up) << R"(,"late_most_s":)"
      << seconds(state.late_most) << R"(,"real_time":)" << (state.real_time ? "true" : "false") << R"(,"undeliverable":)"
      << state.undeliverable << R"(,"up":)";
  direction_json(out, up);
  out << R"(,"down":)";
  direction_json(out, down);
  out << "}\n";
  return out.str();
}

bool replace_file(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::trunc);
    file << text;
    if (!file.flush()) return false;
  }
  return std::rename(fresh.c_str(), path.c_str()) == 0;
}

}  // namespace satchel::lab
