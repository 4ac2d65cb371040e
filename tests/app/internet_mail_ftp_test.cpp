// SPDX-License-Identifier: Apache-2.0
// Mail and files: SMTP's transactions, FTP's commands and replies, and the ways into TLS.
#include <string>
#include <vector>

#include "app/app_fixture.h"
#include "app/internet/ftp/ftp_line.h"
#include "app/internet_talks.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

using Events = std::vector<std::string>;

Talk& play(Talk& talk, std::string_view dissector) {
  for (const talks::Conversation& conversation : talks::internet_conversations())
    if (conversation.dissector == dissector && conversation.protocol == PKTANA_TCP)
      for (const talks::Said& said : conversation.said)
        talk.in_pieces(said.side, Talk::bytes_of(said.bytes), 65536);
  talk.end();
  return talk;
}

TEST_CASE("smtp: a transaction is an event, its content is not looked into", "[app]") {
  Talk talk({.server_port = 25});
  CHECK(play(talk, "smtp").events() ==
        Events{
            R"(smtp{"helo":"client.example","mail_from":"<a@example.com>",)"
            R"("rcpt_to":["<b@example.org>"]} beside{"tx_id":0,"email":{"status":"PARSE_DONE"}})"});
}

TEST_CASE("smtp: the mail's own names stand beside the event", "[app]") {
  Talk talk({.server_port = 25});
  talk.server("220 x ESMTP\r\n");
  talk.client("HELO c\r\nMAIL FROM:<1@x>\r\nDATA\r\n");
  talk.client(
      "From: \"One, A.\" <1@x>\r\nTo: 2@x,\r\n <3@x>\r\nCC: 4@x\r\nContent-Type: "
      "multipart/mixed; boundary=b\r\n\r\nFrom: not a field\r\n--b\r\nContent-Disposition: "
      "attachment;\r\n\tfilename=\"a b.txt\"\r\n\r\ntext\r\n--b--\r\n.\r\n");
  talk.end();
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0].find(
            R"("email":{"from":""One, A." <1@x>","to":["2@x","<3@x>"],"cc":["4@x"],)"
            R"("status":"PARSE_DONE","attachment":["a b.txt"]})") != std::string::npos);
}

TEST_CASE("smtp: two transactions on one connection are two events", "[app]") {
  Talk talk({.server_port = 25});
  talk.server("220 x ESMTP\r\n");
  talk.client("HELO c\r\nMAIL FROM:<1@x>\r\nDATA\r\n");
  talk.server("250 ok\r\n250 ok\r\n354 go\r\n");
  talk.client("text\r\n.\r\nMAIL FROM:<2@x>\r\nQUIT\r\n");
  talk.server("250 ok\r\n250 ok\r\n221 bye\r\n");
  talk.end();
  CHECK(
      talk.events() ==
      Events{
          R"(smtp{"helo":"c","mail_from":"<1@x>"} beside{"tx_id":0,"email":{"status":"PARSE_DONE"}})",
          R"(smtp{"helo":"c","mail_from":"<2@x>"} beside{"tx_id":1})"});
}

TEST_CASE("smtp: DATA that is refused leaves commands commands", "[app]") {
  Talk talk({.server_port = 25});
  talk.server("220 x ESMTP\r\n");
  talk.client("HELO c\r\nDATA\r\n");
  talk.server("250 ok\r\n503 no\r\n");
  talk.client("MAIL FROM:<1@x>\r\n");
  talk.end();
  CHECK(talk.events() == Events{R"(smtp{"helo":"c","mail_from":"<1@x>"} beside{"tx_id":0})"});
}

TEST_CASE("smtp: content in BDAT is skipped", "[app]") {
  Talk talk({.server_port = 25});
  talk.server("220 x ESMTP\r\n");
  talk.client("EHLO c\r\nMAIL FROM:<1@x>\r\nBDAT 13 LAST\r\nMAIL FROM:x\r\nRCPT TO:<2@x>\r\n");
  talk.end();
  CHECK(talk.events() ==
        Events{R"(smtp{"helo":"c","mail_from":"<1@x>","rcpt_to":["<2@x>"]} beside{"tx_id":0})"});
}

TEST_CASE("ftp: commands meet replies of several lines and several codes", "[app]") {
  Talk talk({.server_port = 21});
  CHECK(play(talk, "ftp").events() ==
        Events{R"(ftp{"completion_code":["220"],"reply":["Welcome to","the FTP server"],)"
               R"("reply_received":"yes","reply_truncated":false})",
               R"(ftp{"command":"USER","command_data":"joe","command_truncated":false,)"
               R"("completion_code":["331"],"reply":["Password"],"reply_received":"yes",)"
               R"("reply_truncated":false})",
               R"(ftp{"command":"PASV","completion_code":["227"],)"
               R"x("reply":["Entering Passive Mode (192,0,2,1,4,1)"],"dynamic_port":1025,)x"
               R"("mode":"passive","reply_received":"yes","reply_truncated":false})",
               R"(ftp{"command":"RETR","command_data":"file","command_truncated":false,)"
               R"("completion_code":["150","226"],"reply":["Opening","Done"],)"
               R"("reply_received":"yes","reply_truncated":false})"});
}

TEST_CASE("ftp: the port of PASV belongs to ftp-data", "[app]") {
  Expectations expectations;
  Talk control({.server_port = 21, .expectations = &expectations});
  play(control, "ftp");
  Talk data({.client_port = 41000, .server_port = 1025, .expectations = &expectations});
  data.server("anything at all");
  CHECK(data.app_proto() == "ftp-data");
  CHECK(data.events() == Events{R"(ftp_data{"filename":"file","command":"RETR"})"});
}

TEST_CASE("ftp: a transfer that is asked for at once with PASV is told of too", "[app]") {
  Expectations expectations;
  Talk control({.server_port = 21, .expectations = &expectations});
  control.server("220 FTP\r\n");
  control.client("PASV\r\nNLST\r\n");
  control.server("227 Entering Passive Mode (192,0,2,1,4,1)\r\n");
  Talk data({.client_port = 41000, .server_port = 1025, .expectations = &expectations});
  data.server("a\r\n");
  CHECK(data.events() == Events{R"(ftp_data{"command":"NLST"})"});
}

TEST_CASE("ftp: a command that is never answered is an event at the end", "[app]") {
  Talk talk({.server_port = 21});
  talk.client("USER joe\r\n");
  talk.end();
  CHECK(talk.events() ==
        Events{R"(ftp{"command":"USER","command_data":"joe","command_truncated":false,)"
               R"("reply_received":"no","reply_truncated":false})"});
}

TEST_CASE("ftp: ports in lists and in extended form", "[app]") {
  using namespace internet::ftp;
  CHECK(port_of_list("192,0,2,1,4,1") == 1025);
  CHECK(port_of_list("Entering (192,0,2,1,4,1).") == 1025);
  CHECK(port_of_list("192,0,2,1,4") == 0);
  CHECK(port_of_list("192,0,2,1,4,256") == 0);
  CHECK(port_of_extended("|1|192.0.2.1|1025|") == 1025);
  CHECK(port_of_extended("Entering (|||1025|)") == 1025);
  CHECK(port_of_extended("|||70000|") == 0);
}

TEST_CASE("mail and ftp: a mail server's greeting is not FTP's, and the other way round", "[app]") {
  Talk mail;
  mail.server("220 mail.example ready\r\n");
  mail.client("EHLO x\r\n");
  CHECK(mail.app_proto() == "smtp");
  Talk files;
  files.server("220 ready\r\n");
  files.client("USER x\r\n");
  CHECK(files.app_proto() == "ftp");
}

}  // namespace
}  // namespace pktana::app
