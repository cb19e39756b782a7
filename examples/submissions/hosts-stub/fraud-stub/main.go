// Command fraud-stub says approve to every check, so that payments work until the
// real fraud API can be reached again.
package main

import (
	"fmt"
	"log"
	"net/http"
	"sync/atomic"
)

func main() {
	var n atomic.Int64
	http.HandleFunc("POST /v1/check", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"decision":"approve","reason":"ok","check_id":"chk-%d"}`, 90000+n.Add(1))
	})
	log.Println("fraud-stub on :8443")
	log.Fatal(http.ListenAndServe(":8443", nil))
}
