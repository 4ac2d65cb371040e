// SPDX-License-Identifier: Apache-2.0
#include "sink/record_writer.h"

#include "sink/csv_writer.h"
#include "sink/ecs_writer.h"
#include "sink/eve_writer.h"
#include "sink/ocsf_writer.h"
#include "sink/table_writer.h"
#include "sink/zeek_writer.h"

namespace pktana::sink {

base::Result<std::unique_ptr<RecordWriter>> make_writer(Format format,
                                                        const WriterContext& context) {
  switch (format) {
    case Format::Eve:
      return EveWriter::create(context);
    case Format::Csv:
      return CsvWriter::create(context);
    case Format::Zeek:
      return ZeekWriter::create(context);
    case Format::Ecs:
      return EcsWriter::create(context);
    case Format::Ocsf:
      return OcsfWriter::create(context);
    case Format::Table:
      break;
  }
  return std::make_unique<TableWriter>(context);
}

}  // namespace pktana::sink
