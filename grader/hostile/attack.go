package hostile

import _ "embed"

// attackSource is what hostile services are compiled with.
//
//go:embed testdata/attack.go
var attackSource string
