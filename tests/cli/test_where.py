# SPDX-License-Identifier: Apache-2.0
"""--where: which flow records are written, and what the ledger says of the others. `fields`."""

import json

from cli_support import ACK, FIN, SYN, Case, main, pcap, run, tcp, udp


def three_flows():
    """A DNS query, a connection to port 80 and one to port 22 without an answer."""
    web = [tcp(SYN), tcp(SYN | ACK, src_port=80, dst_port=40000, src="10.0.0.2", dst="10.0.0.1"), tcp(ACK | FIN)]
    return pcap([udp(b"query"), *web, tcp(SYN, src_port=40001, dst_port=22)])


class Where(Case):
    def flows(self, expression, *options):
        done = run("read", self.file(three_flows()), "--json", "--where", expression, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        return done, [e for e in events if e["event_type"] == "flow"], events[-1]

    def test_only_records_that_match_are_written(self):
        for expression, ports in (("dest_port == 80", [80]), ("proto == tcp", [80, 22]), ("bytes > 1GB", []),
                                  ("ip in 10.0.0.0/8", [53, 80, 22]), ("community_id", [53, 80, 22]),
                                  ("in_iface contains test.pcap and port < 30", [22])):
            _, flows, _ = self.flows(expression)
            self.assertEqual(sorted(f["dest_port"] for f in flows), sorted(ports), expression)

    def test_the_ledger_accounts_for_the_others(self):
        for threads in ("1", "3"):
            done, _, stats = self.flows("dest_port == 80", "--threads", threads)
            self.assertIn("filtered out 2", done.stderr)
            self.assertNotIn("MISMATCH", done.stderr)
            self.assertEqual(stats["pktana"]["ledger"]["sink"]["filtered_out"], 2)

    def test_a_wrong_expression_is_a_usage_error_with_a_caret(self):
        done = run("read", self.file(three_flows()), "--where", "dst_port == 80")
        self.assert_fails(done, 2, "did you mean dest_port?", "\n  dst_port == 80\n  ^~~~~~~~")
        self.assertEqual(done.stdout, "")
        self.assert_fails(run("read", self.file(three_flows()), "--where", ""), 2, "--where")

    def test_it_is_about_flows(self):
        done = run("read", self.file(three_flows()), "--where", "vlan", "--show", "packets")
        self.assert_fails(done, 2, "--where are about flows")


class Fields(Case):
    def test_table_and_json_say_the_same(self):
        done = run("fields")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout.splitlines()[0], "FIELD +TYPE +UNIT +MEANING")
        fields = json.loads(run("fields", "--json").stdout)
        self.assertGreater(len(fields), 80)
        for field in fields:
            self.assertIn("\n" + field["name"], done.stdout)
        state = next(f for f in fields if f["name"] == "state")
        self.assertEqual(state["words"], ["new", "established", "closed"])


if __name__ == "__main__":
    main()
