#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/answer.h"
#include "node/surroundings.h"

namespace satchel::node {

/// How much a finding of `doctor` matters.
enum class Level : std::uint8_t { fine, note, warn, bad };
std::string_view level_name(Level level);

#define SATCHEL_FINDING(name, id, level, zh, cure_zh, en, cure_en) name,
enum class Finding : std::uint8_t {
#include "node/doctor.def"
};
#undef SATCHEL_FINDING

struct FindingInfo {
  Finding finding;
  std::string_view id;  ///< stable for ever
  Level level;
  std::string_view zh, cure_zh, en, cure_en;
};
const FindingInfo& info(Finding finding);
const std::vector<FindingInfo>& all_findings();

/// What was found, in the order in which it was looked for. Facts are numbers, ports, interfaces and folders: never anything of a
/// person.
class Findings {
 public:
  void add(Finding finding, boost::json::object facts = {});
  /// Something that has a word of its own among the errors.
  void add(const core::Error& error);
  Level worst() const { return worst_; }
  boost::json::array take() { return std::move(list_); }

 private:
  boost::json::array list_;
  Level worst_ = Level::fine;
};

/// Looks at what lies on this computer: home, database, disk, high water, clock, receipt, sticks. Never writes to the database.
void examine_home(const Surroundings& surroundings, const std::string& home, Findings& out);
/// Ports for TCP and datagrams, firewall, multicast, congestion control.
void examine_network(const Surroundings& surroundings, const std::string& home, Findings& out);
/// Name, way and port of one peer, by TCP and by datagrams: whether a node there answers them. kAddressBad.
core::Result<void> examine_peer(const Surroundings& surroundings, const std::string& address, Findings& out);

/// `satchel doctor [ADDRESS]`: all of it, whether the node runs or not. Arguments: "address", optional.
/// {"schema":"satchel.doctor/1","worst":LEVEL,"findings":[{"code","level","zh","cure_zh","en","cure_en","facts":{…}}]}
/// Exit: ok up to a note, partial for a warning, failure for worse.
core::Result<Answer> doctor(const Surroundings& surroundings, const std::string& home, const boost::json::object& arguments);

}  // namespace satchel::node
