// Opens FILE with bbolt and runs its consistency check. Ends with 0 and OK, or
// with 1 and one line for each thing that is wrong. Changes no byte of FILE.
package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
)

func main() {
	if len(os.Args) != 3 || os.Args[1] != "check" {
		fmt.Fprintln(os.Stderr, "usage: bboltcheck check FILE")
		os.Exit(2)
	}
	findings, err := check(os.Args[2])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, finding := range findings {
		fmt.Println(finding)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
	fmt.Println("OK")
}

func check(path string) ([]string, error) {
	db, err := bolt.Open(path, 0600, &bolt.Options{ReadOnly: true, Timeout: 10 * time.Second})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var findings []string
	err = db.View(func(tx *bolt.Tx) error {
		for finding := range tx.Check() {
			findings = append(findings, finding.Error())
		}
		return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
			findings = append(findings, unordered(fmt.Sprintf("%x", name), bucket)...)
			return nil
		})
	})
	return findings, err
}

// bbolt before 1.3.7 does not look at the order of keys.
func unordered(path string, bucket *bolt.Bucket) (findings []string) {
	var previous []byte
	cursor := bucket.Cursor()
	for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
		if previous != nil && bytes.Compare(previous, key) >= 0 {
			findings = append(findings, fmt.Sprintf("bucket %s: key %x is out of order", path, key))
		}
		previous = append(previous[:0], key...)
		if value == nil {
			within := fmt.Sprintf("%s/%x", path, key)
			findings = append(findings, unordered(within, bucket.Bucket(key))...)
		}
	}
	return findings
}
