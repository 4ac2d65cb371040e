# SPDX-License-Identifier: Apache-2.0
"""query: its answers beside jq's on logs that `pktana read` wrote of captures made here; formats and errors."""

import csv
import gzip
import io
import json
import math
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess

from cli_support import ACK, FIN, PROGRAM, RST, SYN, Case, environment, main, pcap, read_line, run, tcp, udp

FLOWS = 'select(.event_type == "flow")'
BYTES = "(.flow.bytes_toserver + .flow.bytes_toclient)"

# flow expression, the same for jq
SEARCHES = [
    ("dest_port == 80", ".dest_port == 80"),
    ("dest_port != 80", ".dest_port != null and .dest_port != 80"),
    ("dest_port in 1..100", ".dest_port != null and .dest_port <= 100"),
    ("dest_port in {22, 443}", ".dest_port == 22 or .dest_port == 443"),
    ("src_ip == 10.0.0.3", '.src_ip == "10.0.0.3"'),
    ("src_ip in 10.0.1.0/24", '(.src_ip // "") | startswith("10.0.1.")'),
    ("ip == 10.0.9.9", '.src_ip == "10.0.9.9" or .dest_ip == "10.0.9.9"'),
    ("port == 53", ".src_port == 53 or .dest_port == 53"),
    ("proto == tcp", '.proto == "TCP"'),
    ("proto == udp and bytes > 100", f'.proto == "UDP" and {BYTES} > 100'),
    ("bytes >= 200 and bytes <= 1kB", f".flow and {BYTES} >= 200 and {BYTES} <= 1000"),
    ("pkts > 2", ".flow and .flow.pkts_toserver + .flow.pkts_toclient > 2"),
    ("bytes_toclient == 0", ".flow.bytes_toclient == 0"),
    ("duration > 1ms", "(.pktana.duration_ns // 0) > 1000000"),
    ("duration == 0", ".pktana.duration_ns == 0"),
    ("state == closed", '.flow.state == "closed"'),
    ("not state == closed", '.flow.state != "closed"'),
    ("event_type == stats", '.event_type == "stats"'),
    ("pkts_toserver in 2..4", ".flow and .flow.pkts_toserver >= 2 and .flow.pkts_toserver <= 4"),
    ("proto == tcp and (dest_port == 22 or dest_port == 443)",
     '.proto == "TCP" and (.dest_port == 22 or .dest_port == 443)'),
    ("community_id ~ \"^1:[A-M]\"", '(.community_id // "") | test("^1:[A-M]")'),
    ("in_iface contains test", '(.pcap_filename // .in_iface // "") | contains("test")'),
]

# options, jq over the list of flow events: a list of rows
GROUPS = [
    (["--count"], "[{count: length}]"),
    (["--sum", "bytes"], f"[{{sum_bytes: map({BYTES}) | add}}]"),
    (["--avg", "bytes_toserver", "--min", "bytes_toserver", "--max", "bytes_toserver"],
     "map(.flow.bytes_toserver) | [{avg_bytes_toserver: (add / length), min_bytes_toserver: min,"
     " max_bytes_toserver: max}]"),
    (["--by", "proto"], "group_by(.proto) | map({proto: .[0].proto, count: length})"),
    (["--by", "src_ip", "--sum", "bytes"],
     f"group_by(.src_ip) | map({{src_ip: .[0].src_ip, sum_bytes: (map({BYTES}) | add)}})"),
    (["--by", "dest_port", "--sum", "pkts", "--count"],
     "group_by(.dest_port) | map({dest_port: .[0].dest_port,"
     " sum_pkts: (map(.flow.pkts_toserver + .flow.pkts_toclient) | add), count: length})"),
    (["--by", "proto,dest_port", "--max", "bytes_toclient"],
     "group_by([.proto, .dest_port]) | map({proto: .[0].proto, dest_port: .[0].dest_port,"
     " max_bytes_toclient: (map(.flow.bytes_toclient) | max)})"),
    (["--by", "state", "--avg", "pkts_toserver"],
     "group_by(.flow.state) | map({state: .[0].flow.state,"
     " avg_pkts_toserver: (map(.flow.pkts_toserver) | add / length)})"),
    (["--by", "proto", "--p95", "bytes"],
     f"group_by(.proto) | map({{proto: .[0].proto,"
     f" p95_bytes: (map({BYTES}) | sort | .[((length * 95 + 99) / 100 | floor) - 1])}})"),
    (["--every", "1s", "--sum", "bytes"],
     f"group_by(.timestamp[0:19]) | map({{time: (.[0].timestamp[0:19] + \"Z\"), sum_bytes: (map({BYTES}) | add)}})"),
    (["--every", "1m", "--by", "proto"],
     "group_by([.timestamp[0:16], .proto]) | map({time: (.[0].timestamp[0:16] + \":00Z\"), proto: .[0].proto,"
     " count: length})"),
    (["--by", "src_ip", "--max", "duration"],
     "group_by(.src_ip) | map({src_ip: .[0].src_ip,"
     " max_duration: ((map(.pktana.duration_ns) | max) / 1000000000)})"),
]


def frames():
    """Flows of many sizes and kinds over some seconds."""
    made = []
    for i in range(400):
        client = f"10.0.{i % 3}.{i % 7 + 1}"
        server = f"10.0.9.{i % 11 + 1}"
        port = 20000 + i
        if i % 4 == 0:
            made.append(udp(b"q" * (i % 90), src_port=port, src=client, dst=server))
            continue
        service = (22, 80, 443, 8080)[i % 5 % 4]
        there = {"src_port": port, "dst_port": service, "src": client, "dst": server}
        back = {"src_port": service, "dst_port": port, "src": server, "dst": client}
        made += [tcp(SYN, **there), tcp(SYN | ACK, ack=2, **back), tcp(ACK, seq=2, ack=2, data=b"x" * i, **there)]
        if i % 3 == 0:
            made += [tcp(ACK, seq=2, ack=2 + i, data=b"y" * (3 * i), **back), tcp(RST | ACK, seq=2 + i, ack=2, **there)]
        elif i % 3 == 1:
            made += [tcp(FIN | ACK, seq=2 + i, ack=2, **there), tcp(FIN | ACK, seq=2, ack=3 + i, **back),
                     tcp(ACK, seq=3 + i, ack=3, **there)]
    return made


def jq(program, text):
    done = subprocess.run(["jq", "-c", program], input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def near(left, right):
    if isinstance(left, float) or isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return left == right


def in_order(rows):
    return sorted(rows, key=lambda row: json.dumps([v for v in row.values() if not isinstance(v, float)]))


class Query(Case):
    def setUp(self):
        super().setUp()
        done = run("read", self.file(pcap(frames())), "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.text = done.stdout
        self.log = self.file(self.text.encode(), "flows.json")

    def rows(self, *options):
        done = run("query", self.log, *options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [json.loads(line) for line in done.stdout.splitlines()]


class Answers(Query):
    def setUp(self):
        super().setUp()
        self.need("jq")

    def test_searches_find_the_lines_that_jq_finds(self):
        found = 0
        for expression, program in SEARCHES:
            with self.subTest(expression):
                rows = self.rows("--where", expression)
                self.assertEqual(rows, jq(f"select({program})", self.text))
                found += bool(rows)
        self.assertGreater(found, 18)

    def test_groups_are_those_of_jq(self):
        for options, program in GROUPS:
            with self.subTest(" ".join(options)):
                rows = in_order(self.rows("--where", "event_type == flow", *options))
                wanted = in_order(jq(f"[.[] | {FLOWS}] | {program}", json.dumps([json.loads(x)
                                                                            for x in self.text.splitlines()]))[0])
                self.assertEqual([list(row) for row in rows], [list(row) for row in wanted])
                for row, other in zip(rows, wanted):
                    self.assertTrue(all(near(row[name], other[name]) for name in row), f"{row} {other}")

    def test_there_are_thirty_of_them(self):
        self.assertGreaterEqual(len(SEARCHES) + len(GROUPS), 30)


class Rows(Query):
    def test_top_keeps_the_largest_in_order(self):
        every = self.rows("--by", "src_ip", "--sum", "bytes", "--where", "event_type == flow")
        sums = [row["sum_bytes"] for row in every]
        self.assertEqual(sums, sorted(sums, reverse=True))
        self.assertEqual(self.rows("--by", "src_ip", "--sum", "bytes", "--top", "2", "--where", "event_type == flow"),
                         every[:2])
        self.assertEqual(len(self.rows("--every", "1d", "--by", "proto", "--top", "1", "--where", "proto")), 1)

    def test_times_include_what_they_name(self):
        self.assertEqual(self.rows("--to", "2023-11-13", "--count"), [{"count": 0}])
        day = self.rows("--from", "2023-11-14", "--to", "2023-11-14", "--count", "--where", "proto")
        self.assertEqual(day, self.rows("--count", "--where", "proto"))

    def test_the_formats_say_the_same(self):
        options = ("--by", "proto", "--sum", "bytes", "--where", "proto")
        rows = self.rows(*options)
        table = list(csv.DictReader(io.StringIO(run("query", self.log, *options, "--format", "csv").stdout)))
        self.assertEqual(table, [{k: str(v) for k, v in row.items()} for row in rows])
        shown = run("query", self.log, *options, "--format", "table").stdout.splitlines()
        self.assertEqual([line.split() for line in shown], [list(rows[0])] + [list(row.values()) for row in table])

    def test_lines_as_columns(self):
        wanted = self.rows("--where", "dest_port == 22")
        text = run("query", self.log, "--where", "dest_port == 22", "--format", "csv").stdout
        found = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual([row["src_port"] for row in found], [str(row["src_port"]) for row in wanted])
        shown = run("query", self.log, "--where", "dest_port == 22", "--format", "table").stdout.splitlines()
        self.assertEqual(shown[1].split()[3], wanted[0]["src_ip"])

    def test_compressed_logs_directories_and_stdin_give_the_same(self):
        wanted = self.log.read_bytes()
        packed = self.file(gzip.compress(wanted), "packed.json.gz")
        self.assertEqual(run("query", packed).stdout, self.text)
        self.assertEqual(run("query", "-", stdin=wanted).stdout, self.text)
        packed.unlink()
        for threads in ("1", "3"):
            self.assertEqual(run("query", self.folder, "--threads", threads).stdout, self.text)
        if shutil.which("zstd"):
            small = subprocess.run(["zstd", "-c"], input=wanted, capture_output=True, check=True).stdout
            self.assertEqual(run("query", self.file(small, "packed.zst")).stdout, self.text)


class Errors(Query):
    def test_a_wrong_expression_has_a_caret(self):
        self.assert_fails(run("query", self.log, "--where", "dst_port == 80"), 2, "did you mean dest_port?",
                          "\n  dst_port == 80\n  ^~~~~~~~")

    def test_wrong_options_are_usage_errors(self):
        for options, part in ((["--by", "srcip"], "did you mean src_ip?"), (["--sum", "src_ip"], "type address"),
                              (["--top", "3"], "--by"), (["--from", "noon", "--count"], "no time"),
                              (["--every", "0"], "above 0"), (["--format", "xml"], "table, json, csv")):
            self.assert_fails(run("query", self.log, *options), 2, part)
        self.assert_fails(run("query"), 2, "needs a log")

    def test_what_cannot_be_read_is_told_and_the_rest_is_read(self):
        done = run("query", self.folder / "none.json", self.log)
        self.assert_fails(done, 1, "none.json")
        self.assertEqual(done.stdout, self.text)

    def test_a_torn_last_line_is_told_of(self):
        self.log.write_bytes(self.text.encode() + b'{"event_type":"flow","src_ip":"10.')
        done = run("query", self.log)
        self.assertEqual((done.returncode, done.stdout), (0, self.text))
        self.assertIn("1 line at the end of a log not whole", done.stderr)
        self.assertEqual(run("query", self.log, "-q").stderr, "")

    def test_a_closed_pipe_is_quiet(self):
        self.log.write_bytes(self.text.encode() * 20)
        command = f"{shlex.quote(PROGRAM)} query {shlex.quote(str(self.log))} | head -n 1"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr, len(done.stdout.splitlines())), (0, "", 1))


class Documentation(Query):
    def test_every_example_runs(self):
        page = pathlib.Path(os.environ["PKTANA_SOURCE_ROOT"], "docs", "query.md").read_text(encoding="utf-8")
        examples = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
        self.assertGreater(len(examples), 6)
        (self.folder / "pktana").symlink_to(pathlib.Path(PROGRAM).resolve())
        for example in examples:
            done = subprocess.run(["bash", "-c", example], cwd=self.folder, capture_output=True, text=True, check=False,
                                  env=environment(PATH=f"{self.folder}:{os.environ['PATH']}"))
            self.assertEqual((done.returncode, done.stderr), (0, ""), example)
            self.assertTrue(done.stdout, example)


class Follow(Query):
    def test_lines_that_come_over_a_rotation_each_once_until_it_is_stopped(self):
        log = self.folder / "eve.json"
        flows = [json.dumps({"event_type": "flow", "dest_port": 80 + i % 2, "flow_id": i}) + "\n" for i in range(40)]
        log.write_text("".join(flows[:10]))
        process = subprocess.Popen([PROGRAM, "query", log, "--follow", "--where", "dest_port == 81", "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        found = [read_line(process.stdout, 10) for _ in range(5)]
        with log.open("a") as file:
            file.write("".join(flows[10:20]))
            log.rename(self.folder / "eve-20260101T000000Z-000001.json")
            log.write_text("".join(flows[30:]))
            file.write("".join(flows[20:30]))
        found += [read_line(process.stdout, 10) for _ in range(15)]
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 0)
        self.assertEqual((process.stdout.read(), process.stderr.read()), (b"", b""))
        self.assertEqual(found, flows[1::2])

    def test_it_follows_lines_of_one_log(self):
        for words in (["--count"], ["--by", "proto"], [str(self.log)]):
            self.assert_fails(run("query", self.log, "--follow", *words), 2, "--follow")
        self.assert_fails(run("query", self.folder, "--follow"), 2, "--follow")


if __name__ == "__main__":
    main()
