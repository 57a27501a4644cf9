// Collection codes: issued, revoked, checked the evening before; why one does not scan; codes of another system.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "core/code/qr.h"
#include "core/portrait/decode.h"
#include "core/portrait/encode.h"
#include "tests/support/world.h"

using namespace satchel::tests;
namespace core = satchel::core;
namespace fs = std::filesystem;

namespace {

void write_picture(const fs::path& path, const core::GrayImage& image) {
  const auto png = core::portrait::encode_gray_png(image.width, image.height, image.gray);
  REQUIRE(png.has_value());
  write_file(path, std::string(png->begin(), png->end()));
}

core::GrayImage code_of(const std::string& text) {
  auto image = core::draw_qr(text, 6);
  REQUIRE(image.has_value());
  return *image;
}

/// The left `share` of a picture.
core::GrayImage left_part(const core::GrayImage& image, double share) {
  core::GrayImage out{static_cast<int>(share * image.width), image.height, {}};
  for (int y = 0; y < out.height; ++y) {
    const auto row = image.gray.begin() + static_cast<std::ptrdiff_t>(y) * image.width;
    out.gray.insert(out.gray.end(), row, row + out.width);
  }
  return out;
}

core::GrayImage read_code(const fs::path& path) {
  const std::string file = read_file(path);
  const auto picture = core::portrait::decode(core::as_bytes(file));
  REQUIRE(picture.has_value());
  core::GrayImage out{picture->width, picture->height, {}};
  for (std::size_t at = 0; at < picture->bgr.size(); at += 3) out.gray.push_back(picture->bgr[at]);
  return out;
}

/// Two pictures side by side on white.
core::GrayImage beside(const core::GrayImage& left, const core::GrayImage& right) {
  core::GrayImage out{left.width + right.width, std::max(left.height, right.height), {}};
  out.gray.assign(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height), 255);
  int from = 0;
  for (const core::GrayImage* one : {&left, &right}) {
    for (int y = 0; y < one->height; ++y) {
      const auto row = one->gray.begin() + static_cast<std::ptrdiff_t>(y) * one->width;
      std::copy(row, row + one->width, out.gray.begin() + static_cast<std::ptrdiff_t>(y) * out.width + from);
    }
    from += one->width;
  }
  return out;
}

void copy_code(const World& world, const Person& person, const fs::path& to) { fs::copy_file(world.code(person), to); }

void make_runnable(const fs::path& program) { fs::permissions(program, fs::perms::owner_all); }

/// Whether any file below holds the text: what was sealed must not lie there in clear.
bool lies_in(const fs::path& folder, const std::string& text) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path());
    if (bytes.find(text) != std::string::npos) return true;
  }
  return false;
}

const std::string kForeign = "NATIONAL-9f3a-0011223344556677-forty-two-bytes-and-more";

}  // namespace

TEST_CASE("a revoked code is refused where the news has come, and the one issued in its place is taken") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).at(0);
  const std::string student = world.reference(world.east, person);
  const fs::path fresh = scratch / "fresh";

  const auto revoked = world.hub.ask({"code", "revoke", student, "--out", fresh.string()});
  REQUIRE(number_at(revoked, "revoked") == 1);
  REQUIRE(number_at(revoked, "issued") == 1);
  REQUIRE(world.reference(world.east, person) == student);  // the site has not heard yet
  world.deliver_by_stick(world.hub, world.east);
  const auto refused = world.east.ask_lines({"code", "scan", world.code(person).string()}, 7).at(0);
  REQUIRE(text_at(refused.at("error").as_object(), "code") == "E-CODE-REVOKED");
  REQUIRE(world.hub.ask_lines({"code", "scan", world.code(person).string()}, 7).size() == 1);
  world.east.refuses({"capture", "--code", world.code(person).string(), "--photo", good_photo(0).string()}, 7, "E-CODE-REVOKED");

  const fs::path replaced = fresh / (person.number + ".png");
  const auto scanned = world.east.ask_lines({"code", "scan", replaced.string()}).at(0);
  REQUIRE(text_at(scanned, "student") == student);

  SECTION("a list of numbers revokes too, and what it does not know is counted") {
    write_file(scratch / "lost.csv", "学号\n" + person.number + "\n20990000000000\n");
    const auto again = world.hub.ask({"code", "revoke", "--list", (scratch / "lost.csv").string()}, 4);
    REQUIRE(number_at(again, "revoked") == 1);
    REQUIRE(number_at(again, "unknown") == 1);
    world.deliver_by_stick(world.hub, world.east);
    REQUIRE(world.east.ask_lines({"code", "scan", replaced.string()}, 7).size() == 1);
  }
  world.east.refuses({"code", "revoke", student}, 7, "E-NOT-HUB");
  world.hub.refuses({"code", "revoke"}, 2, "E-USAGE");
}

TEST_CASE("the evening before, a folder of codes is told apart: usable, not usable and why, twice, and who is still without") {
  const Scratch scratch;
  World world(scratch, {12});
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  REQUIRE(people.size() >= 4);
  const fs::path folder = scratch / "sent";
  fs::create_directories(folder / "second class");
  copy_code(world, people[0], folder / "a.png");
  copy_code(world, people[0], folder / "b.png");
  copy_code(world, people[1], folder / "second class" / "c.png");
  write_picture(folder / "d.png", left_part(code_of("SC1." + std::string(220, 'q')), 0.5));
  write_picture(folder / "e.png", code_of("https://u.wechat.com/abcdefgh"));
  write_file(folder / "f.jpg", "no picture at all");
  write_file(folder / "notes.txt", "passed over");

  const fs::path csv = scratch / "codes.csv";
  const auto checked = world.east.ask({"code", "check", folder.string(), "--csv", csv.string()}, 4);
  REQUIRE(number_at(checked, "pictures") == 6);
  REQUIRE(number_at(checked, "skipped") == 1);
  REQUIRE(checked.at("usable").as_array().size() == 3);
  REQUIRE(checked.at("duplicates").as_array().size() == 1);
  REQUIRE(checked.at("missing").as_array().size() == people.size() - 2);
  std::vector<std::string> reasons;
  for (const auto& one : checked.at("unusable").as_array()) {
    require_error(one.as_object(), text_at(one.as_object(), "code"));
    reasons.push_back(text_at(one.as_object(), "code"));
  }
  REQUIRE(reasons == std::vector<std::string>{"E-CODE-CUT", "E-CODE-LINK", "E-IMG-FORMAT"});

  const std::string table = read_file(csv);
  REQUIRE(std::count(table.begin(), table.end(), '\n') == static_cast<long>(1 + 6 + people.size() - 2));
  for (const Person& person : people) {
    REQUIRE(table.find(person.id_number) == std::string::npos);
    REQUIRE(table.find(person.name) == std::string::npos);
  }
  const auto told = world.east.say({"--lang", "zh", "code", "check", folder.string()});
  REQUIRE(told.exit == 4);
  REQUIRE(told.out.find("二维码不完整") != std::string::npos);
  REQUIRE(number_at(world.hub.ask({"code", "check", folder.string()}, 4), "students") == 12);
  world.east.refuses({"code", "check", (scratch / "nothing").string()}, 1, "E-FOLDER-MISSING");
}

TEST_CASE("when the site's collection is over its codes still name their students, with a warning and its cure") {
  const Scratch scratch;
  World world(scratch, {.students = 4, .with_relay = false});
  const fs::path over = scratch / "over.toml";
  const std::string window = "\n[[windows]]\nfrom = 2026-01-05T08:00:00+08:00\nuntil = 2026-01-06T17:00:00+08:00\n";
  write_file(over, read_file(default_profile()) + window);
  world.hub.ask({"campaign", "sign", over.string()});
  world.deliver_by_stick(world.hub, world.east);
  const Person person = world.people_of(world.east).at(0);
  const auto scanned = world.east.ask_lines({"code", "scan", world.code(person).string()}).at(0);
  require_error(scanned.at("warning").as_object(), "E-CODE-EXPIRED");
  REQUIRE_FALSE(text_at(scanned, "student").empty());
  fs::create_directories(scratch / "sent");
  copy_code(world, person, scratch / "sent" / "a.png");
  const auto checked = world.east.say({"--json", "code", "check", (scratch / "sent").string()});
  REQUIRE(checked.out.find("E-CODE-EXPIRED") != std::string::npos);
  world.submit(world.east, person, 0);
}

TEST_CASE("a picture with the codes of two students is nobody's, and one with the same code twice is that student's") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  const core::GrayImage one = read_code(world.code(people.at(0)));
  const core::GrayImage other = read_code(world.code(people.at(1)));
  const std::string photo = good_photo(0).string();
  const std::string two = (scratch / "two.png").string();
  write_picture(two, beside(one, other));
  world.east.refuses({"capture", "--code", two, "--photo", photo}, 5, "E-CODE-SEVERAL");
  const auto scanned = world.east.ask_lines({"code", "scan", two}, 5).at(0);
  REQUIRE(text_at(scanned.at("error").as_object(), "code") == "E-CODE-SEVERAL");

  write_picture(scratch / "twice.png", beside(one, one));
  const auto twice = world.east.ask_lines({"code", "scan", (scratch / "twice.png").string()}).at(0);
  REQUIRE(text_at(twice, "student") == world.reference(world.east, people.at(0)));

  const std::string foreign = (scratch / "foreign.png").string();
  write_picture(foreign, beside(code_of(kForeign), code_of(kForeign + "-other")));
  const std::string student = world.reference(world.east, people.at(0));
  world.east.refuses({"capture", "--foreign-code", foreign, "--student", student, "--photo", photo}, 5, "E-CODE-SEVERAL");
}

TEST_CASE("a foreign code is matched by the operator, known when it comes again, and confirmed at the hub by a table") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  const Person person = people.at(0);
  const std::string student = world.reference(world.east, person);
  const std::string other = world.reference(world.east, people.at(1));
  const std::string image = (scratch / "foreign.png").string();
  write_picture(image, code_of(kForeign));
  const std::string photo = good_photo(0).string();

  world.east.refuses({"capture", "--foreign-code", image, "--photo", photo}, 7, "E-FOREIGN-UNKNOWN");
  world.east.refuses({"capture", "--foreign-code", world.code(person).string(), "--photo", photo, "--student", student}, 2,
                     "E-CODE-OURS");
  world.east.refuses({"capture", "--photo", photo}, 2, "E-USAGE");
  REQUIRE(text_at(world.east.ask_lines({"code", "scan", image}, 7).at(0).at("error").as_object(), "code") == "E-CODE-FOREIGN");
  const auto taken = world.east.ask({"capture", "--foreign-code", image, "--student", student, "--photo", photo, "--submit"});
  REQUIRE(text_at(taken, "student") == student);
  const auto scanned = world.east.ask_lines({"code", "scan", image}).at(0);
  REQUIRE(text_at(scanned, "student") == student);
  REQUIRE(scanned.at("foreign").as_bool());
  world.east.refuses({"code", "match", image, "--student", other}, 5, "E-FOREIGN-TWICE");

  world.deliver_by_stick(world.east, world.hub);
  REQUIRE_FALSE(lies_in(world.east.path(), kForeign));
  REQUIRE_FALSE(lies_in(world.hub.path(), kForeign));
  const auto waits = world.hub.ask({"code", "foreign"});
  REQUIRE(waits.at("codes").as_array().size() == 1);
  REQUIRE(text_at(waits.at("codes").as_array().at(0).as_object(), "standing") == "matched");

  write_file(scratch / "mapping.csv", "采集码,学号\n" + kForeign + "," + person.number + "\nanother,1\n");
  const auto resolved = world.hub.ask({"code", "resolve", "--mapping", (scratch / "mapping.csv").string()});
  REQUIRE(number_at(resolved, "confirmed") == 1);
  REQUIRE(resolved.at("disputed").as_array().empty());
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(text_at(world.east.ask({"code", "foreign"}).at("codes").as_array().at(0).as_object(), "standing") == "confirmed");
  REQUIRE(said_on_stderr().find(kForeign) == std::string::npos);
}

TEST_CASE("a decoder that names another student leaves the match to a person, and its failures are told one by one") {
  const Scratch scratch;
  World world(scratch);
  world.deliver_by_stick(world.hub, world.east);
  const auto people = world.people_of(world.east);
  const std::string student = world.reference(world.east, people.at(0));
  const std::string image = (scratch / "foreign.png").string();
  write_picture(image, code_of(kForeign));
  REQUIRE(world.east.ask({"code", "match", image, "--student", student}).at("new").as_bool());
  REQUIRE_FALSE(world.east.ask({"code", "match", image, "--student", student}).at("new").as_bool());
  world.deliver_by_stick(world.east, world.hub);

  const fs::path decoder = scratch / "decoder";
  const auto resolve = [&](const std::string& script, const Arguments& more, int exit) {
    write_file(decoder, "#!/bin/sh\n" + script + "\n");
    make_runnable(decoder);
    Arguments all{"code", "resolve", "--decoder", decoder.string()};
    all.insert(all.end(), more.begin(), more.end());
    return world.hub.ask(all, exit);
  };
  const auto failure = [](const boost::json::object& answer) {
    return text_at(answer.at("failed").as_array().at(0).at("error").as_object(), "code");
  };
  REQUIRE(failure(resolve("exit 3", {}, 4)) == "E-DECODER");
  REQUIRE(failure(resolve("while :; do echo 1; done", {}, 4)) == "E-DECODER");
  REQUIRE(failure(resolve("/bin/sleep 60", {"--timeout", "1"}, 4)) == "E-DECODER-TIME");
  REQUIRE(number_at(resolve("/bin/cat > /dev/null", {}, 0), "unanswered") == 1);
  // It gets the bytes on its input, its arguments as they were given, and nothing of our environment.
  const std::string strict =
      "test \"$(/bin/cat)\" = '" + kForeign + "' && test \"$1\" = '$(id) ; *' && test -z \"$HOME\" || exit 9\n";
  REQUIRE(number_at(resolve(strict + "echo " + people.at(0).number, {"--arg", "$(id) ; *"}, 0), "confirmed") == 1);
  const auto disputed = resolve("echo " + people.at(1).number, {}, 5);
  REQUIRE(disputed.at("disputed").as_array().size() == 1);
  REQUIRE(number_at(world.hub.ask({"code", "foreign"}, 5), "disputed") == 1);

  REQUIRE(number_at(world.hub.ask({"code", "resolve", "--student", student, "--decide", "refused"}), "codes") == 1);
  REQUIRE(number_at(world.hub.ask({"code", "foreign"}), "disputed") == 0);
  world.hub.refuses({"code", "resolve", "--decoder", (scratch / "nothing").string()}, 3, "E-NOTHING");
  world.deliver_by_stick(world.hub, world.east);
  REQUIRE(text_at(world.east.ask_lines({"code", "scan", image}, 7).at(0).at("error").as_object(), "code") == "E-CODE-FOREIGN");
}
