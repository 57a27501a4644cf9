#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "cli/interrupt.h"
#include "cli/program.h"
#include "core/crypto/secret.h"
#include "node/client.h"
#include "node/heap.h"
#include "node/system_clock.h"
#include "node/system_disk.h"
#include "node/system_rng.h"

using namespace satchel;

namespace {

std::optional<std::string> from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<std::string> typed_line() {
  std::string line;
  return std::getline(std::cin, line) ? std::optional<std::string>(line) : std::nullopt;
}

// Taken out of the environment, so that no child process inherits it.
std::string take_passphrase() {
  std::string out = from_environment("SATCHEL_PASSPHRASE").value_or("");
  ::unsetenv("SATCHEL_PASSPHRASE");
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  node::keep_freed_memory();
  core::crypto_init();
  node::SystemDisk disk;
  node::SystemClock clock;
  node::SystemRng rng;
  const node::Surroundings surroundings{disk, clock, rng, take_passphrase()};

  std::error_code no_folder;
  const std::string folder = std::filesystem::current_path(no_folder).string();
  const cli::Machine machine{
      surroundings,
      cli::Streams{std::cout, std::cerr, ::isatty(STDOUT_FILENO) == 1, ::isatty(STDERR_FILENO) == 1,
                   from_environment("NO_COLOR").value_or("").empty()},
      from_environment,
      no_folder ? "/" : folder,
      [&](const std::string& home, std::string_view operation, const boost::json::object& arguments,
          const node::Progress& progress) { return node::call(surroundings, home, operation, arguments, progress); },
      [&](const node::RunOptions& options, const node::Progress& ready) { return node::run_node(surroundings, options, ready); },
      cli::end_on_interrupt,
      ::isatty(STDIN_FILENO) == 1 ? typed_line : std::function<std::optional<std::string>()>{},
  };
  const std::vector<std::string> words(argv + 1, argv + argc);
  return cli::run_program(words, machine);
}
