package shape_test

import (
	"fmt"

	"firedrill/rubric/shape"
)

// A format is described once; the JSON Schema that editors read is made of it.
func ExampleSchema() {
	pot := shape.Object("pot",
		shape.Field{Key: "name", Doc: "What it is called.", Required: true, Value: shape.Text()},
		shape.Field{Key: "litres", Doc: "What goes in.", Value: shape.Whole(1, 40)})
	data, err := shape.Schema(pot, "urn:example:pot", "A pot")
	if err != nil {
		panic(err)
	}
	fmt.Println(string(data))
	// Output:
	// {
	//   "$id": "urn:example:pot",
	//   "$schema": "https://json-schema.org/draft/2020-12/schema",
	//   "additionalProperties": false,
	//   "properties": {
	//     "litres": {
	//       "description": "What goes in.",
	//       "maximum": 40,
	//       "minimum": 1,
	//       "type": "integer"
	//     },
	//     "name": {
	//       "description": "What it is called.",
	//       "pattern": "\\S",
	//       "type": "string"
	//     }
	//   },
	//   "required": [
	//     "name"
	//   ],
	//   "title": "A pot",
	//   "type": "object"
	// }
}
