#include "node/answer.h"

#include "core/campaign/student.h"

namespace satchel::node {

core::Error at_path(core::Error error, const std::string& path) {
  error.detail = error.detail.empty() ? path : path + ": " + error.detail;
  return error;
}

boost::json::object lock_document(const core::Lock& lock) {
  return {{"kind", core::lock_name(lock.kind)}, {"until", core::to_iso8601(lock.until)}};
}

boost::json::array text_array(const std::vector<std::string>& texts) {
  boost::json::array out;
  for (const std::string& text : texts) out.push_back(boost::json::string(text));
  return out;
}

core::Result<core::Bytes> read_named(const core::Disk& disk, const std::string& path, std::uint64_t most) {
  auto bytes = disk.read(path, most);
  if (!bytes) return at_path(bytes.error(), path);
  if (bytes->empty()) return core::Error{core::Code::kFileEmpty, path};
  return bytes;
}

boost::json::object error_item(const core::Error& error) {
  const core::CodeInfo& about = core::info(error.code);
  boost::json::object out;
  out["code"] = about.id;
  out["zh"] = about.zh;
  out["cure_zh"] = about.cure_zh;
  out["en"] = about.en;
  out["cure_en"] = about.cure_en;
  out["detail"] = error.detail;
  return out;
}

boost::json::object error_document(const core::Error& error) {
  boost::json::object out;
  out["schema"] = "satchel.error/1";
  out["exit"] = static_cast<int>(core::info(error.code).exit);
  for (auto& [key, value] : error_item(error)) out[key] = std::move(value);
  return out;
}

}  // namespace satchel::node
