#include "node/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>

namespace satchel::node {

Log::Log(const std::string& file) {
  try {
    constexpr std::size_t kFileBytes = 1U << 20;
    constexpr std::size_t kFiles = 3;
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(file, kFileBytes, kFiles);
    logger_ = std::make_shared<spdlog::logger>("satchel", std::move(sink));
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %L %v");
    logger_->flush_on(spdlog::level::info);
    logger_->set_error_handler([](const std::string&) {});  // a full disk: the diary is the first thing to go without
  } catch (const spdlog::spdlog_ex&) {
    logger_.reset();
  }
}

void Log::note(const std::string& line) const {
  if (logger_) logger_->log(spdlog::level::info, line);
}

void Log::trouble(const std::string& line) const {
  if (logger_) logger_->log(spdlog::level::warn, line);
}

void Log::trouble(const std::string& what, const core::Error& error) const {
  std::string line = what + ": " + std::string(core::info(error.code).id);
  if (!error.detail.empty()) line += " (" + error.detail + ")";
  trouble(line);
}

}  // namespace satchel::node
