#!/usr/bin/env python3
"""Each style check must catch a planted violation, and must let the right way of writing through."""

import shutil
import tempfile
import unittest
from pathlib import Path

import codes
import coroutines
import layering
import texts


class Planted(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="satchel-style-"))
        self.addCleanup(shutil.rmtree, self.root)

    def plant(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def assert_caught(self, faults, part):
        self.assertTrue(any(part in fault for fault in faults), f"{part!r} is not in {faults}")


class Codes(Planted):
    def test_a_code_that_no_test_reaches_is_caught(self):
        self.plant("core/base/codes.def", 'SATCHEL_CODE(kLost, "E-LOST", failure, "x")\nSATCHEL_CODE(kFound, "E-FOUND", failure, "x")\n')
        self.plant("tests/a_test.cpp", 'CHECK(code == Code::kFound);\n')
        self.assertEqual(codes.check(self.root), ["core/base/codes.def: no test reaches E-LOST"])

    def test_a_longer_code_does_not_speak_for_a_shorter(self):
        self.plant("core/base/codes.def", 'SATCHEL_CODE(kLost, "E-LOST", failure, "x")\n')
        self.plant("tests/a_test.cpp", 'CHECK(id == "E-LOST-TWICE");\n')
        self.assert_caught(codes.check(self.root), "no test reaches E-LOST")

    def test_a_code_that_a_fake_gives_is_not_reached(self):
        self.plant("core/base/codes.def", 'SATCHEL_CODE(kLost, "E-LOST", failure, "x")\n')
        self.plant("tests/a_test.cpp", 'if (full) return core::Code::kLost;\n')
        self.plant("tests/support/disk.h", 'CHECK(code == Code::kLost);\n')
        self.assert_caught(codes.check(self.root), "no test reaches E-LOST")


class Layering(Planted):
    def test_an_arrow_to_the_left_is_caught(self):
        self.plant("core/base/a.h", '#include "core/store/store.h"\n')
        self.assert_caught(layering.check(self.root), "core/base/a.h:1: core/base may not use core/store/store.h")

    def test_the_protocol_reaching_up_is_caught(self):
        self.plant("protocol/link/a.cpp", '#include "node/client.h"\n')
        self.assert_caught(layering.check(self.root), "protocol may not use node/client.h")

    def test_the_command_line_reaching_past_the_node_is_caught(self):
        self.plant("cli/a.cpp", '#include "protocol/link/session.h"\n')
        self.assert_caught(layering.check(self.root), "cli may not use protocol/link/session.h")

    def test_each_library_has_one_door(self):
        for header in ("sodium.h", "rocksdb/db.h", "opencv2/core.hpp", "jpeglib.h", "png.h", "ft2build.h", "ZXing/ReadBarcode.h",
                       "capnp/message.h", "boost/asio.hpp", "boost/beast.hpp", "unknown/library.hpp"):
            with self.subTest(header):
                self.plant("core/campaign/a.cpp", f"#include <{header}>\n")
                self.assert_caught(layering.check(self.root), header)

    def test_the_door_itself_is_open(self):
        self.plant("core/crypto/hash.cpp", "#include <sodium.h>\n#include <vector>\n#include \"core/base/bytes.h\"\n")
        self.plant("core/store/rocks_store.cpp", "#include <rocksdb/db.h>\n")
        self.assertEqual(layering.check(self.root), [])

    def test_another_file_of_the_stores_folder_is_no_door(self):
        self.plant("core/store/memory_store.cpp", "#include <rocksdb/db.h>\n")
        self.assert_caught(layering.check(self.root), "RocksDB is used only in")

    def test_time_chance_and_threads_are_caught_in_core_and_protocol(self):
        for line in ("#include <thread>", "#include <random>", "auto t = std::chrono::system_clock::now();", "auto t = time(nullptr);",
                     "randombytes_buf(p, 1);", "std::thread t;", "int x = rand();", "setlocale(LC_ALL, 0);"):
            with self.subTest(line):
                self.plant("protocol/link/a.cpp", line + "\n")
                self.assertNotEqual(layering.check(self.root), [])

    def test_a_name_that_only_ends_like_a_clock_is_let_through(self):
        self.plant("protocol/link/a.cpp", "auto a = entry.time(); auto b = capture_time(x); // time(nullptr)\n")
        self.assertEqual(layering.check(self.root), [])

    def test_a_circle_of_folders_is_caught(self):
        self.plant("protocol/a/x.h", '#include "protocol/b/x.h"\n')
        self.plant("protocol/b/x.h", '#include "protocol/c/x.h"\n')
        self.plant("protocol/c/x.h", '#include "protocol/a/x.h"\n')
        self.assert_caught(layering.check(self.root), "comes back to itself")


class Coroutines(unittest.TestCase):
    def caught(self, body):
        return [sentence for _, sentence in coroutines.faults_in("awaitable<void> f() {\n" + body + "\n}\n")]

    def test_a_braced_argument_is_caught(self):
        self.assertEqual(len(self.caught("co_await send(Hello{id, frontier});")), 1)
        self.assertEqual(len(self.caught("auto n = co_await send(stream, {a, b});")), 1)
        self.assertEqual(len(self.caught("if (co_await send(Hello{id})) { g(); }")), 1)

    def test_a_capturing_lambda_is_caught(self):
        self.assertEqual(len(self.caught("co_await run([&] { return 1; });")), 1)
        self.assertEqual(len(self.caught("auto r = co_await run(x, [this](int a) -> int { return a; });")), 1)

    def test_a_choice_is_caught(self):
        self.assertEqual(len(self.caught("auto x = ready ? co_await f() : 0;")), 1)

    def test_a_coroutine_that_is_a_lambda_is_caught(self):
        self.assertEqual(self.caught("spawn(executor, []() -> awaitable<void> { co_await f(); });"),
                         ["a coroutine is a named function, never a lambda"])
        self.assertEqual(self.caught("auto g = [x]() -> awaitable<int> { co_return x; };"),
                         ["a coroutine is a named function, never a lambda"])

    def test_the_house_shape_is_let_through(self):
        self.assertEqual(self.caught("Hello hello{id_, frontier};\nco_await send(std::move(hello));"), [])
        self.assertEqual(self.caught("auto pick = a ? b : c;\nauto [e, n] = co_await read(socket, buffer(data), as_tuple(token));"), [])
        self.assertEqual(self.caught("for (;;) {\n  while (open()) {\n    if (!co_await step()) co_return;\n  }\n  rows_[i] = {1, 2};\n}"), [])
        self.assertEqual(self.caught("auto sorted = [&](int a) { return a + x; };\nco_await send(sorted(1));"), [])
        self.assertEqual(self.caught("switch (kind) {\n  case Kind::a: {\n    co_await f();\n    break;\n  }\n  default: break;\n}"), [])
        self.assertEqual(self.caught('co_await log("{} ? {}", a); // {x} ? [&]'), [])

    def test_the_line_is_named(self):
        text = "namespace n {\nclass C {\n  awaitable<void> f() const {\n    g();\n    co_await h(\n        T{1});\n  }\n};\n}\n"
        self.assertEqual([line for line, _ in coroutines.faults_in(text)], [5])

    def test_what_follows_a_constructor_list_is_still_read(self):
        text = "C::C(int a) : a_{a}, b_(2) {}\nawaitable<void> C::f() {\n  co_await g(T{1});\n}\n"
        self.assertEqual(len(coroutines.faults_in(text)), 1)


class Texts(Planted):
    def test_a_file_of_two_ideas_is_caught(self):
        self.plant("core/base/long.cpp", "int x;\n" * (texts.LINES_MAX + 1))
        self.plant("tests/unit/fits.cpp", "int x;\n" * texts.LINES_MAX_TESTS)
        self.assertEqual(len(texts.check_sizes(self.root)), 1)

    def test_unfinished_work_is_caught(self):
        for words in ("// TO" + "DO later", "// FIX" + "ME", "// XX" + "X", "// HA" + "CK", "// a stu" + "b", "// for n" + "ow it waits",
                      "// a place" + "holder"):
            with self.subTest(words):
                self.plant("node/a.cpp", words + "\n")
                self.assertEqual(len(texts.check_words(self.root)), 1)

    def test_words_that_only_look_alike_are_let_through(self):
        self.plant("node/a.cpp", "// stubborn 173016XX583 /proc/self /tmp/x \"$HOME/x\" https://example.org/home/x\n")
        self.assertEqual(texts.check_words(self.root), [])

    def test_a_path_of_one_machine_is_caught(self):
        for path in ("/wor" + "k/main", "/ho" + "me/li/x", "/ro" + "ot/x"):
            with self.subTest(path):
                self.plant("README.md", f"see {path}\n")
                self.assertEqual(len(texts.check_words(self.root)), 1)

    def test_a_folder_without_a_readme_is_caught(self):
        self.plant("core/README.md", "x\n")
        self.plant("core/base/a.h", "\n")
        self.assertEqual(texts.check_readmes(self.root), ["core/base: no README.md"])

    def test_a_file_formatted_another_way_is_caught(self):
        if shutil.which("clang-format-14") is None:
            self.skipTest("clang-format-14 is not installed")
        self.plant(".clang-format", "BasedOnStyle: Google\n")
        self.plant("core/base/a.cpp", "int  f( ){return 1 ;}\n")
        self.plant("core/base/b.cpp", "int f() { return 1; }\n")
        faults = texts.check_format(self.root)
        self.assertTrue(faults and all("core/base/a.cpp" in fault for fault in faults), faults)


if __name__ == "__main__":
    unittest.main()
