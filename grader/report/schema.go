package report

import _ "embed"

var (
	//go:embed report.schema.json
	reportSchema []byte
	//go:embed record.schema.json
	recordSchema []byte
)

// Schema gives the JSON Schema (2020-12) of report.json. See Version for what it promises.
func Schema() []byte { return reportSchema[:len(reportSchema):len(reportSchema)] }

// RecordSchema gives the JSON Schema (2020-12) of record.json, see Record.
func RecordSchema() []byte { return recordSchema[:len(recordSchema):len(recordSchema)] }
